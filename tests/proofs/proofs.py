# SPDX-License-Identifier: BSD-3-Clause
"""The proofs as data: what is looked at, how far, and which faults must not
pass. A harness is NAME.c; its first comment says what it proves.

A bound that can be moved is a macro of the harness: `bound` is its name and
value, and `unwind` follows it. CBMC proves that no loop goes further than it
was unwound, so a bound that is too small fails and hides nothing.
"""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Fault:
    """`old` becomes `new` in a copy of `file`, where it stands once."""
    name: str
    file: str
    old: str
    new: str


@dataclasses.dataclass(frozen=True)
class Proof:
    sources: tuple  # real ones, below firmware/
    unwind: int
    faults: tuple
    stubs: tuple = ()  # files here
    loops: dict = dataclasses.field(default_factory=dict)
    checks: tuple = ("--unsigned-overflow-check",)


BDAT = "smtp/bdat.c"
DATA = "smtp/data.c"
COUNTS = "smtp/counts.c"
DEADLINE = "server/deadline.c"
DELIVERY = "server/delivery.c"
ENDING = "server/ending.c"
ENGINE = "smtp/smtp.c"
FMT = "util/fmt.c"
HOPS = "smtp/hops.c"
LINE = "smtp/line.c"
MANNERS = "server/manners.c"
PROTOCOL = "server/protocol.c"
REPLY = "smtp/reply.c"
SESSION = "server/session.c"

PROOFS = {
    "data": Proof(
        sources=(DATA,), unwind=10,
        loops={"smtp_data_scan.0": 4, "ordinary.0": 3, "ordinary.1": 4},
        # Four bytes at once are looked at by what they borrow: that wraps.
        checks=("--object-bits", "10"),
        faults=(
            Fault("bare LF ends a line", DATA,
                  "[DATA_INSIDE] = {TAKE(CR),     BARE(INSIDE)",
                  "[DATA_INSIDE] = {TAKE(CR),     TAKE(LINE)  "),
            Fault("CR LF . LF ends the text", DATA,
                  "{DROP(DOT_CR), BARE(INSIDE)", "{DROP(DOT_CR), ENDS(LINE)  "),
            Fault("dots stay", DATA, "DROP(DOT),    TAKE(INSIDE)}",
                  "TAKE(DOT),    TAKE(INSIDE)}"),
            Fault("a CR is an ordinary byte", DATA, "[n] > '\\r'",
                  "[n] >= '\\r'"),
            Fault("a byte too many", DATA, "n < len && (unsigned char)",
                  "n <= len && (unsigned char)"),
            Fault("a NUL is an ordinary byte", DATA, "return NUL;",
                  "return OTHER;"),
            Fault("a CR among four", DATA, "four - 0x0e0e0e0eu",
                  "four - 0x0d0d0d0du"),
            Fault("three of four", DATA, "0x80808080u", "0x80808000u"),
            Fault("four where three are", DATA, "len - n >= 4",
                  "len - n >= 3"))),
    "line": Proof(
        sources=(LINE,), unwind=3,
        faults=(
            Fault("LF ends a line", LINE, "== '\\n' &&\n           s->buf"
                  "[s->fill - 2] == '\\r'", "== '\\n'"),
            Fault("no end to the buffer", LINE, "if (s->fill == MX_LINE_MAX)",
                  "if (s->fill == MX_LINE_MAX + 1)"),
            Fault("not marked", LINE, "s->overlong = true", "(void)0"),
            Fault("all is taken", LINE, " && !smtp_line_whole(s)) {\n"
                  "        keep", ") {\n        keep"))),
    "line_get": Proof(
        sources=(LINE,), stubs=("libc.c",), unwind=26,
        faults=(
            Fault("NUL passes", LINE, " &&\n           memchr(text, '\\0', len)"
                  " == NULL", ""),
            Fault("the mark stays", LINE, "s->overlong = false", "(void)0"),
            Fault("no trimming", LINE, "while (len > 0 && (",
                  "while (false && ("))),
    "reset": Proof(
        sources=(ENGINE, COUNTS), stubs=("said.c",), unwind=5,
        loops={"is_same.0": 900},
        faults=(
            Fault("nothing is cleared", ENGINE,
                  "memset(s, 0, sizeof *s);", ""),
            Fault("the last field stays", ENGINE, "memset(s, 0, sizeof *s);",
                  "memset(s, 0, sizeof *s - 1);"),
            Fault("a name stays", ENGINE, "memset(s, 0, sizeof *s);",
                  "char h = s->helo[0]; memset(s, 0, sizeof *s);"
                  "s->helo[0] = h;"),
            Fault("a banner inside TLS", ENGINE, "tls == NULL || greet",
                  "true"),
            Fault("a reply is awaited", ENGINE,
                  "greets ? HOLD_SILENCE : HOLD_NONE", "HOLD_SILENCE"),
            Fault("a bad certificate is good", ENGINE,
                  "tls != NULL && tls->client != NULL", "false"))),
    "airlock": Proof(
        sources=(ENGINE, BDAT, COUNTS, HOPS, "smtp/answers.c"),
        stubs=("said.c", "libc.c"), unwind=5,
        faults=(
            Fault("the airlock listens", ENGINE, "[ST_AIRLOCK] = NULL",
                  "[ST_AIRLOCK] = smtp_bdat_take"),
            Fault("421 in the airlock", ENGINE, "s->state == ST_AIRLOCK || ",
                  ""))),
    "bdat": Proof(
        sources=(BDAT, COUNTS, ENGINE, "smtp/answers.c"), stubs=("said.c",),
        unwind=5, checks=("--unsigned-overflow-check", "--conversion-check"),
        faults=(
            Fault("more than the chunk", BDAT,
                  "len < s->chunk ? len : s->chunk", "len"),
            Fault("not counted", BDAT, "s->taken += (uint32_t)n", "(void)0"),
            Fault("a sum that wraps", BDAT,
                  "s->chunk > s->cfg->max_message - s->taken",
                  "s->taken + s->chunk > s->cfg->max_message"),
            Fault("a chunk is forgotten", ENGINE,
                  "return s->chunk > 0 ? ST_CHUNK_SKIP : ST_SAME;",
                  "return ST_SAME;"),
            Fault("a loop goes on", ENGINE, "if (smtp_hops_too_many(s)) {",
                  "if (false) {"))),
    "hops": Proof(
        sources=(), stubs=("libc.c",), unwind=17,
        loops={"smtp_hops_scan.0": 7, "memchr.0": 7},
        faults=(
            Fault("the header section has no end", HOPS,
                  "state == LINE || state == LINE_CR ? BODY : LINE", "LINE"),
            Fault("an empty line is LF only", HOPS,
                  "state == LINE || state == LINE_CR", "state == LINE"),
            Fault("a name inside a line", HOPS,
                  "state == LINE && c == '\\r' ? LINE_CR : INSIDE",
                  "state == LINE && c == '\\r' ? LINE_CR : LINE"),
            Fault("the LF is passed over", HOPS, "(size_t)(end - text)",
                  "(size_t)(end - text) + 1"),
            Fault("a count that wraps", HOPS, "(found && s->hops < UINT8_MAX)",
                  "found"),
            Fault("small letters only", HOPS,
                  " || (c | 0x20) == NAME[state]", ""),
            Fault("no blanks", HOPS, "(c == ' ' || c == '\\t')", "c == ' '"),
            Fault("beyond the end", HOPS, "if (i < body.len) {", "{"))),
    "reply": Proof(
        sources=(REPLY, FMT), stubs=("libc.c",), unwind=14,
        loops={"main.0": 64, "is_same.0": 200, "strcspn.0": 80, "strchr.0": 80},
        checks=("--unsigned-overflow-check", "--object-bits", "12"),
        faults=(
            Fault("beyond the text", REPLY, "fmt_bytes(&f, p, plain);",
                  "fmt_bytes(&f, p, plain + 2);"),
            Fault("no reply", REPLY, "s->reply = (uint16_t)f.len;", ""),
            Fault("half of it is sent", REPLY, "    s->sent = 0;\n", ""),
            Fault("half of the room", REPLY, "sizeof s->buf);",
                  "sizeof s->buf / 2);"))),
    "session": Proof(
        sources=(SESSION, PROTOCOL, DELIVERY, DEADLINE, MANNERS, ENDING),
        unwind=9, loops={"is_same.0": 3000},
        # It loses track of a union's members: side by side they do as well.
        checks=("-D", "union=struct"),
        faults=(
            Fault("the envelope stays", DELIVERY,
                  "memset(&s->env, 0, sizeof s->env);\n    memset", "memset"),
            Fault("a count stays", DELIVERY, "s->rcpts = 0;\n    memset",
                  "memset"),
            Fault("a rate stays", DELIVERY, "{0};\n    deadline_message(s);",
                  "{0};"),
            Fault("a reply is held", SESSION, "manners_reset(s);", ""),
            Fault("a time stays", MANNERS, "s->held_ms = 0;", ""),
            Fault("a deadline stays", DEADLINE, "if (!s->ending) {",
                  "if (s->waiting) {"),
            Fault("the engine stays", PROTOCOL,
                  "mx_smtp_init(&s->smtp, &srv->smtp_cfg, tls, greet);", ""))),
    "path": Proof(
        sources=("smtp/path.c",), unwind=8,
        loops={"strchr.0": 21, "source_route.0": 3, "domain.0": 4,
               "dot_string.0": 4},
        faults=(
            Fault("beyond the end", "smtp/path.c",
                  "return c->at < c->end && *c->at == ch;",
                  "return *c->at == ch;"),
            Fault("quotes hold anything", "smtp/path.c",
                  "(is_quotable(c) && c != '\"' && c != '\\\\')", "c != '\"'"),
            Fault("text behind the path", "smtp/path.c",
                  "(c.at < c.end && *c.at != ' ')", "false"),
            Fault("the brackets are of it", "smtp/path.c",
                  "    path->text = span(start, c->at);",
                  "    path->text = span(start - 1, c->at);"))),
    "number": Proof(
        sources=("smtp/param.c",), stubs=("libc.c",), unwind=12,
        checks=(),  # below '0' a digit wraps, and is refused for it
        faults=(
            Fault("a number that wraps", "smtp/param.c",
                  "*n > (UINT32_MAX - digit) / 10) {",
                  "*n > UINT32_MAX / 10) {"),
            Fault("nothing is a number", "smtp/param.c",
                  "return word.len > 0;", "return true;"))),
    "fmt": Proof(
        sources=(FMT,), unwind=11,
        faults=(
            Fault("no room for the NUL", FMT, "f->cap - 1 - f->len",
                  "f->cap - f->len"),
            Fault("cut and not told", FMT, "        f->cut = true;\n", ""),
            Fault("an end without NUL", FMT,
                  "    f->buf[f->len] = '\\0';\n", ""))),
}
