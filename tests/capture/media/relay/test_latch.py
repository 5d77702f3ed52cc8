"""Whose packets are a party's."""

import pytest

from capture.links.relay_messages import Latch
from capture.media.relay import latch as relay_latch
from capture.media.relay.kernel_addresses import NO_KEY
from capture.media.relay.latch import FORK_SILENT_S, SILENT_S, STEADY_PACKETS, SourceLatch

HOME, AWAY, STRANGER = 1, 2, 3


def test_signalled_hears_the_addresses_of_the_sdp_and_nobody_else() -> None:
    """A stranger who finds the port is not in the call, however steady."""
    latch = SourceLatch(Latch.SIGNALLED, (HOME, AWAY))

    assert not any(latch.admit(STRANGER, 7, 0.0) for _ in range(10))
    assert latch.key == NO_KEY
    assert latch.take_strangers() == {STRANGER: 10}
    assert latch.take_strangers() == {}


def test_what_need_not_be_looked_at_is_known_by_its_source() -> None:
    """Before anything is spent on what is in it."""
    signalled, nat, anybody = (SourceLatch(rule, (HOME,)) for rule in Latch)
    assert nat.heeds(STRANGER, 0.0)
    assert nat.admit(HOME, 7, 100.0)

    assert [signalled.heeds(each, 0.0) for each in (HOME, STRANGER)] == [True, False]
    assert [nat.heeds(STRANGER, at) for at in (101.0, 100.0 + SILENT_S)] == [False, True]
    assert anybody.heeds(STRANGER, 0.0)


def test_of_several_early_dialogs_one_is_heard_until_it_is_silent() -> None:
    """Two that both send would else take the voice from each other with each packet."""
    latch = SourceLatch(Latch.SIGNALLED, (HOME, AWAY))
    assert latch.admit(HOME, 7, 100.0)
    assert not latch.admit(AWAY, 8, 100.1)
    assert latch.key == HOME

    assert latch.admit(AWAY, 8, 100.0 + FORK_SILENT_S)
    assert latch.key == AWAY


def test_the_fork_that_answers_is_heard_at_once() -> None:
    """The other one may not have heard yet that it has lost."""
    latch = SourceLatch(Latch.SIGNALLED, (HOME, AWAY))
    latch.admit(HOME, 7, 100.0)
    latch.obey(Latch.SIGNALLED, (AWAY,))

    assert latch.admit(AWAY, 8, 100.0)


def test_nat_latches_a_source_that_is_steady() -> None:
    """Four packets of one SSRC; the three before them are not heard."""
    latch = SourceLatch(Latch.NAT, (HOME,))

    assert [latch.admit(AWAY, 7, 0.0) for _ in range(STEADY_PACKETS)] == [False] * 3 + [True]
    assert latch.key == AWAY


def test_nat_counts_each_ssrc_by_itself() -> None:
    """Somebody who tries SSRCs is not a phone."""
    latch = SourceLatch(Latch.NAT, (HOME,))

    assert not any(latch.admit(AWAY, ssrc, 0.0) for ssrc in range(20))


def test_nat_hears_the_signalled_address_at_once() -> None:
    """A peer without NAT loses nothing."""
    latch = SourceLatch(Latch.NAT, (HOME,))

    assert latch.admit(HOME, 7, 0.0)
    assert latch.key == HOME


def test_nat_keeps_to_its_source_while_that_one_is_heard() -> None:
    """Even the signalled address is a stranger then."""
    latch = SourceLatch(Latch.NAT, (HOME,))
    for _ in range(STEADY_PACKETS):
        latch.admit(AWAY, 7, 100.0)

    assert not any(latch.admit(each, 8, 101.0) for each in (HOME, STRANGER) for _ in range(9))
    assert latch.key == AWAY


def test_nat_looks_for_another_source_after_silence() -> None:
    """A phone that changed networks."""
    latch = SourceLatch(Latch.NAT, (HOME,))
    for _ in range(STEADY_PACKETS):
        latch.admit(AWAY, 7, 100.0)
    later = 100.0 + SILENT_S
    heard = [latch.admit(STRANGER, 7, later) for _ in range(STEADY_PACKETS)]

    assert heard == [False] * 3 + [True]


def test_nat_begins_anew_when_the_party_says_another_address() -> None:
    """A re-INVITE has moved it."""
    latch = SourceLatch(Latch.NAT, (HOME,))
    for _ in range(STEADY_PACKETS):
        latch.admit(AWAY, 7, 100.0)
    latch.obey(Latch.NAT, (HOME,))
    assert latch.key == AWAY
    latch.obey(Latch.NAT, (STRANGER,))
    assert latch.key == NO_KEY

    assert latch.admit(STRANGER, 7, 100.0)


def test_a_signalled_source_that_is_no_longer_signalled_is_not_heard() -> None:
    """The fork that lost."""
    latch = SourceLatch(Latch.SIGNALLED, (HOME, AWAY))
    latch.admit(AWAY, 7, 0.0)
    latch.obey(Latch.SIGNALLED, (HOME,))

    assert latch.key == NO_KEY
    assert not latch.admit(AWAY, 7, 0.0)


def test_the_winner_of_a_fork_stays_heard() -> None:
    """What is dropped are the others."""
    latch = SourceLatch(Latch.NAT, (HOME, AWAY))
    latch.admit(AWAY, 7, 0.0)
    latch.obey(Latch.NAT, (AWAY,))

    assert latch.key == AWAY


def test_any_hears_whoever_sent_last() -> None:
    """For peers that are known to be alone on their network."""
    latch = SourceLatch(Latch.ANY)

    assert [latch.admit(each, 7, 0.0) for each in (STRANGER, HOME)] == [True, True]
    assert latch.key == HOME


def test_a_flood_of_strangers_needs_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both counts are bounded."""
    monkeypatch.setattr(relay_latch, "MAX_CANDIDATES", 4)
    latch = SourceLatch(Latch.NAT, (HOME,))
    for key in range(10, 1000):
        latch.admit(key, 7, 0.0)

    assert len(latch._candidates) <= 4
    assert len(latch.take_strangers()) == relay_latch.MAX_STRANGERS


@pytest.mark.parametrize("rule", [Latch.NAT, Latch.ANY])
def test_a_latch_that_is_kept_takes_nobody_else_however_silent_the_party_is(rule: Latch) -> None:
    """Who is called for its place sends to the same port before he has it."""
    latch = SourceLatch(rule, (HOME,))
    assert [latch.admit(AWAY, 7, 0.0) for _ in range(STEADY_PACKETS)][-1]
    latch.obey(rule, (HOME,), is_kept=True)

    assert not any(latch.admit(STRANGER, 8, 10.0) for _ in range(2 * STEADY_PACKETS))
    assert latch.key == AWAY
    latch.obey(rule, (), is_kept=True)  # it has gone
    assert not any(latch.admit(STRANGER, 8, 20.0) for _ in range(2 * STEADY_PACKETS))
    latch.obey(rule, (STRANGER,))  # and he is there
    assert latch.admit(STRANGER, 8, 20.0)
