"""The kill suite's seeds, and its figures behind the last test.

`make crash` (which sets `SEED`) runs 20 seeds of every kind of kill from that one on, `--seeds N`
another number of them; among all other tests one small run of the two hardest kinds has to do.
"""

import os
from typing import Final

import pytest

from tests.crash.condemned import Condemned
from tests.crash.runs import CALLS, Figures

SEEDS: Final = 20
SMOKE_CALLS: Final = 10
SMOKE: Final = ("test_a_killed_worker_loses_nothing", "test_what_is_lost_with_all_processes")
FIGURES: Final = pytest.StashKey[dict[str, list[Figures]]]()
CONDEMNED: Final = pytest.StashKey[list[Condemned]]()
DISKS: Final = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, help="seeds of each kind of kill")


def is_smoke(config: pytest.Config) -> bool:
    """Whether nobody asked for the kill suite itself."""
    return config.getoption("--seeds") is None and "SEED" not in os.environ


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        first = int(os.environ.get("SEED", "1"))
        count = metafunc.config.getoption("--seeds") or SEEDS
        if is_smoke(metafunc.config):
            count = 1 if metafunc.function.__name__.startswith(SMOKE) else 0
        metafunc.parametrize("seed", range(first, first + count))


@pytest.fixture
def calls(request: pytest.FixtureRequest) -> int:
    """How many calls are up when something is killed."""
    return SMOKE_CALLS if is_smoke(request.config) else CALLS


@pytest.fixture
def figures(request: pytest.FixtureRequest) -> list[Figures]:
    """Where a run's figures are put for the table."""
    kept = request.config.stash.setdefault(FIGURES, {})
    name: str = request.node.originalname.removeprefix("test_").replace("_", " ")
    kind = request.node.callspec.params.get("transport")
    return kept.setdefault(f"{name} ({kind.name})" if kind else name, [])


@pytest.fixture
def condemned(request: pytest.FixtureRequest) -> list[Condemned]:
    """Where what became of plans is put for the table."""
    return request.config.stash.setdefault(CONDEMNED, [])


@pytest.fixture
def disks(request: pytest.FixtureRequest) -> list[str]:
    """Where what was seen of a broken disk is put for the table."""
    return request.config.stash.setdefault(DISKS, [])


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """A line for each kind of kill: what was sent, what was lost, the worst stream and time."""
    for line in config.stash.get(DISKS, []):
        terminalreporter.write_line(line)
    runs = config.stash.get(CONDEMNED, [])
    if runs:
        kills = [kill for run in runs for kill in run.kills]
        within = sum(kill.is_within for kill in kills)
        keyless = sum("keyless" in kill.stages for kill in kills)
        terminalreporter.write_line(
            f"destruction: {len(runs)} runs, {len(kills)} kills, {within} of them within a batch,"
            f" {keyless} with keys gone and files not"
        )
    for name, figures in config.stash.get(FIGURES, {}).items():
        sent = sum(run.account.sent for run in figures)
        lost = sum(run.account.lost for run in figures)
        worst = max((run.account.worst_stream for run in figures), default=0)
        back_ms = 1_000 * max((run.back_s for run in figures), default=0.0)
        silent_ms = 1_000 * max((run.silent_s for run in figures), default=0.0)
        killed = sum(len(run.killed) for run in figures)
        terminalreporter.write_line(
            f"{name}: {len(figures)} runs, {killed} kills, {sent} packets sent, {lost} lost,"
            f" at most {worst} of a stream"
            + (f"; answered again within {back_ms:.0f} ms" if back_ms else "")
            + (f"; silent for at most {silent_ms:.0f} ms" if silent_ms > 0 else "")
        )
