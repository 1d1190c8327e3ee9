# SPDX-License-Identifier: BSD-3-Clause
"""The mail in a spool, with the face of maildir.Maildir."""
import pathlib
import sys

from maildir import parse

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import spool  # noqa: E402


def unix(data):
    """CR LF to LF, and nothing is lost by it: neither stands alone."""
    text = data.replace(b"\r\n", b"\n")
    assert b"\r" not in text and data.count(b"\n") == data.count(b"\r\n"), \
        "a bare CR or LF"
    return text


class MailSpool:
    def __init__(self, path):
        self.path = path

    def mails(self):
        """As the spool has them, in the order in which they began to arrive."""
        with spool.Spool(self.path) as image:
            found, damaged = image.scan()
        assert not damaged, damaged
        return found

    def messages(self):
        return [message for _, message in self.mails_and_messages()]

    def mails_and_messages(self):
        """Its trace fields are right, and the head knows the same."""
        found = []
        for mail in self.mails():
            message = parse(unix(mail.data))
            assert len(message.recipients) == mail.recipients
            assert message.sender[:195] == mail.sender
            assert ("TLSv1." in message.received) == mail.tls
            found.append((mail, message))
        return found

    def only(self):
        messages = self.messages()
        assert len(messages) == 1, f"{len(messages)} messages"
        return messages[0]

    def files(self, folder="new"):
        """Half-written ones have no name in a spool."""
        return self.mails() if folder == "new" else []

    def assert_empty(self):
        assert self.mails() == []
