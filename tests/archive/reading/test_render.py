"""The renderer alone: which packet wins a moment, and what a range asks for."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from numpy.typing import NDArray

from archive.reading.sound import g711
from archive.reading.timeline import SampleRange
from tests.archive.reading.scenes import PACKET, Talk
from tests.archive.reading.vectors import without_pyav
from tests.support.reading.render import chaos, renderer

__all__ = ["without_pyav"]


def test_the_earlier_timestamp_wins_then_who_came_first() -> None:
    """One rule for every overlap, so that every range agrees."""
    talks = [Talk(packets=10, seed=n, timestamp=40_000 + 80 * (n // 2)) for n in range(4)]
    packets = [
        replace(p, arrival_us=p.arrival_us + n) for n, talk in enumerate(talks) for p in talk.sent()
    ]
    made, _ = renderer(packets)
    audio = made.render(SampleRange(0, 1_680), [0])[:, 0]

    # Talks 0 and 1 begin every packet at the same sample, 2 and 3 half a packet later.
    firsts, thirds = (g711.decode(talks[n].payloads(), "PCMU") for n in (0, 2))
    expected = np.concatenate([firsts[0], *(row[80:] for row in _woven(thirds, firsts))])
    assert np.array_equal(audio, expected)


def _woven(one: NDArray[np.int16], other: NDArray[np.int16]) -> list[NDArray[np.int16]]:
    """Rows in turn: the first's, then the second's next one."""
    pairs = zip(one, [*other[1:], other[0][:0]], strict=True)
    return [row for pair in pairs for row in pair]


def test_a_long_packet_that_comes_late_still_goes_before_its_neighbour() -> None:
    """The order of the sender decides, not that of the network."""
    packets = Talk(packets=10).sent()
    packets[3] = replace(
        packets[3],
        datagram=packets[3].datagram + bytes(80),
        arrival_us=packets[4].arrival_us + 1,
    )
    made, _ = renderer(packets)
    audio = made.render(SampleRange(4 * PACKET, 4 * PACKET + 80), [0])

    assert set(audio[:, 0].tolist()) == {-32_124}


def test_a_restarted_sender_fills_no_hole_of_its_former_life() -> None:
    """The same timestamps come again, later: they are other words."""
    first = Talk(packets=100)
    again = Talk(packets=100, seed=2, begin_us=first.begin_us + 10_000_000, sequence=30_000)
    packets = first.sent()
    del packets[50]
    made, _ = renderer([*packets, *again.sent()])

    audio = made.render(SampleRange(0, 100_000), [0])
    assert not audio[50 * PACKET : 51 * PACKET].any()


def test_a_late_packet_with_a_wild_timestamp_is_not_heard() -> None:
    """It belongs nowhere on this line; a hole there stays a hole."""
    packets = Talk(packets=2_600).sent()
    wild = packets[10].datagram[:4] + (40_000 + 2_500 * PACKET).to_bytes(4, "big")
    packets[10] = replace(
        packets[10],
        datagram=wild + packets[10].datagram[8:],
        arrival_us=packets[20].arrival_us + 1,
    )
    del packets[2_500]
    made, _ = renderer(packets)

    audio = made.render(SampleRange(0, 2_600 * PACKET), [0])
    assert not audio[2_500 * PACKET : 2_501 * PACKET].any()


def test_a_range_reads_its_own_frames_only() -> None:
    """A seek must not read what it does not play."""
    made, shown = renderer(Talk(packets=3_000).sent())
    made.render(SampleRange(240_000, 248_000), [0])
    ((start, stop),) = shown.asked
    assert stop is not None
    inside = [f for f in shown.frames_held if start <= f.position < stop]

    assert 3 <= len(inside) <= 8


def test_two_laws_in_one_source_are_decoded_each_by_its_own() -> None:
    """A sender may change its codec from one packet to the next."""
    packets = Talk(packets=10).sent()
    mixed = [
        replace(p, datagram=p.datagram[:1] + bytes([8 * (n % 2)]) + p.datagram[2:])
        for n, p in enumerate(packets)
    ]
    made, _ = renderer(mixed)
    audio = made.render(SampleRange(0, 1_600), [0])[:, 0]

    codes = Talk(packets=10).payloads()
    for n in range(10):
        law: g711.Law = "PCMA" if n % 2 else "PCMU"
        assert np.array_equal(audio[n * PACKET : (n + 1) * PACKET], g711.decode(codes[n], law))


@pytest.mark.usefixtures("without_pyav")
def test_a_codec_that_is_not_here_is_silent_where_it_came_and_nowhere_else() -> None:
    """A minute of G.729 must not cost the hour of G.711 around it."""
    talk = Talk(packets=100)
    packets = talk.sent()
    packets[50] = replace(
        packets[50], datagram=packets[50].datagram[:1] + b"\x12" + packets[50].datagram[2:]
    )
    made, _ = renderer(packets)

    expected = g711.decode(talk.payloads(), "PCMU")
    expected[50] = 0
    assert np.array_equal(made.render(SampleRange(0, 100 * PACKET), [0])[:, 0], expected.ravel())


def test_two_sources_at_once_give_the_earlier_span_the_word() -> None:
    """Whoever breaks into a stream does not silence who was speaking."""
    first = Talk(packets=20)
    second = Talk(packets=20, ssrc=9, seed=3, begin_us=first.begin_us + 200_000)
    made, _ = renderer([*first.sent(), *second.sent()])
    audio = made.render(SampleRange(0, 30 * PACKET), [0])[:, 0]

    whole = g711.decode(first.payloads().reshape(-1), "PCMU")
    rest = g711.decode(second.payloads().reshape(-1), "PCMU")
    assert np.array_equal(audio[: 20 * PACKET], whole)
    assert np.array_equal(audio[20 * PACKET :], rest[10 * PACKET :])


# Each file once more in sixty pieces.
@pytest.mark.timeout(1_200)
@pytest.mark.parametrize("files", [2, pytest.param(40, marks=pytest.mark.slow)])
def test_chaos_sounds_the_same_in_any_pieces(files: int) -> None:
    """Whatever a sender does, a player's ranges must add up to the file."""

    @settings(max_examples=files, deadline=None)
    @given(st.integers(0, 1 << 32), st.integers(1, 60_000), st.integers(1, 40))
    def adds_up(seed: int, size: int, per_frame: int) -> None:
        made, _ = renderer(chaos(seed), per_frame)
        total = made.timeline.samples
        whole = made.render(SampleRange(0, total), [0])
        starts = range(0, total, max(size, total // 60))
        ends = [*starts[1:], total]
        pieces = [made.render(SampleRange(a, b), [0]) for a, b in zip(starts, ends, strict=True)]

        assert np.array_equal(np.concatenate(pieces), whole)

    adds_up()
