"""kill -9 of signalling while calls are up."""

from pathlib import Path

import pytest

from rokuon.selftest.signalling import Transport
from tests.crash.runs import Figures, kill_signalling

pytestmark = pytest.mark.slow

ANSWERS_WITHIN_S = 1.0


@pytest.mark.parametrize("transport", list(Transport), ids=lambda transport: transport.name)
async def test_calls_outlive_signalling(
    tmp_path: Path, seed: int, transport: Transport, calls: int, figures: list[Figures]
) -> None:
    """The live calls are the holder's: OPTIONS is answered again within 1 s, BYE ends each call."""
    run = await kill_signalling(tmp_path, seed, transport, calls=calls)
    figures.append(run)

    assert run.back_s <= ANSWERS_WITHIN_S
    assert run.account.missing == {}
    assert run.account.repeated == run.account.strange == 0
    assert [(row["state"], row["flags"]) for row in run.found] == [("complete", [])] * calls
    assert run.parts == calls
    assert run.damaged == []
    assert run.left == []
