"""kill -9 of ingest workers while calls are up."""

from pathlib import Path

from tests.crash.runs import Figures, kill_workers


async def test_a_killed_worker_loses_nothing(
    tmp_path: Path, seed: int, calls: int, figures: list[Figures]
) -> None:
    """Sockets and ring are the holder's: every packet sent is exported, once."""
    run = await kill_workers(tmp_path, seed, calls=calls)
    figures.append(run)

    assert run.account.missing == {}
    assert run.account.repeated == run.account.strange == 0
    assert len(run.found) == calls
    assert {row["state"] for row in run.found} == {"complete"}
    assert all("packets_lost" not in row["flags"] for row in run.found)  # type: ignore[operator]  # a list
    assert run.damaged == []
    assert run.left == []
    assert run.parts > calls, "a worker was killed, so a recording has a second part"
