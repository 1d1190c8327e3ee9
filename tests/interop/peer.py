# SPDX-License-Identifier: BSD-3-Clause
"""SMTP by hand: a client that does what it is told, wrong things too."""
import re
import socket
import ssl
import struct
import subprocess

from pki import MX

PATIENCE = 30
LAST_LINE = re.compile(rb"^\d{3}( |$)")
REPLY_LINE = re.compile(rb"^\d{3}[ -]|^\d{3}$")


def wire(text):
    return text.encode() if isinstance(text, str) else text


def stuffed(message):
    """A message as DATA wants it: dots doubled, and the dot at the end."""
    dotted = re.sub(rb"(?m)^\.", b"..", message)
    if dotted and not dotted.endswith(b"\r\n"):
        dotted += b"\r\n"
    return dotted + b".\r\n"


class Dialogue:
    """Commands and replies, over whatever read_line() and send() talk to."""

    def reply(self):
        """The next reply, its lines joined by LF. Codes agree in all lines."""
        lines = []
        while not lines or not LAST_LINE.match(lines[-1]):
            line = self.read_line()
            assert line, f"closed, reply so far {lines}"
            if not lines and self.chatter and not REPLY_LINE.match(line):
                continue
            lines.append(line.rstrip(b"\r\n"))
        assert len({line[:3] for line in lines}) == 1, lines
        return b"\n".join(lines).decode()

    def cmd(self, command, expect=None):
        """One command, its reply; `expect` is what the reply begins with."""
        self.send(wire(command) + b"\r\n")
        reply = self.reply()
        if expect is not None:
            assert reply.startswith(str(expect)), f"{command!r}: {reply!r}"
        return reply

    def envelope(self, sender="sender@client.test", to=("joe@example.test",),
                 parameters=""):
        self.cmd(f"MAIL FROM:<{sender}>{parameters}", "250 2.1.0")
        for one in to:
            self.cmd(f"RCPT TO:<{one}>", "250 2.1.5")

    def data(self, message, expect="250 2."):
        self.cmd("DATA", 354)
        self.send(stuffed(message))
        reply = self.reply()
        assert reply.startswith(expect), reply
        return reply

    def deliver(self, message=b"Subject: hello\r\n\r\nHello.\r\n", **envelope):
        """A whole transaction."""
        self.envelope(**envelope)
        return self.data(message)


class Peer(Dialogue):
    """Over TCP. `tls`: an ssl context for TLS from the first byte."""
    chatter = False

    def __init__(self, port, host="127.0.0.1", tls=None, greeting="220 ",
                 rcvbuf=None):
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM)[0]
        self.sock = socket.socket(family)
        if rcvbuf:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, rcvbuf)
        self.sock.settimeout(PATIENCE)
        self.sock.connect(address)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        if tls:
            self.handshake(tls)
        if greeting:
            self.greeting = self.reply()
            assert self.greeting.startswith(greeting), self.greeting

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def send(self, data):
        self.sock.sendall(wire(data))

    def read(self):
        """What comes next, b"" at the end: an honest one in TLS."""
        return self.sock.recv(65536)

    def read_line(self):
        while b"\n" not in self.buffer:
            more = self.read()
            if not more:
                break
            self.buffer += more
        line, newline, self.buffer = self.buffer.partition(b"\n")
        assert not newline or line.endswith(b"\r"), f"bare LF: {line!r}"
        return line + newline

    def eof(self):
        """The other side closes, and says nothing more."""
        assert self.buffer + self.read() == b""

    def ends(self):
        """The connection ends, in whatever way; what still came."""
        rest = self.buffer
        try:
            while more := self.read():
                rest += more
        except (ConnectionError, ssl.SSLError):
            pass
        return rest

    def ehlo(self):
        """The extensions it lists, keyword to parameters."""
        lines = self.cmd("EHLO client.test", 250).split("\n")[1:]
        return dict(line[4:].partition(" ")[::2] for line in lines)

    def hello(self, tls=None):
        """EHLO, and again inside TLS if a context is given; returns self."""
        self.ehlo()
        if tls:
            self.starttls(tls)
            self.ehlo()
        return self

    def handshake(self, context, name=MX, **options):
        self.sock = context.wrap_socket(self.sock, server_hostname=name,
                                        suppress_ragged_eofs=False, **options)

    def starttls(self, context, **options):
        self.cmd("STARTTLS", "220 ")
        assert self.buffer == b"", f"behind the 220: {self.buffer!r}"
        self.handshake(context, **options)

    def quit(self):
        """QUIT, its reply, their end (in TLS: close_notify), and ours."""
        self.cmd("QUIT", "221 2.0.0")
        self.eof()
        self.sock.close()

    # --- endings ------------------------------------------------------------

    def fin(self):
        """TCP FIN; inside TLS, without close_notify."""
        # Not SSLSocket's: that one forgets TLS, and reading goes on.
        socket.socket.shutdown(self.sock, socket.SHUT_WR)

    def reset(self):
        """TCP RST."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                             struct.pack("ii", 1, 0))
        self.sock.close()


class Client:
    """The client's side of a TLS session, step by step."""

    def __init__(self, context):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing,
                                    server_hostname=MX)
        self.done = False

    def step(self, received=b""):
        """What the client sends next."""
        self.incoming.write(received)
        try:
            self.tls.do_handshake()
            self.done = True
        except ssl.SSLWantReadError:
            pass
        return self.outgoing.read()

    def records(self, plain):
        """What `plain` is on the wire: records, as large as they may be."""
        self.tls.write(plain)
        return self.outgoing.read()


class Program(Dialogue):
    """Over the standard input and output of a program such as s_client."""
    chatter = True

    def __init__(self, *argv):
        self.process = subprocess.Popen(
            ["timeout", str(PATIENCE), *map(str, argv)], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.output = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.process.stdout.close()

    def send(self, data):
        self.process.stdin.write(wire(data))
        self.process.stdin.flush()

    def read_line(self):
        line = self.process.stdout.readline()
        self.output += line
        return line

    def eof(self):
        """The program ends by itself. Its whole output."""
        self.output += self.process.stdout.read()
        self.process.wait(PATIENCE)
        return self.output.decode(errors="replace")

