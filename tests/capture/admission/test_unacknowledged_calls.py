"""How many calls of a source may be answered and unheard of, whatever else it does."""

from ipaddress import ip_network

from capture.admission.unacknowledged_calls import (
    GIVEN_UP_AT_ONCE,
    PATIENCE_S,
    RATE_OVER_S,
    UnheardCalls,
)
from capture.peers.sources import Source
from capture.sip.flow import Address, Flow
from capture.sip.identity import DialogId

SOURCE = Source(
    name="pbx", tenant=b"t" * 16, networks=(ip_network("192.0.2.1/32"),), unacknowledged_calls=3
)
OTHER = Source(name="other", tenant=b"t" * 16, networks=(ip_network("192.0.2.2/32"),))
HERE = Address("192.0.2.9", 5060)


def flow(host: str = "192.0.2.1") -> Flow:
    return Flow(transport="udp", local=HERE, remote=Address(host, 5060))


def dialog(number: int) -> DialogId:
    return DialogId(call_id=b"%d" % number, local_tag=b"ours", remote_tag=b"theirs")


def calls() -> UnheardCalls:
    names = {"192.0.2.1": "pbx", "192.0.2.2": "other"}
    return UnheardCalls(lambda flow: names[flow.remote.host])


def named(name: str) -> Source:
    return SOURCE if name == "pbx" else OTHER


def test_a_source_has_so_many_and_no_more() -> None:
    """Each of another's counts there alone."""
    unheard = calls()
    for number in range(3):
        assert not unheard.is_full(SOURCE, 1.0)
        unheard.answered(dialog(number), flow(), 1.0)

    assert unheard.is_full(SOURCE, 1.0)
    assert not unheard.is_full(OTHER, 1.0)
    unheard.heard(dialog(0))
    assert not unheard.is_full(SOURCE, 1.0)


def test_what_is_heard_counts_once_however_often_that_is_said() -> None:
    """An ACK, and the packet behind it."""
    unheard = calls()
    for number in range(4):
        unheard.answered(dialog(number), flow(), 1.0)
    for _ in range(3):
        unheard.heard(dialog(0))
    unheard.heard(dialog(99))

    assert unheard.is_full(SOURCE, 1.0)
    assert [each for each, _ in unheard] == [dialog(number) for number in (1, 2, 3)]


def test_who_is_answered_often_may_have_two_seconds_of_that_under_way() -> None:
    """A large site is none that floods: at 60 calls a second 120 are under way."""
    unheard = calls()
    for number in range(60 * RATE_OVER_S):
        unheard.answered(dialog(number), flow(), number / 60)
        unheard.heard(dialog(number))
    now_s = float(RATE_OVER_S)
    for number in range(10_000, 10_110):
        unheard.answered(dialog(number), flow(), now_s)
    assert not unheard.is_full(SOURCE, now_s)
    for number in range(10_110, 10_130):
        unheard.answered(dialog(number), flow(), now_s)
    assert unheard.is_full(SOURCE, now_s)

    # A minute later that is history.
    assert unheard.is_full(SOURCE, now_s + RATE_OVER_S)


def test_a_flood_does_not_raise_its_own_bound() -> None:
    """As many as it may are answered, given up and answered again, for a minute."""
    unheard, count, most = calls(), 0, 0
    for tick in range(120):
        now_s = tick / 2
        for gone in unheard.given_up(named, now_s):
            unheard.heard(gone)
        for _ in range(120):
            if not unheard.is_full(SOURCE, now_s):
                unheard.answered(dialog(count), flow(), now_s)
                count += 1
        most = max(most, len(list(unheard)))

    assert most <= SOURCE.unacknowledged_calls


def test_they_are_given_up_a_few_at_a_time() -> None:
    """Sixty inline calls ended at once kept the calls of others waiting for most of a second."""
    unheard = calls()
    for number in range(20):
        unheard.answered(dialog(number), flow(), number / 10)

    first = unheard.given_up(named, 10.0)
    assert first == [dialog(number) for number in range(GIVEN_UP_AT_ONCE)]


def test_calls_wait_for_their_ack_as_long_as_there_is_room() -> None:
    """RFC 3261 gives an ACK 32 s; where others want in, it has as long as three times our 2xx."""
    unheard = calls()
    unheard.answered(dialog(0), flow(), 0.0)
    unheard.answered(dialog(1), flow(), 1.0)
    assert unheard.given_up(named, 30.0) == []

    unheard.answered(dialog(2), flow(), 1.5)
    assert unheard.given_up(named, PATIENCE_S - 0.1) == []
    assert unheard.given_up(named, PATIENCE_S) == [dialog(0)]
    assert unheard.given_up(named, PATIENCE_S + 1) == [dialog(0), dialog(1)]
