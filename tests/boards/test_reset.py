# SPDX-License-Identifier: BSD-3-Clause
"""The reset button at any instant while clients send, in clear and in TLS:
all that was answered by 250 is on the card, whole, and nothing else but what
nobody was told anything about. See ../interop/test_kill.py."""
import functools
import random

import pytest

from history import Spool, seed
from load import Death, Ledger, Senders, by_smtplib

EVENTS = 60      # pieces sent and replies, before a reset, at the most
INSTANT = 0.05   # and seconds


def in_clear(life, letters, pki):
    del pki
    by_smtplib(life, letters)


def in_tls(life, letters, pki):
    """Of each life it has the certificate."""
    by_smtplib(life, letters, pki.context())


# A handshake is a hundred million instructions: few of the twenty have one.
@pytest.mark.parametrize("resets, kinds", [
    (16, [in_clear, in_clear]), (4, [in_tls])], ids=["clear", "TLS"])
def test_reset_at_any_instant(launch, pki, resets, kinds):
    mx = launch(tls=in_tls in kinds)
    ledger, spool = Ledger(seed()), Spool(mx.machine.card)
    chance = random.Random(ledger.seed)
    bound = [functools.partial(kind, pki=pki) for kind in kinds]
    with Senders(ledger, bound) as senders:
        for _ in range(resets):
            death = Death(chance.randrange(1, EVENTS),
                          chance.random() * INSTANT)
            senders.begin(mx.port, death)
            death.wait()
            senders.stop()
            mx.reset()
            senders.rest()
            ledger.settle(spool.look())
    print(f"{resets} resets; {ledger}")
    ledger.check_senders(len(kinds), 1)
