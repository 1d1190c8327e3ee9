# SPDX-License-Identifier: BSD-3-Clause
"""The time of a board: from a time server, or honestly none; and whom it does
not believe. What the servers tell is years from what any clock here shows."""
import contextlib
import email.utils
import re
import struct

import pytest

from machine import Machine
from mailspool import MailSpool
from namespace import OUR, OUR6
from output import PATIENCE
from peer import Peer
from pki import Authority
from provision import provision
from timeserver import KISS, Lie, PORT, QUESTION, SIZE, TimeServer, stamp

DEVICE, OTHER = "192.0.2.100", "192.0.2.3"
NAME = "ntp.example.test"
NOW = 1904281689  # 6 May 2030
NEXT_ERA = 2219901200  # 6 May 2040: the seconds since 1900 began anew in 2036
UPTIME_MS = 2 ** 20  # in which this test is over
NO_CLOCK = "The device has no clock"
NOT_KNOWN = "(time not known)"


class Timed:
    """A board on the TAP interface of a namespace."""

    def __init__(self, machine, namespace):
        self.machine, self.output = machine, machine.output
        self.namespace = namespace
        self.mails = MailSpool(machine.card)

    def deliver(self):
        """A message; its Received: field."""
        with self.namespace.connect(DEVICE) as peer:
            peer.hello().deliver()
            peer.quit()
        return self.mails.messages()[-1].received

    def status(self):
        """What it says of the time, and all of it."""
        since = self.output.mark()
        self.machine.type("status")
        self.output.wait("^reset: ", since)
        text = self.output.text(since)
        return re.search(r"^time: (.*?)\r?$", text, re.M)[1], text

    def refused(self):
        return int(re.search(r"^time server: .* (\d+) refused", self.status()[1],
                             re.M)[1])

    def synced(self):
        """Waits until it knows the time; the line."""
        return self.output.wait(r"level=info event=time utc=.*")[0]


@pytest.fixture
def timed(request, image, namespace, tmp_path):
    """Starts it, with these settings."""
    with contextlib.ExitStack() as ends:
        def start(**settings):
            machine = Machine(
                request.config.getoption("--board"), image, tmp_path,
                nic="tap,ifname=tap0,script=no,downscript=no",
                wrap=namespace.argv(),
                config=provision(tmp_path, **settings))
            ends.callback(machine.kill)
            ends.callback(lambda: print(machine.log()))
            return Timed(machine, namespace)
        namespace.ip("addr", "add", f"{OTHER}/24", "dev", "tap0")
        yield start


@pytest.fixture
def static(timed):
    """The same with an address, asking OUR for the time."""
    return lambda **settings: timed(address=f"{DEVICE}/24",
                                    **{"ntp": OUR, **settings})


def is_date(text, server):
    """Is this the server's time, to the minute of a busy host?"""
    date = email.utils.parsedate_to_datetime(text)
    return abs(date.timestamp() - server.now()) < PATIENCE


def dated(received, server):
    return NOT_KNOWN not in received and \
        is_date(received.rpartition(";")[2].strip(), server)


def lease(*options):
    return (f"--dhcp-range={DEVICE},{DEVICE},1h", *options)


# --- without a server --------------------------------------------------------

def test_unknown(launch):
    """Mail is taken, and nothing pretends to know."""
    mx = launch()
    with Peer(mx.port).hello() as peer:
        peer.deliver()
        peer.quit()
    assert NOT_KNOWN in mx.maildir.only().received
    since = mx.mark()
    mx.type("status")
    mx.output.wait("^time: unknown, ", since)
    mx.output.wait(NO_CLOCK, since)


def test_server_silent(static, namespace):
    """It goes on asking, and says so; mail does not wait. A question tells
    nothing, and no two are the same."""
    with TimeServer(namespace, OUR, NOW) as server:
        board = static()
        server.asked()
        assert NOT_KNOWN in board.deliver()
        assert board.status()[0] == f"unknown, asking {OUR}"
        board.output.wait(f"level=warn event=time server={OUR} state=")
        server.speak()
        questions = server.asked(2)
    assert all(len(one) == SIZE and one[0] == QUESTION and one[1:40] == bytes(39)
               for one in questions)
    times = [struct.unpack(">2I", one[40:]) for one in questions]
    assert len(set(sum(times, ()))) == 2 * len(times)
    assert all(max(time) > UPTIME_MS for time in times)


# --- with one ----------------------------------------------------------------

def test_server_of_dhcp(timed, namespace, serve):
    """Before the answer the time is not known, and behind it it is."""
    serve(*lease(f"--dhcp-option=option:ntp-server,{OUR}"))
    with TimeServer(namespace, OUR, NOW) as server:
        board = timed()
        board.output.wait(f"event=time server={OUR} of=dhcp")
        server.asked()
        assert NOT_KNOWN in board.deliver()
        assert NO_CLOCK in board.status()[1]
        server.speak()
        assert is_date(re.search('utc="(.*?)"', board.synced())[1], server)
        assert dated(board.deliver(), server)
        said, status = board.status()
        date, of = said.split(", from ")
        assert is_date(date, server) and re.fullmatch(rf"{OUR} \d+ s ago", of)
        assert NO_CLOCK not in status


@pytest.mark.parametrize("ntp, asked", [
    (OTHER, OTHER), (OUR6.upper(), OUR6), (NAME, OTHER)])  # in lwIP's letters
def test_server_of_configuration(timed, namespace, serve, ntp, asked):
    """By address or name; whom DHCP names is not asked then."""
    serve(*lease(f"--dhcp-option=option:ntp-server,{OUR}", "--enable-ra",
                 "--interface=tap0", "--dhcp-range=::,constructor:tap0,ra-only",
                 f"--address=/{NAME}/{OTHER}"))
    with TimeServer(namespace, OUR, 2 * NOW) as dhcps, \
            TimeServer(namespace, asked, NOW) as server:
        dhcps.speak()
        server.speak()
        board = timed(ntp=ntp)
        board.output.wait(f"event=time server={ntp} of=configuration")
        assert f"server={ntp}" in board.synced()
        assert dated(board.deliver(), server)
        assert dhcps.questions == []


def test_server_and_certificate(static, namespace, tmp_path):
    """The dates of the owner's certificate are looked at once there is a time.
    """
    owner = Authority(tmp_path).good
    with TimeServer(namespace, OUR, NEXT_ERA) as server:
        board = static(cert=owner.cert, key=owner.key)
        server.asked()
        board.output.wait(f"event=identity advice=.*{NO_CLOCK}")
        assert "has expired" not in board.status()[1]
        server.speak()
        board.synced()
        board.output.wait("event=identity advice=.*has expired")
        assert "has expired" in board.status()[1]
        assert NO_CLOCK not in board.status()[1]
        assert dated(board.deliver(), server)


# --- with a liar -------------------------------------------------------------

LIES = {
    "client": (Lie(0, b"\x23"), "no answer in NTP"),
    "broadcast": (Lie(0, b"\x25"), "no answer in NTP"),
    "short": (Lie(size=SIZE - 1), "no answer in NTP"),
    "long": (Lie(size=SIZE + 20), "no answer in NTP"),
    "originate": (Lie(24, bytes(8)), "answers what was not asked"),
    "not set": (Lie(0, b"\xe4"), "its own clock is not set"),
    "stratum": (Lie(1, b"\x10"), "its own clock is not set"),
    "zero": (Lie(40, bytes(8)), "its own clock is not set"),
    "1980": (Lie(40, stamp(315532800)), "before this firmware was"),
    "2100": (Lie(40, stamp(4102444800)), "before this firmware was"),
    "port": (Lie(40, stamp(NEXT_ERA), (OUR, PORT + 1)), "not from the server"),
    "address": (Lie(40, stamp(NEXT_ERA), (OTHER, PORT)), "not from the server"),
}


@pytest.mark.parametrize("lie, says", LIES.values(), ids=LIES)
def test_server_lies(static, namespace, lie, says):
    """It waits for a better answer, and takes that."""
    with TimeServer(namespace, OUR, NOW, [lie]) as server:
        server.speak()
        board = static()
        said = board.output.wait("level=warn event=time from=.* refused=.*")[0]
        assert says in said
        board.synced()
        assert dated(board.deliver(), server)
        assert board.refused() == 1


def test_server_repeats(static, namespace):
    """One question has one answer; a flood of others makes one line of log."""
    lies = [Lie(), *20 * [Lie(40, stamp(NEXT_ERA))]]
    with TimeServer(namespace, OUR, NOW, lies) as server:
        server.speak()
        board = static()
        board.synced()
        assert dated(board.deliver(), server)
        assert board.refused() == len(lies)
        assert board.machine.log().count("refused=\"") == 1


def test_server_kisses(static, namespace):
    """It is asked again, later; twenty of them are as good as one."""
    with TimeServer(namespace, OUR, NOW, 20 * [Lie(1, bytes([KISS]))],
                    truth=False) as server:
        server.speak()
        board = static()
        board.output.wait("refused=.*does not want to be asked")
        assert NOT_KNOWN in board.deliver()
        server.asked(2)
        board.synced()
        assert dated(board.deliver(), server)
