"""Whose packets are heard, by the rule of ADR 29: what anybody may send, and what follows."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings, strategies as st

from archive.format.media_latch import MAX_CANDIDATES, SILENT_US, Latch, Place
from tests.support.archive.media_latch import (
    OTHER,
    PARTY,
    PTIME_US,
    SECOND,
    Sent,
    heard,
    noises,
    sender,
    talk,
)


def told(place: str = PARTY, port: int = 4000) -> Latch:
    return Latch("first", Place.of(place, port))


@settings(max_examples=60)
@given(noises, st.booleans())
def test_whoever_sends_beside_a_party_that_talks_is_never_heard(
    noise: list[Sent], is_told: bool
) -> None:
    """It began before them; the description may name it or nobody."""
    party = talk(sender(), begin_us=-SECOND * PTIME_US, packets=7 * SECOND)
    latch = told() if is_told else told("10.0.0.1")

    assert heard(latch, [*party, *noise])[1] == party


@settings(max_examples=60)
@given(noises)
def test_a_party_where_the_description_says_is_heard_whoever_was_first(noise: list[Sent]) -> None:
    """Three of its packets are lost at the most, while it is not known to be steady."""
    begin_us = 3_000_000
    party = talk(sender(), begin_us=begin_us, packets=4 * SECOND)

    kept = heard(told(), [*noise, *party])[1]

    assert [each for each in kept if each.by == sender()][-len(party) + 3 :] == party[3:]
    after_us = begin_us + 3 * PTIME_US
    assert {each.by for each in kept if each.at_us >= after_us and each <= party[-1]} == {sender()}


@settings(max_examples=60)
@given(noises)
def test_under_signalled_nobody_is_heard_but_at_the_address_of_the_description(
    noise: list[Sent],
) -> None:
    """Whatever its port: a client need not send from where it receives (RFC 3264 §5.1)."""
    party = talk(sender(port=5000), begin_us=4_000_000)
    latch = Latch("signalled", Place.of(PARTY, 4000))

    assert heard(latch, [*noise, *party])[1] == party


def test_under_signalled_a_host_by_name_is_as_first() -> None:
    """A name is no address: else nobody would ever be heard."""
    party = talk(sender())

    assert heard(Latch("signalled", Place.of("sbc.example", 4000)), party)[1] == party


@pytest.mark.parametrize("silence_us", [SILENT_US, SILENT_US - PTIME_US])
def test_another_is_heard_from_its_first_packet_on_after_two_seconds_of_silence(
    silence_us: int,
) -> None:
    """Not before: what comes while the party may still talk is kept aside."""
    party = talk(sender())
    other = talk(sender(port=4002), begin_us=party[-1].at_us + silence_us)

    latch, kept = heard(told("10.0.0.1"), [*party, *other])

    early = (SILENT_US - silence_us) // PTIME_US
    assert kept == [*party, *other[early:]]
    assert not latch.is_crowded


def test_whoever_was_heard_in_a_silence_gives_way_to_the_party_where_it_is_told_to_be() -> None:
    """Silence suppression gives the place to nobody for good."""
    party = talk(sender())
    stranger = talk(sender(OTHER), begin_us=3_500_000, packets=5 * SECOND)
    again = talk(sender(), begin_us=6_000_000)

    latch, kept = heard(told(), [*party, *stranger, *again])

    assert kept == [*party, *[one for one in stranger if one < again[3]], *again[3:]]
    assert latch.is_crowded


def test_a_new_ssrc_from_the_same_address_is_heard_whole() -> None:
    """A client that transfers begins a new source at once (RFC 3550 §8.2)."""
    first = talk(sender())
    second = talk(sender(ssrc=2), begin_us=first[-1].at_us + PTIME_US)
    third = talk(sender(ssrc=3), begin_us=second[-1].at_us + PTIME_US)

    latch, kept = heard(told("10.0.0.1"), [*first, *second, *third])

    assert kept == [*first, *second, *third]
    assert latch.aside == 0


@given(st.integers(1, PTIME_US - 1), st.integers(1, 40))
def test_two_sources_of_one_address_at_the_same_time_are_not_both_heard(
    offset_us: int, rate: int
) -> None:
    """The second is kept aside, however fast it sends between two packets of the first."""
    party = talk(sender(), packets=2 * SECOND)
    beside = [
        Sent(500_000 + offset_us + n * PTIME_US // rate, sender(ssrc=2)) for n in range(20 * rate)
    ]

    latch, kept = heard(told("10.0.0.1"), [*party, *beside])

    assert kept == party
    assert latch.is_crowded


def test_a_stray_packet_before_the_call_costs_the_party_nothing() -> None:
    """A single one is heard as long as nobody is steady, and is no crowd."""
    stray = [Sent(0, sender(OTHER))]
    party = talk(sender(), begin_us=100_000)

    latch, kept = heard(told("10.0.0.1"), [*stray, *party])

    assert kept == [*stray, *party]
    assert not latch.is_crowded


def test_a_burst_is_not_steady() -> None:
    """Whoever guesses a port and sends hundreds at once in a silence is not heard for it."""
    party = talk(sender())
    begin_us = party[-1].at_us + SILENT_US
    burst = [Sent(begin_us + n * 100, sender(OTHER)) for n in range(400)]
    again = talk(sender(), begin_us=burst[-1].at_us + PTIME_US)

    assert heard(told("10.0.0.1"), [*party, *burst, *again])[1] == [*party, *again]


@pytest.mark.parametrize("port", [4000, 7000])
def test_after_another_description_the_party_may_come_from_elsewhere_at_once(port: int) -> None:
    """At its new address, or behind address translation from any; whole where the old one ends."""
    latch, _ = heard(told(), talk(sender()))
    latch = latch.describe("first", Place.of("192.0.2.2", 4000))
    old = talk(sender(), begin_us=1_000_000, packets=10)
    new = talk(sender(OTHER, port), begin_us=1_210_000)

    assert heard(latch, [*old, *new])[1] == [*old, *new]


def test_where_two_overlap_after_a_description_each_packet_is_of_one_of_them() -> None:
    """The old one until the new one is steady."""
    latch, _ = heard(told(), talk(sender()))
    latch = latch.describe("first", Place.of("192.0.2.2", 4000))
    old = talk(sender(), begin_us=1_000_000, packets=20)
    new = talk(sender(OTHER), begin_us=1_210_000)

    assert heard(latch, [*old, *new])[1] == sorted([*old[:14], *new[3:]])


def test_the_same_description_again_opens_nothing() -> None:
    """A session refresh repeats it every few minutes."""
    latch, _ = heard(told("10.0.0.1"), talk(sender()))
    party = talk(sender(), begin_us=1_000_000)

    latch = latch.describe("first", Place.of("10.0.0.1", 4000))

    assert heard(latch, [*party, *talk(sender(OTHER), begin_us=1_000_000)])[1] == party


def test_who_is_further_off_than_the_party_gains_nothing_by_a_description() -> None:
    """The party is at its new address, and sends from another port than it says."""
    latch, _ = heard(told(), talk(sender(port=5000)))
    latch = latch.describe("first", Place.of(PARTY, 4002))
    party = talk(sender(port=5000), begin_us=1_000_000, packets=2 * SECOND)
    beside = talk(sender(OTHER), begin_us=1_000_007)

    assert heard(latch, [*party, *beside])[1] == party


def test_who_takes_a_description_as_his_moment_is_late_after_two_seconds() -> None:
    """Who is heard under the new one, and goes on, is the party."""
    latch, _ = heard(told("10.0.0.1"), talk(sender()))
    latch = latch.describe("first", Place.of("10.0.0.2", 4000))
    party = talk(sender(), begin_us=1_000_000, packets=6 * SECOND)
    late = talk(sender(OTHER), begin_us=1_000_000 + SILENT_US, packets=2 * SECOND)

    assert heard(latch, [*party, *late])[1] == party


@given(st.integers(0, 3_000_000))
def test_a_latch_that_was_taken_over_hears_whom_its_predecessor_did(early_us: int) -> None:
    """A part begins in the middle of a call; a stranger that is quicker gains nothing."""
    latch = Latch.taken_over("first", Place.of("10.0.0.1", 4000), sender())
    party = talk(sender(), begin_us=3_000_000)
    early = talk(sender(OTHER), begin_us=party[0].at_us - early_us // 2, packets=2 * SECOND)

    assert heard(latch, [*early, *party])[1] == party


@given(st.integers(2, 200))
def test_what_is_remembered_of_others_is_bounded(others: int) -> None:
    """Also of a flood that changes its port with each packet, in a silence."""
    latch, _ = heard(told(), talk(sender()))
    flood = [Sent(5_000_000 + n, sender(OTHER, 1000 + n)) for n in range(others)]

    latch, _ = heard(latch, flood)

    assert len(latch.candidates) <= MAX_CANDIDATES


def strays(count: int, every_us: int) -> Sequence[Sent]:
    return [Sent(n * every_us + 7, sender(OTHER, 1000 + n)) for n in range(count)]


@pytest.mark.parametrize(("every_us", "is_told"), [(SILENT_US - 1, True), (SILENT_US, False)])
def test_strays_are_told_of_where_one_follows_the_other(every_us: int, is_told: bool) -> None:
    """A packet now and then is what every open port gets."""
    party = talk(sender(), packets=10 * 2 * SECOND)
    assert heard(told(), [*party, *strays(6, every_us)])[0].is_crowded is is_told
