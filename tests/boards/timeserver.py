# SPDX-License-Identifier: BSD-3-Clause
"""A time server (RFC 4330) in a network namespace, which tells the time of its
own, and lies if it is told to.

    device ──► question ──► lies, one after another ──► the truth
"""
import select
import socket
import struct
import threading
import time

from output import PATIENCE

PORT = 123
SIZE = 48
QUESTION = 0x23  # version 4, a client's
ANSWER = 0x24  # and a server's
KISS = 0  # a stratum
SINCE_1900 = 2208988800  # seconds, of 1970


def stamp(utc):
    """Seconds since 1970 as the wire has them, in whatever era."""
    return struct.pack(">2I", (int(utc) + SINCE_1900) % 2 ** 32,
                       int(utc % 1 * 2 ** 32))


class Lie:
    """An answer in which `octets` stand `at` a place; `sender`: not from the
    server's socket, but from this address and port; `size`: of another."""

    def __init__(self, at=0, octets=b"", sender=None, size=SIZE):
        self.at, self.octets = at, octets
        self.sender, self.size = sender, size

    def told(self, answer):
        answer = bytearray(answer)
        answer[self.at:self.at + len(self.octets)] = self.octets
        return bytes(answer[:self.size]).ljust(self.size, b"\0")


class TimeServer:
    """At `address` it is `utc` when it starts. It answers a question when
    speak() was called, once: all of `lies`, then the truth; with `truth` false
    the first question gets the lies only."""

    def __init__(self, namespace, address, utc, lies=(), truth=True):
        self.namespace, self.lies, self.truth = namespace, list(lies), truth
        self.offset = utc - time.monotonic()
        self.questions = []
        self.news = threading.Condition()
        self.may_speak = threading.Event()
        self.sock = self.bound((address, PORT))
        self.stop, self.stopped = socket.socketpair()
        self.thread = threading.Thread(target=self.serve, daemon=True)

    def bound(self, place):
        family = socket.AF_INET6 if ":" in place[0] else socket.AF_INET
        sock = self.namespace.call(
            lambda: socket.socket(family, socket.SOCK_DGRAM))
        sock.bind(place)
        return sock

    def now(self):
        return time.monotonic() + self.offset

    def speak(self):
        self.may_speak.set()
        return self

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.may_speak.set()
        self.stop.close()
        self.thread.join(PATIENCE)
        self.sock.close()
        self.stopped.close()

    def serve(self):
        while self.sock in (ready := select.select(
                [self.sock, self.stopped], [], [])[0]) and \
                self.stopped not in ready:
            question, peer = self.sock.recvfrom(1024)
            with self.news:
                self.questions.append(question)
                self.news.notify_all()
            self.may_speak.wait()
            self.answer(question, peer)

    def answer(self, question, peer):
        truth = struct.pack(">BBBbIII", ANSWER, 2, 6, -20, 0x4000, 0x8000, 0) \
            + stamp(self.now()) + question[40:48] + 2 * stamp(self.now())
        for lie in self.lies:
            sock = self.bound(lie.sender) if lie.sender else self.sock
            sock.sendto(lie.told(truth), peer)
            if lie.sender:
                sock.close()
        if self.truth:
            self.sock.sendto(truth, peer)
        self.lies, self.truth = [], True

    def asked(self, count=1):
        """Waits for so many questions; they."""
        with self.news:
            assert self.news.wait_for(
                lambda: len(self.questions) >= count, PATIENCE), \
                f"{len(self.questions)} questions"
            return self.questions
