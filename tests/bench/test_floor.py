"""Tests of the bare loop: that it is built as it is described, and counts what it reads."""

import shutil
from pathlib import Path

import pytest

from bench import floor
from bench.floor import FloorDidNotStart, built, run_floor
from bench.server import free_port


@pytest.mark.skipif(shutil.which("gcc") is None, reason="gcc is not installed")
def test_the_loop_compiles_and_counts_what_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """With time stamps or without, it reads every packet of the load; else it were no floor."""
    monkeypatch.setattr(floor, "WARM_S", 1)
    monkeypatch.setattr(floor, "FIRST_PORT", free_port())
    with built() as program:
        run = run_floor(program, 1, 1, stamps=True)

    assert run.stamps
    assert run.drops == 0
    assert 20 <= run.packets <= 80
    cost_us = 1e6 * (run.cpu_user_s + run.cpu_system_s) / run.packets
    assert abs(run.us_per_packet - cost_us) <= 1e6 * 0.0001 / run.packets


def test_a_program_that_says_nothing_did_not_start() -> None:
    """A port that is taken must not become a floor of nothing."""
    with pytest.raises(FloorDidNotStart):
        run_floor(Path("/bin/true"), 1, 1, stamps=False)


def test_both_floors_sweep_as_the_recorder_does() -> None:
    """The period is what makes them comparable; only one asks for time stamps."""
    bare = floor._command(Path("p"), 2_000, 60, [])

    assert bare[bare.index("--period-ms") + 1] == "640"
    assert bare[bare.index("--count") + 1] == "2000"
    assert "--stamps" not in bare
