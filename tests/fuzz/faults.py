# SPDX-License-Identifier: BSD-3-Clause
"""faults.py BUILD [NAME...]: can the fuzzers fail at all?
faults.py check: can each of the faults still be put in?

Each fault below is put into a copy of the tree, alone; the target is built from
that copy and has to find it, starting from the same seeds as ever. Prints how
long that took. Exit status 1: a fault was not found, or could not be put in.
"""
import pathlib
import shutil
import subprocess
import sys
import time
from typing import NamedTuple

ROOT = pathlib.Path(__file__).parents[2]
PARTS = ("CMakeLists.txt", "CMakePresets.json", "cmake", "firmware", "include",
         "port", "boards", "docs", "tests")
PATIENCE_S = 120


class Fault(NamedTuple):
    name: str
    target: str
    file: str
    old: str
    new: str


FAULTS = (
    # The engine.
    Fault("CRLF . LF ends the text", "engine", "firmware/smtp/data.c",
          "{DROP(DOT_CR), BARE(INSIDE), ", "{DROP(DOT_CR), ENDS(LINE), "),
    Fault("a NUL in the text is passed on", "engine", "firmware/smtp/data.c",
          "[DATA_INSIDE] = {TAKE(CR),     BARE(INSIDE), BARE(INSIDE)",
          "[DATA_INSIDE] = {TAKE(CR),     BARE(INSIDE), TAKE(INSIDE)"),
    Fault("one hop too many", "engine", "firmware/smtp/smtp.c",
          "smtp_hops_too_many(s)", "smtp_hops_too_many(s) && s->hops > 51"),
    Fault("RSET has to be the last of its group", "engine",
          "firmware/smtp/verbs.c", '{"RSET",     MAILING, I, ',
          '{"RSET",     MAILING, L|I, '),
    Fault("half a reply still wants silence", "engine", "firmware/smtp/smtp.c",
          "    if (len > 0) {\n        s->hold = HOLD_NONE;\n    }\n", ""),
    Fault("one error too many", "engine", "firmware/smtp/counts.c",
          "return max == 0 || *count <= max;",
          "return max == 0 || *count <= max + 1;"),
    Fault("who is denied may go on", "engine", "firmware/smtp/verbs.c",
          "if (s->denied && verb->reply != R_BYE) {",
          "if (s->denied && s->helo[0] == '\\0') {"),
    Fault("a bare LF is passed on", "engine", "firmware/smtp/data.c",
          "[DATA_INSIDE] = {TAKE(CR),     BARE(INSIDE)",
          "[DATA_INSIDE] = {TAKE(CR),     TAKE(LINE)"),
    Fault("two dots become two", "engine", "firmware/smtp/data.c",
          "BARE(INSIDE), DROP(DOT), ", "BARE(INSIDE), TAKE(DOT), "),
    Fault("the text forgets where it was cut", "engine",
          "firmware/smtp/data.c", "    *state = at;\n    return n;",
          "    *state = n > 0 ? DATA_INSIDE : at;\n    return n;"),
    Fault("STARTTLS keeps listening", "engine", "firmware/smtp/smtp.c",
          "[ST_AIRLOCK] = NULL", "[ST_AIRLOCK] = take_command"),
    Fault("bytes are taken while speaking", "engine", "firmware/smtp/smtp.c",
          "return !is_speaking(s) && s->ask", "return s->ask"),
    Fault("LF alone ends a command", "engine", "firmware/smtp/line.c",
          "s->buf[s->fill - 1] == '\\n' &&\n"
          "           s->buf[s->fill - 2] == '\\r'",
          "s->buf[s->fill - 1] == '\\n'"),
    Fault("a NUL in a command is let through", "engine",
          "firmware/smtp/line.c",
          " &&\n           memchr(text, '\\0', len) == NULL", ""),
    Fault("BDAT takes more than SIZE", "engine", "firmware/smtp/bdat.c",
          "s->chunk > s->cfg->max_message - s->taken",
          "s->chunk > s->cfg->max_message"),
    Fault("a reply without its enhanced code", "engine",
          "firmware/smtp/reply.c", "550 5.1.1 No such", "550 No such"),
    Fault("a refused message is committed", "engine",
          "firmware/smtp/answers.c",
          "[MX_ASK_DATA]     = {{R_TEXT,     ST_TEXT,    1}, "
          "{MESSAGE,  ST_HELLO, 0}}",
          "[MX_ASK_DATA]     = {{R_TEXT,     ST_TEXT,    1}, "
          "{MESSAGE,  ST_TEXT, 0}}"),
    # POP3.
    Fault("dots are not stuffed", "pop3", "firmware/pop3/text.c",
          "c == '.' && !s->in_line", "c == '.' && s->offset > 9999"),
    Fault("a password stays", "pop3", "firmware/pop3/pop3.c",
          "memset(s->buf, 0, sizeof s->buf);", ""),
    Fault("a login in clear", "pop3", "firmware/pop3/verbs.c",
          "(verb->traits & T) != 0 && !s->in_tls",
          "(verb->traits & T) != 0 && s->fill > 0"),
    Fault("STLS keeps listening", "pop3", "firmware/pop3/pop3.c",
          "IN_LOGIN | IN(ST_OPEN));", "IN_LOGIN | IN(ST_OPEN) | IN(ST_AIRLOCK));"),
    Fault("what is deleted twice counts twice", "pop3",
          "firmware/pop3/verbs.c", " || pop3_walk_is_marked(s, n)", ""),
    Fault("QUIT deletes what is not marked", "pop3", "firmware/pop3/walk.c",
          "[ST_UPDATE] = {MX_POP3_ASK_DELETE, true,",
          "[ST_UPDATE] = {MX_POP3_ASK_DELETE, false,"),
    # Paths.
    Fault("a local part of 65 octets", "path", "firmware/smtp/path.c",
          "#define LOCAL_MAX 64", "#define LOCAL_MAX 65"),
    Fault("UTF-8 with surrogates", "path", "firmware/smtp/path.c",
          "{0xed, 0xed, 0x80, 0x9f, 2}", "{0xed, 0xed, 0x80, 0xbf, 2}"),
    Fault("a read behind the end", "path", "firmware/smtp/path.c",
          "left <= rows[row][4]", "left < rows[row][4]"),
    Fault("a domain that begins like ours is ours", "path",
          "firmware/server/policy.c", "if (a.len != b.len) {",
          "if (a.len > b.len) {"),
    Fault("SIZE wraps", "path", "firmware/smtp/param.c",
          "*n > (UINT32_MAX - digit) / 10", "*n > UINT32_MAX - digit"),
    # Sessions.
    Fault("TLS begins with what clear text said", "session",
          "firmware/server/protocol.c",
          "    mx_smtp_init(&s->smtp, &srv->smtp_cfg, tls, greet);\n",
          "    if (tls == NULL || greet) {\n"
          "        mx_smtp_init(&s->smtp, &srv->smtp_cfg, tls, greet);\n"
          "        return;\n"
          "    }\n    s->smtp.state = 2;\n    s->smtp.in_tls = true;\n"),
    Fault("a TLS session is not given back", "session", "firmware/tls/tls.c",
          "        mx_arena_free(t->impl);\n", ""),
    Fault("what was received is not given back", "session",
          "firmware/net/conn.c", "        (void)pbuf_free(c->rx);\n    }\n"
          "    c->rx = NULL;", "    }\n    c->rx = NULL;"),
    Fault("a commit that failed is counted", "session",
          "firmware/server/delivery.c", "        srv->stats.aborted++;\n"
          "        return (int)answer_of(err);",
          "        srv->stats.accepted++;\n        return MX_YES;"),
    Fault("a write that did not happen counts", "session",
          "firmware/server/delivery.c",
          "        if (n == MX_EAGAIN) {\n            return NOT_YET;",
          "        if (n == MX_EAGAIN) {\n            left->len--;\n"
          "            left->ptr++;\n            return NOT_YET;"),
    Fault("nobody who is silent is ever closed", "session",
          "firmware/server/server.c", "if (left_ms == 0) {",
          "if (left_ms == 0 && s->ending) {"),
    Fault("a TLS slot is lost by a reset", "session",
          "firmware/server/ending.c",
          "    channel_end_tls(srv, s);\n    recent_note(srv, s);",
          "    recent_note(srv, s);"),
    Fault("a clear reply in the handshake", "session",
          "firmware/server/session.c",
          "    deadline_set(s, srv->cfg.handshake_s);\n}",
          "    deadline_set(s, srv->cfg.handshake_s);\n"
          "    (void)conn_write(&s->conn, \"220 go\\r\\n\", 8);\n}"),
    Fault("whoever is evicted keeps his connection", "session",
          "firmware/server/ending.c", "        conn_see_off(&s->conn);\n", ""),
    Fault("a guest that is gone stays in the lobby", "session",
          "firmware/net/lobby.c",
          "    struct lobby_guest *g = arg;\n\n    (void)err;\n    g->pcb = NULL;",
          "    (void)arg;\n    (void)err;"),
    Fault("a certificate of anybody is good", "session",
          "firmware/tls/client_ca.c",
          "    if (mbedtls_ssl_get_peer_cert(ssl) == NULL) {",
          "    flags &= ~(uint32_t)MBEDTLS_X509_BADCERT_NOT_TRUSTED;\n"
          "    if (mbedtls_ssl_get_peer_cert(ssl) == NULL) {"),
    Fault("TLS is not required", "session", "firmware/smtp/verbs.c",
          "s->cfg->require_tls && !s->in_tls",
          "s->cfg->require_tls && !s->in_tls && s->helo[0] == '\\0'"),
    # Block lists.
    Fault("any address is a list's", "dns", "firmware/net/dnsbl.c",
          "if (a >> 24 != 127 || a >> 8 == 0x7fffff)",
          "if (a >> 8 == 0x7fffff)"),
    Fault("mail waits for as long as the resolver", "dns",
          "firmware/net/dnsbl.c", "age_s(e) < MX_DNSBL_S",
          "age_s(e) < 3 * MX_DNSBL_S"),
    # The others.
    Fault("a session is not given back", "tls", "firmware/tls/tls.c",
          "        mbedtls_ssl_free(&t->impl->ssl);\n", ""),
    Fault("the limit counts reads, not records", "tls", "firmware/tls/tls.c",
          "    if (t->impl->ssl.MBEDTLS_PRIVATE(in_left) == 0) {\n"
          "        t->idle++;\n    }", "    t->idle++;"),
    Fault("a certificate is not given back", "identity",
          "firmware/tls/identity_read_chain.c",
          "    err = add_cert(impl, der, len, why);\n    mx_arena_free(der);",
          "    err = add_cert(impl, der, len, why);"),
    Fault("an overlong character is one", "peek", "firmware/store/peek_value.c",
          "point >> least[size] != 0 && ", "(void)least, (void)size,\n           "),
    Fault("a character that breaks off is forgotten", "peek",
          "firmware/store/peek_value.c",
          "        p->more = 0;\n        put_replacement(p);",
          "        p->more = 0;"),
    Fault("white space between words counts", "peek",
          "firmware/store/peek_value.c",
          "    p->behind = true;\n    p->gap = false;", "    p->behind = true;"),
    Fault("the first of a field does not count", "peek",
          "firmware/store/peek.c", " &&\n        (p->seen & 1u << row->is) == 0",
          ""),
    Fault("a line that is no field is passed over", "peek",
          "firmware/store/peek.c",
          "[LAST]   = {OVER, LAST, ", "[LAST]   = {LINE, LAST, "),
    # Answers of a resolver.
    Fault("a pointer may lead forward", "dnsmsg", "firmware/dns/name.c",
          "if (to >= l->limit) {", "if (to >= l->m->len) {"),
    Fault("a record may be longer than the message", "dnsmsg",
          "firmware/dns/message.c", "return r->next <= m->len;",
          "return true;"),
    # Spools.
    Fault("a link is believed", "spool", "firmware/store/spool_read.c",
          "    if (page >= spool->segments * spool->segment_pages) {\n"
          "        return MX_EFORMAT;\n    }\n", ""),
    Fault("data behind a damaged label is written over", "spool",
          "firmware/store/spool.c",
          "survey->last > spool_distance(spool, spool->head)",
          "survey->last > spool->segments"),
    Fault("label numbers begin again", "spool", "firmware/store/spool_log.c",
          "if (spool->seq >= UINT32_MAX - free) {",
          "if (spool->seq == UINT32_MAX - 9999) {"),
    Fault("parts may reach behind their slot", "idstore",
          "firmware/identity/store_slot.c",
          "    int rc = end_of_parts(store, h) <= slot_size(store) ? 0 : "
          "MX_EFORMAT;", "    int rc = 0;"),
    # Identities.
    Fault("what does not fit is installed", "keeper",
          "firmware/identity/keeper_change.c", "rc = admit(k, d, why);",
          "(void)admit;"),
    Fault("a key is the next one and in use", "keeper",
          "firmware/identity/draft.c",
          "    d->next_len = 0;\n    d->chain_len = 0;", "    d->chain_len = 0;"),
    Fault("a paste stays in the arena", "keeper",
          "firmware/identity/keeper_change.c",
          "    mx_arena_free(k->paste);\n", ""),
    Fault("a number without an upper end", "config", "port/posix/options.c",
          "n < row->min || n > row->max", "n < row->min"),
    Fault("a line one byte too long", "console",
          "firmware/console/console.c",
          "c->fill == MX_CONSOLE_LINE_MAX - 1", "c->fill == MX_CONSOLE_LINE_MAX"),
)


def copy(tree):
    """Only what differs, so that what was built stays built."""
    for part in PARTS:
        source = ROOT / part
        for path in [source] if source.is_file() else source.rglob("*"):
            to = tree / path.relative_to(ROOT)
            if path.is_file() and "__pycache__" not in path.parts and (
                    not to.exists() or to.read_bytes() != path.read_bytes()):
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, to)


def configure(tree, out, build):
    sources = build / "sources"
    done = subprocess.run(
        ["cmake", "--preset", "fuzz", "-S", tree, "-B", out,
         *(f"-DTINYMX_{name.upper()}_DIR={next((sources / name).glob('*'))}"
           for name in ("lwip", "mbedtls"))],
        cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"faults: {done.stderr}")


def make(out, *targets):
    return subprocess.run(["cmake", "--build", out, "--target", *targets],
                          capture_output=True, text=True, check=False)


def look_for(fault, tree, out):
    """Seconds until it was found, or why it was not."""
    done = make(out, f"fuzz_{fault.target}", "fuzz_seeds")
    if done.returncode != 0:
        return f"does not build:\n{done.stdout[-2000:]}"
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-B", tree / "tests/fuzz/fuzz.py", "run",
         fault.target, str(PATIENCE_S), out],
        capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return f"not found in {PATIENCE_S} s"
    print(next((line for line in done.stdout.splitlines()
                if "broken" in line or "error" in line.lower()), "  ?"))
    return time.monotonic() - began


def objection(fault, tree):
    """Why it cannot be put in, or None."""
    if (tree / fault.file).read_text().count(fault.old) != 1:
        return f"{fault.file} has not exactly one of: {fault.old}"
    return None


def check():
    """Exit status 1: some cannot."""
    wrong = [(f, objection(f, ROOT)) for f in FAULTS if objection(f, ROOT)]
    for fault, why in wrong:
        print(f"{fault.target}: {fault.name}: {why}")
    return 1 if wrong else 0


def try_one(fault, tree, out):
    path = tree / fault.file
    text = path.read_text()
    if objection(fault, tree):
        return objection(fault, tree)
    path.write_text(text.replace(fault.old, fault.new))
    try:
        return look_for(fault, tree, out)
    finally:
        path.write_text(text)


def main(build, names):
    tree, out = build / "faults/tree", build / "faults/build"
    missed = 0
    copy(tree)
    configure(tree, out, build)
    for fault in FAULTS:
        if names and fault.name not in names and fault.target not in names:
            continue
        result = try_one(fault, tree, out)
        found = isinstance(result, float)
        missed += not found
        print(f"{fault.target}: {fault.name}: "
              f"{f'found in {result:.0f} s' if found else result}", flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    if sys.argv[1:] == ["check"]:
        sys.exit(check())
    sys.exit(main(pathlib.Path(sys.argv[1]).resolve(), sys.argv[2:]))
