# SPDX-License-Identifier: BSD-3-Clause
"""seeds.py TRANSCRIPTS OUT: makes inputs for `engine`, `pop3` and `path` of what
the transcripts show: OUT/engine and OUT/pop3 have each of them as a whole,
OUT/path every argument in them."""
import pathlib
import re
import shutil
import sys

# In the order of enum mx_answer.
MAIL_H = pathlib.Path(__file__).parents[2] / "include/tinymx/mail.h"
ANSWERS = re.findall(r"^    MX_(\w+),", re.search(
    r"enum mx_answer \{(.*?)MX_ANSWERS", MAIL_H.read_text(), re.S)[1], re.M)
MARKS = ("-- TLS --", "-- TLS DENIED --", "-- TIMEOUT --", "-- SHUTDOWN --")


def client_bytes(text):
    """What stands behind "C: ", with its escapes."""
    text = re.sub(r"\\\((\d+) (.*?)\)", lambda m: int(m[1]) * m[2], text)
    names = {"r": b"\r", "n": b"\n", "\\": b"\\"}
    out = b""
    for part in re.findall(r"\\x[0-9a-fA-F]{2}|\\.|[^\\]+", text):
        if part.startswith("\\x"):
            out += bytes([int(part[2:], 16)])
        elif part.startswith("\\"):
            out += names[part[1]]
        else:
            out += part.encode()
    return out


class Transcript:
    def __init__(self, path):
        self.client = b""
        self.settings = {}
        self.messages = []
        self.asked = []
        for line in path.read_text().splitlines():
            self.take(line)

    def take(self, line):
        kind, text = line[:2], line[3:]
        if line.startswith("= "):
            key, value = line[2:].split(" ", 1)
            self.settings[key] = value
            if key == "message":
                self.messages.append(client_bytes(value))
        elif kind == "C:":
            self.client += client_bytes(text) + b"\r\n"
        elif kind == "c:":
            self.client += client_bytes(text)
        elif kind == "M:" and text.split()[0] not in ("BODY", "ABORT", "CLOSE",
                                                      "UNREAD"):
            self.asked.append(text.split()[0])
        elif line in MARKS:
            self.client += line.encode() + b"\n"

    def answers(self):
        """The first six, in the order in which the questions come."""
        scripts = {key: value.split() for key, value in self.settings.items()
                   if key.isupper()}
        out = []
        for ask in self.asked:
            script = scripts.get(ask, ["yes"])
            name = script.pop(0) if len(script) > 1 else script[0]
            value = ANSWERS.index(name.upper())
            # 0 to 127 is yes; above that a remainder tells.
            out.append(0 if value == 0 else 20 * len(ANSWERS) + value)
        return (out + [0] * 6)[:6]

    def tail(self):
        """The last twenty bytes of an input; see engine.c."""
        number = {key: int(value) for key, value in self.settings.items()
                  if value.isdigit()}
        size = number.get("size", 0)
        flags = ((self.settings.get("starttls") == "no") +
                 8 * (self.settings.get("require_tls") == "yes"))
        body = 8 if "BODY" in self.settings else 0
        return bytes([flags, size if size < 256 else 0,
                      (number.get("rcptmax", 100) - 100) % 256,
                      number.get("mailmax", 0) % 256, body, *self.answers(),
                      7, 1, 40, 2, 0, *(number.get(key, 0) for key in
                                        ("errors", "idle", "unknown")), 0])


def pop3(transcript):
    """An input of pop3.c; messages there have a multiple of four bytes."""
    ends = (b"-- TIMEOUT --\n", b"-- SHUTDOWN --\n")
    client = transcript.client.replace(b"-- TLS --\n", b"")
    ended = min(client.find(end) % (1 << 32) for end in ends)
    for end in ends:
        client = client.replace(end, b"")
    errors = int(transcript.settings.get("errors", 0))
    flags = errors << 4 | 4 * (ended < len(client))
    out = bytes([flags, *([ended // 4] if flags & 4 else [])])
    mails = [mail.ljust(len(mail) + -len(mail) % 4)
             for mail in transcript.messages[:5] if len(mail) < 1020]
    out += bytes([len(mails)])
    for mail in mails:
        out += bytes([len(mail) // 4]) + mail
    answers = [10 + ANSWERS.index(name.upper()) if name != "yes" else 0
               for key, value in transcript.settings.items() if key.isupper()
               for name in value.split()]
    return out + bytes((answers + 12 * [0])[:12]) + client


def arguments(client):
    """What stands behind FROM: and TO:, and behind EHLO."""
    for line in client.split(b"\r\n"):
        found = re.match(rb"(?i)(?:MAIL FROM:|RCPT TO:|EHLO |HELO )\s*(.+)", line)
        if found and len(found[1]) < 600:
            yield found[1]


def main(transcripts, out):
    seen = set()
    for kind in ("engine", "path", "pop3"):
        shutil.rmtree(out / kind, ignore_errors=True)
        (out / kind).mkdir(parents=True)
    for path in sorted(transcripts.glob("*.txt")):
        if path.name == "CMakeLists.txt":
            continue
        transcript = Transcript(path)
        (out / "engine" / path.stem).write_bytes(
            transcript.client + transcript.tail())
        for n, text in enumerate(arguments(transcript.client)):
            if text not in seen:
                (out / "path" / f"{path.stem}_{n}").write_bytes(text)
            seen.add(text)
    for path in sorted(transcripts.glob("pop3/*.txt")):
        (out / "pop3" / path.stem).write_bytes(pop3(Transcript(path)))


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))
