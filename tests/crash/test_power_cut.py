"""The power goes while calls come and go; the keeper of the next start closes what is there."""

from pathlib import Path
from typing import Final

import pytest

from tests.crash.power import why_not
from tests.crash.power_cut import CUTS, cut_the_power
from tests.crash.runs import Figures

pytestmark = [pytest.mark.slow, pytest.mark.skipif(bool(why_not()), reason=why_not())]

# Two seconds of a 20-ms stream.
MAX_LOST: Final = 100


async def test_after_a_power_cut_at_most_two_seconds_of_a_call_are_missing(
    tmp_path: Path, seed: int, figures: list[Figures]
) -> None:
    """And no row is without its file, no file without its row, nothing damaged or left behind."""
    cuts = await cut_the_power(tmp_path, seed)

    figures += [run for run, _ in cuts]
    assert len(cuts) == CUTS
    for run, rows in cuts:
        assert run.account.worst_stream <= MAX_LOST
        assert run.account.holes == 0, "what is missing is missing at the end"
        assert run.account.repeated == run.account.strange == 0
        assert run.damaged == []
        assert run.left == []
        assert len(run.found) == len(rows.told) > 0
        assert rows.told == rows.there
        assert rows.loose == 0
