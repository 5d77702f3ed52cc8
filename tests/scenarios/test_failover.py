"""Two recorders of one archive: who is sent away by one is taken by the other.

SIPp signals, ffmpeg speaks, tcpdump is the witness.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

import pytest

from tests.scenarios.bodies import both, description, metadata
from tests.scenarios.exchanges import Elsewhere, Get, Send, answered, hung_up, invite, playing
from tests.scenarios.oracle import same_datagrams
from tests.scenarios.recordings import Recorded, answered_since
from tests.scenarios.second_node import SecondNode, second_node
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak
from tests.scenarios.server import Server
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import now, until
from tests.scenarios.witness import watching

pytestmark = pytest.mark.scenario

CALLS: Final = 20
# A second of a stream, which is what may be lost when all processes die at once.
LOST_AT_MOST: Final = 50


@pytest.fixture
def first(own_server: Server) -> Server:
    """A Rokuon of this test alone."""
    return own_server


@pytest.fixture
def second(first: Server) -> Iterator[SecondNode]:
    """Another node, which archives where the first one does."""
    with second_node(first) as started:
        yield started


def test_who_is_refused_by_a_draining_recorder_is_recorded_by_the_next(
    first: Server, second: SecondNode
) -> None:
    """503 with Retry-After; the client turns to the other one, and all is found in one archive."""
    since = now()
    first.command("drain")
    turned_away = (
        invite(), Get(503, "Retry-After:"), Send("ACK", 1),
        Elsewhere(second.server.sip_port), invite(cseq=2), Get(200), Send("ACK", 2), *hung_up(3),
    )  # fmt: skip
    with playing(first, turned_away, calls=CALLS) as play:
        play.finish()

    rows = until(lambda: _all(answered_since(first, since), CALLS), "the rows of the calls")
    assert len({row["call_id"] for row in rows}) == CALLS
    first.command("drain", "--off")
    with playing(first, (*answered(), *hung_up(2)), calls=1) as play:
        play.finish()
    until(
        lambda: _all(answered_since(first, since), CALLS + 1),
        "a call that the first one took again",
    )


def _all(rows: list[dict[str, Any]], count: int) -> list[dict[str, Any]] | None:
    return rows if len(rows) == count else None


def test_a_call_whose_recorder_dies_goes_on_with_the_next_and_is_one_conversation(
    first: Server, second: SecondNode
) -> None:
    """Both recordings are kept, found together by the communication session.

    Of the first one less than a second is missing at its end, of the other nothing.
    """
    since, number = now(), fresh_number()
    offer = both(description(), metadata(number))
    with watching(second.server.folder, second.server.traffic) as witness:
        with Stage(second.server, witness).call("call", offer) as lost:
            speak(list(zip((CUSTOMER_SAYS, AGENT_SAYS), lost.scene.ports(), strict=True)))
            second.lose_capture()
        before = lost.scene.media()
    with (
        watching(first.folder, first.traffic) as witness,
        Stage(first, witness).call("call", offer) as going_on,
    ):
        speak(list(zip((CUSTOMER_SAYS, AGENT_SAYS), going_on.scene.ports(), strict=True)))
        going_on.hang_up()
        after = going_on.scene.media()

    def two() -> list[dict[str, Any]] | None:
        window = (since.isoformat(), (since + timedelta(minutes=5)).isoformat())
        rows = first.rows(
            "calls", "find", "--from", window[0], "--to", window[1], "--number", number
        )
        return _all(rows, 2)

    rows = sorted(until(two, "two recordings"), key=lambda row: str(row["started_at"]))
    assert len({row["call"] for row in rows}) == 1
    shown = first.value("calls", "show", rows[0]["call"])
    assert [each["recording"] for each in shown["recordings"]] == [r["recording"] for r in rows]
    assert "recovered" in rows[0]["flags"]
    earlier, later = (Recorded(first, {"call": row["recording"]}).datagrams() for row in rows)
    same_datagrams(later, after)
    for port in {datagram.target.port for datagram in before}:
        kept, sent = (
            [d.payload for d in d_s if d.target.port == port] for d_s in (earlier, before)
        )
        assert kept == sent[: len(kept)]
        assert len(sent) - len(kept) <= LOST_AT_MOST
