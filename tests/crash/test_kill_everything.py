"""kill -9 of all processes at once."""

from pathlib import Path

import pytest

from tests.crash.runs import Figures, kill_everything

pytestmark = pytest.mark.slow
# A second of a 20-ms stream.
MAX_LOST = 50


async def test_what_is_lost_with_all_processes_is_less_than_a_second(
    tmp_path: Path, seed: int, calls: int, figures: list[Figures]
) -> None:
    """What was swept is in the page cache: sealed by the keeper or by `rokuon recover`, found."""
    run = await kill_everything(tmp_path, seed, calls=calls)
    figures.append(run)

    assert run.account.worst_stream <= MAX_LOST
    assert run.account.holes == 0, "a sweep takes a queue from its beginning"
    assert run.account.repeated == run.account.strange == 0
    assert len(run.found) == calls
    assert all("recovered" in row["flags"] for row in run.found)  # type: ignore[operator]  # a list
    assert run.parts == calls
    assert run.damaged == []
    assert run.left == []
