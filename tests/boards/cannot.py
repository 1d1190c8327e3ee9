# SPDX-License-Identifier: BSD-3-Clause
"""What of the simulator's tests a board cannot do, by name, and why: what none
of them can, and what one of them cannot.

A name may have * in it. test_cannot.py looks that each of them still names a
test: a line that is not needed any more has to go.
"""
import fnmatch

OPTION = "the test wants options or sessions that the board does not have"
EVERYBODY = "the board of these tests takes mail for everybody at its domain"
IDENTITY = "the board of these tests makes its own identity, of P-256"
IMPLICIT = "the board has one port, with STARTTLS"
X25519 = "the board has P-256 only (MX_TLS_P256M)"
AES256 = "the board has no AES-256 with SHA-384 (MX_TLS_SHA384)"
SIGNAL = "the board gets no signals; tests/boards presses its reset button"
STREAMS = "the board has no standard streams"
NETWORK = "the forward to the board is IPv4's, and QEMU opens it"
MANY = "tests/boards has one of its own, of the board's size"
ALONE = "the test wants two sessions at once, and the board has one"
SAME = "the instructions are lm3s6965evb's, and are counted there"
RESOLVER = "the board has a resolver"
NO_SLOT = "the board has no slot for a card"
NO_TIME = "the board asks no time server"
READER = "the board's RAM has no room for POP3"
SLOW = "the board's serial line brings 10 KB a second"
NO_CABLE = "the board's network is a serial line: no cable, no DHCP, one address"
ONCE = "nobody at the end of a serial line is half a minute: one of them will do"
COUNTED = "its instructions are counted nowhere: see the other boards"
NO_FLASH = "without a host the emulated board has nothing to keep mail in"
SMALL = "the board keeps mail in its memory: 1 MB a message"

NO_BOARD = {
    "test_client_ca.py::*": OPTION,
    "test_clients.py::test_swaks[--tls-on-connect*]": IMPLICIT,
    "test_clients.py::test_curl[smtps-*]": IMPLICIT,
    "test_clients.py::test_msmtp[off]": IMPLICIT,
    "test_clients.py::test_smtplib[rsa-*]": IDENTITY,
    "test_clients.py::test_smtplib_implicit_tls": IMPLICIT,
    "test_clients.py::test_openssl_implicit_tls": IMPLICIT,
    "test_dns.py::*": NETWORK,
    "test_endings.py::test_terminated_in_data[*]": SIGNAL,
    "test_endings.py::test_closed_streams": STREAMS,
    "test_limits.py::*": OPTION,
    "test_network.py::*": NETWORK,
    "test_postfix.py::test_posttls_finger_by_digest":
        "the board does not print its TLSA record",
    "test_postfix.py::test_newcomer":
        "./dev postfix reads the certificate from the simulator's folder",
    "test_smtp.py::test_replies[*-unknown user]": EVERYBODY,
    "test_smtp.py::test_replies[*-relay by percent]": EVERYBODY,
    "test_start.py::*": OPTION,
    "test_starttls.py::test_required": OPTION,
    "test_volume.py::*": MANY,
}

SMALL_TLS = {
    "test_clients.py::test_openssl[*-X25519]": X25519,
    "test_clients.py::test_openssl[*-AES256-*]": AES256,
    "test_clients.py::test_openssl[*_AES_256_*]": AES256,
    "test_time.py::test_server_*": NO_TIME,
}

CANNOT = {
    "lm3s6965evb": {**NO_BOARD, **SMALL_TLS},
    "lm3s6965evb-one": {
        **NO_BOARD, **SMALL_TLS,
        "test_endings.py::test_slow_reader[*]": ALONE,
        "test_load.py::test_*_at_once[*]": ALONE,
        "test_budgets.py::test_high_water_marks": ALONE,
        "test_budgets.py::test_handshake[*]": SAME,
        "test_budgets.py::test_text[*]": SAME,
        "test_pop3.py::*": READER,
    },
    "netduinoplus2": {
        **NO_BOARD,
        "test_bytes.py::test_big[*]": SLOW,
        "test_endings.py::test_slow_reader[*]": SLOW,
        "test_trouble.py::test_cable_*": NO_CABLE,
        "test_address.py::*": NO_CABLE,
        "test_silicon.py::test_no_randomness": NO_FLASH,
        "test_identity.py::test_doctor_without_resolver": RESOLVER,
        "test_provision.py::test_serves_nobody[flipped]": ONCE,
        "test_provision.py::test_serves_nobody[newer]": ONCE,
        "test_provision.py::test_serves_nobody[cut]": ONCE,
        "test_budgets.py::test_high_water_marks": SLOW,
        "test_budgets.py::test_handshake[*]": COUNTED,
        "test_budgets.py::test_text[*]": COUNTED,
    },
    "mps2-an386": {
        **NO_BOARD,
        "test_bytes.py::test_big[*]": SMALL,
        "test_identity.py::test_without_card": NO_SLOT,
        "test_identity.py::test_doctor_without_resolver": RESOLVER,
    },
}


def matches(pattern, node):
    """[ and ] are themselves: they stand in the names of tests."""
    file, _, test = node.partition("::")
    return fnmatch.fnmatchcase(f"{file.rpartition('/')[2]}::{test}",
                               pattern.replace("[", "[[]"))


def why(board, node):
    """The reason why a board cannot run this test, or None."""
    return next((reason for pattern, reason in CANNOT[board].items()
                 if matches(pattern, node)), None)
