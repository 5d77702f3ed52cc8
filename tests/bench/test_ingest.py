"""Tests of what the benchmark concludes from its runs."""

from bench.floor import FloorRun
from bench.generator import Generated
from bench.ingest import HEADS, Figures
from bench.ours import OursRun
from rokuon.selftest.calls import SetupReport

SENT = Generated(
    packets=1, failed=0, seconds=1.0, cpu_s=1.0, us_per_packet=1.4, missed_slots=0,
    p99_late_ms=0, worst_late_ms=0,
)  # fmt: skip
SETUP = SetupReport(
    tried=1, answered=1, failures={}, seconds=1.0, p50_ms=1.0, p99_ms=1.0, worst_ms=1.0
)


def floor(us: float) -> FloorRun:
    return FloorRun(
        stamps=True, packets=1, seconds=1.0, cpu_user_s=0.0, cpu_system_s=us, us_per_packet=us,
        drops=0, calls=1, generator=SENT,
    )  # fmt: skip


def ours(us: float, dropped: int = 0) -> OursRun:
    return OursRun(
        streams=2, packets=1, seconds=1.0, cpu_s=us, us_per_packet=us, cpu_by_process={},
        dropped=dropped, setup=SETUP, generator=SENT,
    )  # fmt: skip


def figures(ours_runs: list[OursRun], floors: list[float]) -> Figures:
    return Figures(
        2, bare=[floor(us) for us in floors], stamps=[floor(us) for us in floors], ours=ours_runs
    )


def test_each_run_is_compared_with_the_floor_of_its_own_turn() -> None:
    """A slow minute of the machine slows both, and must not show as a ratio."""
    measured = figures([ours(1.5), ours(3.0), ours(1.5)], [1.0, 2.0, 1.0])

    assert measured.ratio(measured.stamps) == 1.5
    assert measured.us_per_packet == 1.5
    assert measured.keeps_promises


def test_too_dear_too_slow_or_lossy_is_a_finding() -> None:
    """Three promises, each of which alone can be missed."""
    assert not figures([ours(2.1)], [1.9]).keeps_promises
    assert not figures([ours(1.9)], [1.0]).keeps_promises
    assert not figures([ours(1.0, dropped=1)], [1.0]).keeps_promises


def test_a_row_has_a_cell_for_each_head() -> None:
    """Without the peer its cells stay empty."""
    row = figures([ours(1.5)], [1.0]).row()

    assert len(row) == len(HEADS)
    assert row.count("–") == 2
