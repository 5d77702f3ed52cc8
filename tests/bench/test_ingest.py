"""Tests of what the benchmark concludes from its runs."""

from pathlib import Path

from bench.ingest import HEADS, Figures, turn
from bench.ours import OursRun
from tests.bench.examples import floor, ours, peer


def figures(ours_runs: list[OursRun], bare: list[float], stamps: list[float]) -> Figures:
    """Runs of two streams."""
    return Figures(
        2,
        bare=[floor(us, stamps=False) for us in bare],
        stamps=[floor(us) for us in stamps],
        ours=ours_runs,
    )


def test_each_run_is_compared_with_the_floor_of_its_own_turn() -> None:
    """A slow minute of the machine slows both, and must not show as a ratio."""
    measured = figures([ours(1.5), ours(3.0), ours(1.5)], [1.0, 2.0, 1.0], [1.2, 2.4, 1.2])

    assert measured.ratio(measured.bare) == 1.5
    assert measured.ratio(measured.stamps) == 1.25
    assert measured.us_per_packet == 1.5
    assert measured.missed == []


def test_too_dear_too_slow_or_lossy_is_a_finding() -> None:
    """Three promises, each of which alone can be missed; the bare loop is the floor of them."""
    assert figures([ours(2.1)], [1.9], [2.0]).missed == ["2 streams: 2.10 µs per packet"]
    assert figures([ours(1.9)], [1.0], [1.9]).missed == ["2 streams: 1.90 × the bare loop"]
    assert figures([ours(1.0, dropped=1)], [1.0], [1.0]).missed == ["2 streams: 1 packets lost"]


def test_a_row_has_a_cell_for_each_head_with_the_spread_of_the_runs() -> None:
    """Without the peer its cells stay empty."""
    alone = figures([ours(1.5), ours(1.7), ours(1.6)], [1.0] * 3, [1.2] * 3).row()
    beside = figures([ours(1.5)], [1.0], [1.2])
    beside.relay, beside.relay_pcap = [peer(9.0)], [peer(9.4, recording=True)]

    assert len(alone) == len(HEADS)
    assert alone[3] == "1.60 (1.50–1.70)"
    assert alone.count("–") == 2
    assert beside.row()[6:8] == ["9.00", "9.40"]


def test_a_turn_has_everything_once_and_the_peer_only_where_it_is_comparable() -> None:
    """Beyond a thousand streams relaying is another matter."""
    few = [name for name, _ in turn(Figures(1_000), Path("floor"), 1)]
    many = [name for name, _ in turn(Figures(2_000), Path("floor"), 1)]

    assert few == ["C loop, bare", "ours", "C loop, stamps", "rtpengine", "rtpengine + pcap"]
    assert many == few[:3]
