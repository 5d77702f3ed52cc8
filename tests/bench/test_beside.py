"""Tests of what is said of calls that were recorded while people listened and searched."""

from dataclasses import replace

from bench.beside import HEADS, Asked, Kept, packets_of
from tests.bench.examples import ours, sent, setup
from tests.support.bench.beside import ALONE, beside
from tests.support.bench.questions import api


def test_twice_the_searchs_own_time_is_kept_and_more_is_not() -> None:
    """Up to and with what is promised; what is missed is said with its figure."""
    assert beside().is_kept(ALONE)
    assert beside().limits(ALONE) == []
    assert not beside(p99_ms=84.0).is_kept(ALONE)
    assert beside(p99_ms=84.0).limits(ALONE) == ["search p99 2.1 × its own alone"]


def test_a_packet_that_no_recording_has_is_lost() -> None:
    """By the far end's count: whatever the recorder's sockets say."""
    short = beside(kept=Kept(sent=10_000, recordings=500, packets=9_997))

    assert short.lost == 3
    assert not short.is_kept(ALONE)
    assert short.limits(ALONE) == ["3 packets sent that no recording has"]


def test_a_dropped_packet_is_lost_once() -> None:
    """The recording misses the same ones; what could not be sent comes to it."""
    run = ours(1.5, dropped=3, began=setup(500), load=sent(failed=2))
    short = beside(run=run, kept=Kept(sent=10_000, recordings=500, packets=9_997))

    assert short.lost == 5


def test_a_silence_a_refusal_or_a_call_that_did_not_come_about_is_not_kept() -> None:
    """Nobody's player runs dry, every search is answered, every call is recorded."""
    late, failed = replace(ALONE, late=1), replace(ALONE, failed=1)

    assert not beside(asked=Asked(heard=late, searched=ALONE)).is_kept(ALONE)
    assert not beside(asked=Asked(heard=failed, searched=ALONE)).is_kept(ALONE)
    assert not beside(asked=Asked(heard=ALONE, searched=failed)).is_kept(ALONE)
    assert not beside(run=ours(1.5, began=setup(499))).is_kept(ALONE)


def test_a_row_has_a_cell_for_each_head() -> None:
    """The table is read by its heads."""
    assert len(beside().row(ALONE)) == len(HEADS)


def test_the_packets_of_a_recording_are_those_of_all_its_parts() -> None:
    """As the HTTP interface tells them."""
    asked: list[str] = []
    with api(200, asked, {"parts": [{"packets": 3}, {"packets": 4}]}) as client:
        assert packets_of(client, "one") == 7

    assert asked[0].endswith("/api/v1/recordings/one/parts")
