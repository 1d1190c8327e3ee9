# SPDX-License-Identifier: BSD-3-Clause
"""What the simulator has delivered, with the trace header taken off."""
import re
from typing import NamedTuple

# Return-Path:, Delivered-To: for each recipient, Received: and its folded
# lines, in this order; then the message as it was sent.
TRACE = re.compile(rb"Return-Path: <(?P<sender>[^\n]*)>\n"
                   rb"(?P<to>(?:Delivered-To: [^\n]*\n)+)"
                   rb"Received: (?P<received>[^\n]*\n(?:[ \t][^\n]*\n)*)")


class Message(NamedTuple):
    sender: str       # of Return-Path:
    recipients: list  # of Delivered-To:, in order
    received: str     # Received:, unfolded
    id: int           # of Received:, counts from the device's start
    body: bytes       # header and text as sent, lines ended by LF


def parse(raw):
    match = TRACE.match(raw)
    assert match, f"no trace header: {raw[:400]!r}"
    to = match["to"].decode().splitlines()
    received = " ".join(match["received"].decode().split())
    return Message(match["sender"].decode(),
                   [line.partition(": ")[2] for line in to], received,
                   int(re.search(r" id ([0-9a-f]{8})", received)[1], 16),
                   raw[match.end():])


class Maildir:
    def __init__(self, path):
        self.path = path

    def files(self, folder="new"):
        path = self.path / folder
        return sorted(path.iterdir()) if path.is_dir() else []

    def messages(self):
        """In the order of arrival."""
        return sorted((parse(f.read_bytes()) for f in self.files()),
                      key=lambda message: message.id)

    def only(self):
        messages = self.messages()
        assert len(messages) == 1, f"{len(messages)} messages"
        return messages[0]

    def assert_empty(self):
        """Nothing delivered, and nothing half-written left behind."""
        assert self.files("new") == [] and self.files("tmp") == []


def lf(message):
    """A message as the Maildir shows it."""
    return message.replace(b"\r\n", b"\n")
