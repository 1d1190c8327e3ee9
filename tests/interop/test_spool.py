# SPDX-License-Identifier: BSD-3-Clause
"""Mail in a spool: --spool, the console over it, and tinymx-spool, with
../tools/spool.py as the one who knows what is there."""
import contextlib
import os
import pathlib
import pty
import re
import struct
import subprocess

import pytest

from cases import BIG, HEADER, MESSAGES
from maildir import lf
from output import PATIENCE
from peer import Peer
from test_start import refused

import spool  # of ../tools: mailspool.py knows where

PAGE = spool.PAGE
FLASH = pathlib.Path(__file__).parents[1] / "unit" / "spool_v1_flash.txt"


class Tool:
    """tinymx-spool: what it said, and its exit status."""

    def __init__(self, path, wrap=()):
        self.path, self.wrap = path, wrap

    def __call__(self, *argv, **options):
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
                   **options}
        run = subprocess.run(
            [*self.wrap, self.path, *map(str, argv)], stdin=subprocess.DEVNULL,
            timeout=PATIENCE, check=False, **options)
        assert b"Sanitizer" not in (run.stderr or b""), run.stderr
        return run

    def on_terminal(self, stream, *argv):
        """What comes there when "stdout" or "stderr" is a terminal."""
        master, slave = pty.openpty()
        with contextlib.closing(os.fdopen(master, "rb", buffering=0)) as out:
            run = self(*argv, **{stream: slave})
            os.close(slave)
            assert run.returncode == 0
            text = b""
            with contextlib.suppress(OSError):  # the end, to a pty's master
                while chunk := out.read(4096):
                    text += chunk
        return text

    def fine(self, *argv):
        run = self(*argv)
        assert run.returncode == 0 and run.stderr == b"", run
        return run.stdout

    def wrong(self, *argv, status=1):
        run = self(*argv)
        assert run.returncode == status, run
        return (run.stdout + run.stderr).decode()


@pytest.fixture(scope="session")
def tool(sim):
    return Tool(sim.parent / "tinymx-spool")


def deliver(mx, *messages, context=None):
    with Peer(mx.port).hello(context) as peer:
        for message in messages:
            peer.deliver(message)
        peer.quit()


def typed(mx, lines, last):
    """Types lines, and waits for the last answer; all of them."""
    since = mx.type(lines)
    mx.output.wait(last, since)
    return "".join(line for line in mx.output.lines[since:]
                   if "event=" not in line)


def in_order(text, *patterns):
    """Each is found behind the one before."""
    at = 0
    for pattern in patterns:
        match = re.compile(pattern).search(text, at)
        assert match, f"{pattern!r} in {text[at:][:2000]}"
        at = match.end()


LETTERS = [HEADER + b"number %d\x1b[2J\r\n" % number for number in range(1, 7)]
LARGE = HEADER + b"".join(b"%07d %s\r\n" % (i, b"z" * 60) for i in range(1500))


@pytest.fixture(scope="module")
def master(kind, pki, tmp_path_factory):
    """An image with six messages: 2 is large and came in TLS, 3 was deleted,
    4 was seen."""
    folder = tmp_path_factory.mktemp("master")
    mx = kind(folder, pki.good, spool=folder / "spool", spool_size="4M",
              stdin=subprocess.PIPE)
    try:
        mx.started()
        deliver(mx, LETTERS[0])
        deliver(mx, LARGE, context=pki.context())
        deliver(mx, *LETTERS[2:])
        typed(mx, "mail del 3\nmail 4\n", "^end of message 4$")
        mx.terminate()
    finally:
        mx.kill()
    return (folder / "spool").read_bytes()


@pytest.fixture
def image(master, tmp_path):
    path = tmp_path / "image"
    path.write_bytes(master)
    return path


def mails(path):
    with spool.Spool(path) as this:
        found, damaged = this.scan()
    assert not damaged, damaged
    return found


# --- the simulator ----------------------------------------------------------

@pytest.mark.short
@pytest.mark.parametrize("way", ["clear", "TLS"])
def test_bytes(launch, pki, tool, tmp_path, way):
    """What is sent is what is there, to two readers."""
    path = tmp_path / "spool"
    mx = launch(spool=path)
    sent = [*MESSAGES.values(), BIG]
    deliver(mx, *sent, context=pki.context() if way == "TLS" else None)
    assert [m.body for m in mx.maildir.messages()] == [lf(m) for m in sent]
    mx.terminate()
    for mail in mails(path):
        assert tool.fine(path, "cat", mail.number) == mail.data
        assert mail.tls == (way == "TLS")
    assert tool.fine(path, "fsck").startswith(b"%d messages, 0 " % len(sent))
    assert tool.fine(path, "list").count(b"\n") == len(sent)


def test_console(launch, tmp_path):
    """A script's commands, each in its turn."""
    mx = launch(spool=tmp_path / "spool", stdin=subprocess.PIPE)
    deliver(mx, HEADER + b"\x1b[2Jone\r\n", LARGE)
    text = typed(mx, "mail\nmail 2\nmail 1\nmail 1 headers\nmail del 2\nmail\n"
                     "status\n", "^spool: ")
    in_order(text,
             r" +1 new  .* <sender@client\.test> +a folded one\n"
             r" +2 new  .*\n2 messages, 2 new\n",
             re.escape(lf(LARGE).decode()) + "end of message 2\n",
             r"\\x1b\[2Jone\nend of message 1\n",
             r"Subject: a\n folded(.*\n)*\nend of the header of message 1\n",
             r"message 2 is deleted\n",
             r" +1 seen .*\n1 message, 0 new\n",
             r"spool: 1 messages, 0 unseen, ")
    assert [mail.number for mail in mails(tmp_path / "spool")] == [1]


def test_script(launch, tmp_path):
    """A file is read to its end, however long the answers are; also where a
    read of 256 bytes ends with a line."""
    script = tmp_path / "commands"
    script.write_text("mail  1\n" * 100 + "mail\n")
    path = tmp_path / "spool"
    mx = launch(spool=path)
    deliver(mx, LARGE[:5000])
    mx.terminate()
    with script.open("rb") as stdin:
        mx = launch(spool=path, stdin=stdin)
        mx.output.wait("^1 message, 0 new$")
    text = mx.output.text()
    assert text.count("end of message 1\n") == 100 and "stopped" not in text


def test_reader_that_rests(launch, tmp_path):
    """Nobody reads what is printed: mail is taken all the same."""
    path, pipe = tmp_path / "spool", tmp_path / "pipe"
    first = launch(spool=path)
    deliver(first, LARGE)
    first.terminate()
    script = tmp_path / "commands"
    script.write_text("mail 1\n")
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        with script.open("rb") as stdin:
            mx = launch(spool=path, stdin=stdin, wrap=[
                "sh", "-c", f'exec "$@" >{pipe}', "sh"])
        for number in range(20):
            deliver(mx, LETTERS[0])
        assert len(mails(path)) == 21
    finally:
        os.close(reader)


def test_terminal_stops(launch, tmp_path):
    """On a terminal the next line ends a long answer."""
    master, slave = pty.openpty()
    path = tmp_path / "spool"
    try:
        mx = launch(spool=path, wrap=["setsid", "--ctty"], stdin=slave)
        deliver(mx, BIG)
        since = mx.mark()
        os.write(master, b"mail 1\n")
        mx.output.wait("^0000001 xx", since)
        os.write(master, b"\n")
        mx.output.wait("^stopped$", since)
        assert "end of message" not in mx.output.text(since)
        mx.terminate()
    finally:
        os.close(slave)
        os.close(master)
    assert [mail.seen for mail in mails(path)] == [False]


def test_restart(launch, tmp_path):
    """Mail of earlier lives stays, also of those that were cut off, and
    numbers go on."""
    path = tmp_path / "spool"
    for life in range(1, 4):
        mx = launch(spool=path, ready=False).started()
        deliver(mx, LETTERS[0], LETTERS[1])
        mx.kill() if life % 2 else mx.terminate()
        assert [m.number for m in mails(path)] == list(range(1, 2 * life + 1))


def test_size(launch, tool, tmp_path):
    """SIZE is no more than the spool can ever take, and that much it takes."""
    path = tmp_path / "spool"
    mx = launch(spool=path, spool_size="1M")
    with Peer(mx.port) as peer:
        size = int(peer.ehlo()["SIZE"])
        assert size < 1024 * 1024
        peer.cmd(f"MAIL FROM:<> SIZE={size + 1}", "552 ")
        peer.deliver(b"x" * 998 + b"\r\n" * ((size - 998) // 2))
        peer.quit()
    assert mx.maildir.only()
    mx.terminate()
    assert f"largest-message: {size}\n".encode() in tool.fine(path, "stat")


@pytest.mark.parametrize("policy", ["refuse", "drop-seen", "drop-oldest"])
def test_full(launch, tmp_path, policy):
    """A message that has no room is refused for now, or others go for it."""
    path = tmp_path / "spool"
    mx = launch(spool=path, spool_size="512K", spool_full=policy,
                stdin=subprocess.PIPE)
    letter = HEADER + b"x" * 998 + b"\r\n" * 15000
    with Peer(mx.port).hello() as peer:
        taken = 0
        for _ in range(40):
            reply = peer.cmd(f"MAIL FROM:<> SIZE={len(letter)}")
            if reply.startswith("452 4.3.1"):
                break
            peer.cmd("RCPT TO:<joe@example.test>", 250)
            peer.data(letter)
            taken += 1
            if taken == 3:
                typed(mx, "mail 2\n", "^end of message 2$")
        peer.quit()
    numbers = [mail.number for mail in mx.maildir.mails()]
    if policy == "drop-oldest":
        assert taken == 40 and numbers == list(range(numbers[0], 41))
    else:
        assert taken < 40
        gone = [2] if policy == "drop-seen" else []
        assert [n for n in range(1, taken + 1) if n not in gone] == numbers


@pytest.mark.parametrize("content, words", [
    (b"\xeb\x3c\x90MSDOS5.0" + bytes(1 << 20), "not a spool"),
    (b"x" * 100, "its size is 100"),
    (bytes(8192), "too small"),
], ids=["FAT", "100 bytes", "8 KB"])
def test_not_a_spool(launch, tmp_path, content, words):
    """No start, a reason, and nothing is touched."""
    path = tmp_path / "spool"
    path.write_bytes(content)
    said = refused(launch(spool=path, ready=False))
    assert words in said and str(path) in said
    assert path.read_bytes() == content


def test_not_to_be_had(launch, tmp_path):
    assert "/nonexistent/spool" in refused(
        launch(spool="/nonexistent/spool", ready=False))
    mx = launch(spool=tmp_path / "spool")
    assert "another program has it" in refused(
        launch(spool=tmp_path / "spool", ready=False))
    deliver(mx, LETTERS[0])


# --- tinymx-spool -----------------------------------------------------------

def test_list(image, tool):
    """Number, seen, date, size, TLS, From, Subject; as spool.py has them."""
    lines = tool.fine(image, "list").decode().splitlines()
    found = mails(image)
    assert [mail.number for mail in found] == [1, 2, 4, 5, 6]
    assert [mail.seen for mail in found] == [False, False, True, False, False]
    for line, mail in zip(lines, found, strict=True):
        assert line.split("\t") == [
            str(mail.number), "seen" if mail.seen else "new",
            spool.when(mail).replace("+00:00", "Z"), str(len(mail.data)),
            "TLS" if mail.number == 2 else "clear", "<sender@client.test>",
            "a folded one"]


def test_only_reads(master, tool, short_tmp):
    """Whatever it is asked, by somebody who may not write, the image is what
    it was."""
    path, out = short_tmp / "image", short_tmp / "out"
    path.write_bytes(master)
    path.chmod(0o444)
    out.mkdir()
    out.chmod(0o777)
    nobody = Tool(tool.path, ["setpriv", "--reuid=65534", "--regid=65534",
                              "--clear-groups"] if os.geteuid() == 0 else [])
    for command in (["list"], ["cat", 1], ["fsck"], ["stat"],
                    ["export", out]):
        nobody.fine(path, *command)
    assert path.read_bytes() == master


def test_stat(image, tool):
    lines = dict(line.split(": ") for line in
                 tool.fine(image, "stat").decode().splitlines())
    with spool.Spool(image) as this:
        assert lines["id"] == f"{this.form.id:08x}"
        assert int(lines["segments"]) == this.form.segments
        assert int(lines["segment-bytes"]) == this.form.pages * PAGE
    assert (lines["messages"], lines["unseen"]) == ("5", "4")
    assert int(lines["used-kb"]) >= sum(
        len(mail.data) for mail in mails(image)) // 1024
    assert int(lines["size-kb"]) > 1024 and lines["damaged"] == "0"


def test_export_eml(image, tool, tmp_path):
    """To the byte, and nothing that is there is overwritten."""
    folder = tmp_path / "out"
    tool.fine(image, "export", folder, "--format", "eml")
    found = {f"{mail.number:04}.eml": mail for mail in mails(image)}
    assert sorted(os.listdir(folder)) == sorted(found)
    for name, mail in found.items():
        assert (folder / name).read_bytes() == mail.data
        assert (folder / name).stat().st_mtime == mail.time_s
    (folder / "0004.eml").write_bytes(b"mine")
    (folder / "0005.eml").unlink()
    said = tool.wrong(image, "export", folder, "--format=eml")
    assert "0004.eml is there already" in said
    assert "1 exported, 4 there already, 0 failed\n" in said
    assert (folder / "0004.eml").read_bytes() == b"mine"
    assert (folder / "0005.eml").read_bytes() == found["0005.eml"].data


def test_export_maildir(image, tool, tmp_path):
    """Lines end in LF, what was seen is in cur/; again brings nothing twice."""
    folder = tmp_path / "out"
    assert tool.fine(image, "export", folder) == \
        b"5 exported, 0 there already, 0 failed\n"
    files = {int(re.search(r"N(\d+)\.", path.name)[1]): path
             for path in folder.glob("*/*")}
    assert sorted(files) == [1, 2, 4, 5, 6]
    for mail in mails(image):
        path = files[mail.number]
        assert path.read_bytes() == lf(mail.data)
        assert path.parent.name == ("cur" if mail.seen else "new")
        assert path.name.endswith(":2,S") == mail.seen
    assert tool.fine(image, "export", folder, "--format", "maildir") == \
        b"0 exported, 5 there already, 0 failed\n"
    assert len(list(folder.glob("*/*"))) == 5


def test_flash(tool, tmp_path):
    """A dump of flash, with other blocks than a card's, and a frozen one."""
    path, folder = tmp_path / "flash", tmp_path / "out"
    path.write_bytes(spool.unfold(FLASH.read_text()))
    assert tool.fine(path, "fsck").startswith(b"3 messages, 0 damaged; ")
    tool.fine(path, "export", folder, "--format", "eml")
    found = mails(path)
    assert [(folder / f"{mail.number:04}.eml").read_bytes()
            for mail in found] == [mail.data for mail in found]


def test_export_cannot(image, tool, tmp_path):
    """A folder that cannot be one."""
    (tmp_path / "file").write_bytes(b"")
    assert "Not a directory" in tool.wrong(
        image, "export", tmp_path / "file" / "out")
    assert "Not a directory" in tool.wrong(image, "export", tmp_path / "file")


def test_cat_on_a_terminal(image, tool):
    """What a terminal might obey is shown."""
    assert lf(tool.on_terminal("stdout", image, "cat", 1)) == \
        lf(mails(image)[0].data).replace(b"\x1b", b"\\x1b")


def test_progress(image, tool):
    """Somebody who watches is told how far it is, and it is wiped."""
    text = tool.on_terminal("stderr", image, "fsck")
    assert text.startswith(b"\r1 of 5 messages") and text.endswith(b"\r\x1b[K")


def test_in_use(launch, tool, tmp_path):
    """A simulator that runs is noticed; none starts while it is read."""
    path = tmp_path / "spool"
    mx = launch(spool=path)
    deliver(mx, LETTERS[0])
    assert "in use" in tool.wrong(path, "list")
    mx.terminate()
    assert tool.fine(path, "list").count(b"\n") == 1


# --- damage -----------------------------------------------------------------

def places(path, what, at_page=True):
    """Where it is in the image."""
    data, found = path.read_bytes(), -1
    while (found := data.find(what, found + 1)) >= 0:
        if not at_page or found % PAGE == 0:
            yield found


def flip(path, at, bit=1):
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ bit]))


def numbers(tool, path):
    """Of the messages that `list` shows, whatever it thinks of them."""
    return [int(line.split(b"\t")[0])
            for line in tool(path, "list").stdout.splitlines()]


def test_damaged_data(image, tool, tmp_path):
    """It is said which, at a status; the rest of it and the others are there.
    """
    at = next(places(image, b"0000700 zzz", at_page=False))
    flip(image, at)
    said = tool.wrong(image, "fsck")
    assert re.search(r"^message 2, its head at byte \d+: its data is damaged$",
                     said, re.M), said
    assert "\n5 messages, 1 damaged; 0 damaged heads, 0 damaged labels" in said
    assert numbers(tool, image) == [1, 2, 4, 5, 6]
    run = tool(image, "cat", 2)
    assert run.returncode == 1 and b"0000600 zzz" in run.stdout
    assert b"0000700" not in run.stdout
    assert b"message 2 is damaged behind " in run.stderr
    said = tool.wrong(image, "export", tmp_path / "out", "--format", "eml")
    assert "message 2 is damaged and was not exported" in said
    assert "4 exported, 0 there already, 1 failed" in said
    assert sorted(os.listdir(tmp_path / "out")) == [
        f"{number:04}.eml" for number in (1, 4, 5, 6)]


def test_damaged_head(image, tool):
    """One message is lost, at a place that is said."""
    at = next(places(image, struct.pack("<4sHHI", b"mail", 0, 1, 5)))
    flip(image, at + 100)
    said = tool.wrong(image, "fsck")
    assert re.search(rf"^segment \d+, byte {at}: a damaged head", said,
                     re.M), said
    assert "4 messages, 0 damaged; 1 damaged heads" in said
    assert numbers(tool, image) == [1, 2, 4, 6]
    assert b"damaged: 1\n" in tool.fine(image, "stat")


def test_damaged_labels(image, tool):
    """Any one of them: it is said, and nothing is lost."""
    for at in list(places(image, b"tmxspool")):
        for off in (3, 40, 510):
            flip(image, at + off)
            assert numbers(tool, image) == [1, 2, 4, 5, 6], (at, off)
            if off > 8:
                assert f"byte {at}: " in tool.wrong(image, "fsck")
            flip(image, at + off)


def test_truncated(image, tool):
    """Cut off anywhere: no crash, a status, and what is said is no message
    that was not there."""
    whole = image.read_bytes()
    for size in (1, 511, 512, 16384, 16384 * 3 + 700, len(whole) // 2,
                 len(whole) - 512):
        image.write_bytes(whole[:size])
        assert tool.wrong(image, "fsck")
        assert set(numbers(tool, image)) <= {1, 2, 4, 5, 6}


@pytest.mark.parametrize("content, words", [
    (b"", "empty"),
    (b"\xeb\x3c\x90MSDOS5.0" + bytes(1 << 20), "there is no spool on it"),
    (bytes(1 << 20), "there is no spool on it"),
    (b"\xff" * (1 << 20), "there is no spool on it"),
    (b"tmxspool" * 100_000, "there is no spool on it"),
], ids=["empty", "FAT", "zeros", "erased", "magic"])
def test_no_spool(tool, tmp_path, content, words):
    path = tmp_path / "image"
    path.write_bytes(content)
    for command in (["list"], ["cat", 1], ["fsck"], ["stat"],
                    ["export", tmp_path / "out"]):
        assert words in tool.wrong(path, *command)
    assert path.read_bytes() == content and not (tmp_path / "out").exists()


def test_newer_version(image, tool):
    data = bytearray(image.read_bytes())
    for at in places(image, b"tmxspool"):
        data[at + 8] = 2
        data[at + 508:at + 512] = \
            spool.crc32c(data[at:at + 508]).to_bytes(4, "little")
    image.write_bytes(data)
    assert "newer version" in tool.wrong(image, "list")


def test_no_image(tool, tmp_path):
    assert "No such file" in tool.wrong(tmp_path / "none", "list")
    assert str(tmp_path) in tool.wrong(tmp_path, "list")


# --- how it is called -------------------------------------------------------

@pytest.mark.parametrize("argv", [
    [], ["image"], ["--nothing"], ["image", "nothing"], ["image", "--help"],
    ["image", "cat"], ["image", "cat", "x"], ["image", "cat", "0"],
    ["image", "cat", "4294967297"], ["image", "cat", "1x"],
    ["image", "cat", "1", "2"],
    ["image", "list", "1"], ["image", "export"],
    ["image", "export", "out", "eml"], ["image", "export", "out", "--format"],
    ["image", "export", "out", "--format", "mbox"],
    ["image", "export", "out", "--format", "eml", "more"],
], ids=str)
def test_usage(tool, argv):
    assert "--help" in tool.wrong(*argv, status=2)


def test_help(tool):
    """Every command is in --help and in the manual."""
    text = tool.fine("--help").decode()
    manual = (pathlib.Path(__file__).parents[2] / "docs" /
              "tinymx-spool.1").read_text()
    for name in ("list", "cat", "export", "fsck", "stat"):
        assert re.search(rf"^  {name} ", text, re.M)
        assert re.search(rf'^\.BI? "?{name}\b', manual, re.M)
    assert re.fullmatch(rb"tinymx-spool \d+\.\d+\.\d+\n",
                        tool.fine("--version"))


def test_no_such_message(image, tool):
    assert "there is no message 3" in tool.wrong(image, "cat", 3)
    assert "there is no message 99" in tool.wrong(image, "cat", 99)


def test_closed_output(image, tool):
    """What could not be written is said."""
    with open("/dev/full", "wb") as full:
        run = tool(image, "list", stdout=full)
    assert run.returncode == 1 and b"cannot be written" in run.stderr
