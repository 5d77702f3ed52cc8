"""kill -9 of the holder while calls are up: everything that they live by is gone."""

from pathlib import Path

from tests.crash.runs import Figures, kill_holder

ANSWERS_WITHIN_S = 5.0
# A second of a 20-ms stream.
MAX_LOST = 50


async def test_capture_heals_when_the_holder_dies(
    tmp_path: Path, seed: int, calls: int, figures: list[Figures]
) -> None:
    """Calls that are up end, and say why; new ones are taken within 5 s, without a person."""
    run = await kill_holder(tmp_path, seed, calls=calls)
    figures.append(run)

    assert run.back_s <= ANSWERS_WITHIN_S
    assert run.account.worst_stream <= MAX_LOST
    assert run.account.holes == 0
    assert run.account.repeated == run.account.strange == 0
    assert [row["state"] for row in run.found] == ["complete"] * (calls + 1)
    whole = [row for row in run.found if not {"no_bye", "recovered"} & {*row["flags"]}]  # type: ignore[misc]  # a list
    assert [row["flags"] for row in whole] == [[]], "the call after that"
    assert run.damaged == []
    assert run.left == []
