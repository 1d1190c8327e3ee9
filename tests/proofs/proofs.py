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
DELIVERY = "server/delivery.c"
ENGINE = "smtp/smtp.c"
FMT = "util/fmt.c"
LINE = "smtp/line.c"
SESSION = "server/session.c"

PROOFS = {
    "data": Proof(
        sources=(DATA,), unwind=7,
        loops={"smtp_data_scan.0": 4},
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
                  "n <= len && (unsigned char)"))),
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
            Fault("no trimming", LINE, "while (len > 0 && (", "while (false && ("))),
    "reset": Proof(
        sources=(ENGINE,), stubs=("said.c",), unwind=5,
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
                  "true"))),
    "airlock": Proof(
        sources=(ENGINE, BDAT, "smtp/answers.c"), stubs=("said.c",),
        unwind=5,
        faults=(
            Fault("the airlock listens", ENGINE, "[ST_AIRLOCK] = NULL",
                  "[ST_AIRLOCK] = smtp_bdat_take"),
            Fault("421 in the airlock", ENGINE, "s->state == ST_AIRLOCK || ",
                  ""))),
    "bdat": Proof(
        sources=(BDAT, ENGINE, "smtp/answers.c"), stubs=("said.c",),
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
                  "return ST_SAME;"))),
    "session": Proof(
        sources=(SESSION, DELIVERY), unwind=9,
        loops={"is_same.0": 2200},
        faults=(
            Fault("the envelope stays", DELIVERY,
                  "memset(&s->env, 0, sizeof s->env);\n    memset", "memset"),
            Fault("a count stays", DELIVERY, "s->rcpts = 0;\n    memset",
                  "memset"),
            Fault("the engine stays", SESSION, "mx_smtp_init(&s->smtp, "
                  "&srv->smtp_cfg, facts, s->implicit);", ""))),
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
