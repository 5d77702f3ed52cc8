"""The exchanges of RFC 3261, 3262, 3264, 3311, 4028 and 6086, over three transports, by SIPp.

Over UDP one message in ten is lost, in either direction.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.scenarios.exchanges import EXCHANGES, Transport, playing, recordings_of
from tests.scenarios.recordings import answered_since
from tests.scenarios.server import Server, running
from tests.scenarios.waiting import now, until

pytestmark = pytest.mark.scenario

CALLS: Final = 10
LOST: Final[dict[Transport, int]] = {"udp": 10, "tcp": 0, "tls": 0}
SILENCE_S: Final = 60


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A Rokuon that lets calls be silent for a while: what is lost is repeated meanwhile."""
    with (
        tempfile.TemporaryDirectory(prefix="rk") as folder,
        running(Path(folder), timeout_s=SILENCE_S) as started,
    ):
        yield started


@pytest.mark.parametrize("transport", LOST)
@pytest.mark.parametrize("name", EXCHANGES)
def test_an_exchange_goes_as_its_rfc_says(server: Server, name: str, transport: Transport) -> None:
    """Ten times, and as many rows as calls that were taken: none twice, none left open.

    Nobody speaks in them, so that there is no recording.
    """
    _, steps = EXCHANGES[name]
    since, lost = now(), LOST[transport]
    with playing(server, steps, calls=CALLS, transport=transport, lost=lost) as play:
        play.finish()

    expected = CALLS * recordings_of(steps)
    rows = until(
        lambda: _complete(answered_since(server, since), expected), "the rows", within_s=15
    )
    assert len(rows) == expected
    assert {row["detail"] for row in rows} <= {"bye"}, "each was ended by its BYE"


def _complete(rows: list[dict[str, Any]], expected: int) -> list[dict[str, Any]] | None:
    return rows if len(rows) >= expected else None
