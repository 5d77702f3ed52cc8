"""kill -9 of each part while inline calls go through it: both parties talk on, nothing is lost."""

from pathlib import Path

import pytest

from tests.crash.inline import (
    InlineFigures,
    Kill,
    kill_everything,
    kill_holder,
    kill_relays,
    kill_signalling,
    kill_workers,
    killed_while_talking,
)
from tests.crash.runs import Figures

pytestmark = pytest.mark.slow

SILENT_AT_MOST_S = 0.3
ANSWERS_WITHIN_S = 1.0
# What a busy machine does to anybody's 20 ms; who is not killed goes on all the same.
UNDISTURBED_S = 0.1
# A second of a 20-ms stream.
MAX_LOST = 50


async def run_of(folder: Path, seed: int, kill: Kill, figures: list[Figures]) -> InlineFigures:
    """A run whose recordings are whole: one a call, with every packet that was said, once."""
    run = await killed_while_talking(folder, seed, kill)
    figures.append(run.figures)
    account, calls = run.figures.account, len(run.invites)

    assert account.missing == {}
    assert account.repeated == account.strange == 0
    assert len(run.figures.found) == calls
    assert {row["state"] for row in run.figures.found} == {"complete"}
    assert run.figures.damaged == []
    assert run.figures.left == []
    assert run.unheard == 0, "the other party hears everything, late if need be"
    assert run.invites == [1] * calls, "the callee is called once"
    assert run.strange == [], "nothing is said of a call that is over"
    return run


async def test_inline_calls_outlive_their_relays(
    tmp_path: Path, seed: int, figures: list[Figures]
) -> None:
    """The gap is measured where the other party hears, by the kernel's time of arrival."""
    run = await run_of(tmp_path, seed, kill_relays, figures)

    assert run.figures.silent_s <= SILENT_AT_MOST_S


async def test_inline_calls_outlive_signalling(
    tmp_path: Path, seed: int, figures: list[Figures]
) -> None:
    """Media does not notice; OPTIONS in each dialog is answered in time, BYE reaches the callee."""
    run = await run_of(tmp_path, seed, kill_signalling, figures)
    run.figures.back_s = run.slowest_answer_s

    assert run.figures.silent_s <= UNDISTURBED_S
    assert run.slowest_answer_s <= ANSWERS_WITHIN_S
    assert run.figures.parts == len(run.invites), "nobody began a recording anew"


async def test_inline_calls_outlive_their_ingest_workers(
    tmp_path: Path, seed: int, figures: list[Figures]
) -> None:
    """The relay goes on alone; what it landed waits in the ring for the successor."""
    run = await run_of(tmp_path, seed, kill_workers, figures)

    assert run.figures.silent_s <= UNDISTURBED_S
    assert all("packets_lost" not in str(row["flags"]) for row in run.figures.found)


@pytest.mark.parametrize("calls", [5])
async def test_inline_calls_lose_less_than_a_second_with_all_processes(
    tmp_path: Path, seed: int, calls: int, figures: list[Figures]
) -> None:
    """What was swept is in the page cache, as with a recording session."""
    run = await kill_everything(tmp_path, seed, calls=calls)
    figures.append(run)

    assert run.account.worst_stream <= MAX_LOST
    assert run.account.holes == 0, "a sweep takes a ring from its beginning"
    assert run.account.repeated == run.account.strange == 0
    assert len(run.found) == calls
    assert all("recovered" in str(row["flags"]) for row in run.found)
    assert run.damaged == []
    assert run.left == []


@pytest.mark.parametrize("calls", [5])
async def test_inline_calls_end_when_the_holder_dies(
    tmp_path: Path, seed: int, calls: int, figures: list[Figures]
) -> None:
    """Both parties get a BYE and can call again; what they said until then is recorded."""
    run = await kill_holder(tmp_path, seed, calls=calls)
    figures.append(run)

    assert run.account.worst_stream <= MAX_LOST
    assert run.account.holes == 0
    assert run.account.repeated == run.account.strange == 0
    assert len(run.found) == calls + 1
    assert sum("no_bye" in str(row["flags"]) for row in run.found) == calls
    assert run.damaged == []
    assert run.left == []
