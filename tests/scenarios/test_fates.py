"""What becomes of every call, and what is wrong with one while it is up."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.scenarios.bodies import alone, both, description, metadata
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, speak, speaking
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import met, until

pytestmark = pytest.mark.scenario

VIDEO = "v=0\r\nc=IN IP4 127.0.0.2\r\nm=video 9 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"


def ledger(stage: Stage, since: datetime) -> list[dict[str, Any]]:
    """The calls that began since then."""
    window = (since.isoformat(), (since + timedelta(hours=1)).isoformat())
    return stage.server.rows("calls", "ledger", "--from", window[0], "--to", window[1])


def test_every_call_has_a_row_also_after_the_index_was_built_anew(stage: Stage) -> None:
    """Recorded, without a packet, and refused because nothing in the offer can be kept."""
    offer = both(description(), metadata(fresh_number()))
    with stage.call("call", offer) as spoken:
        customer, agent = spoken.scene.ports()
        speak([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)])
        spoken.hang_up()
    with stage.call("call", both(description(), metadata(fresh_number()))) as silent:
        silent.scene.ports()
        silent.hang_up()
    with stage.call("refused", alone(VIDEO)) as bad:
        bad.client.finish()

    began = datetime.fromtimestamp(spoken.scene.invited().at_us / 1_000_000, UTC)
    since = began - timedelta(milliseconds=1)

    def told() -> list[dict[str, Any]] | None:
        rows = ledger(stage, since)
        return rows if len(rows) == 3 else None

    rows = until(told, "three rows", within_s=20)
    assert [(row["fate"], row["status"]) for row in rows] == [
        ("recorded", 200), ("without audio", 200), ("refused", 488),
    ]  # fmt: skip
    assert "no audio is offered" in rows[2]["detail"]
    stage.server.command("index", "rebuild")
    assert ledger(stage, since) == rows
    assert recorded_of(spoken.scene)


def troubles(stage: Stage) -> set[str]:
    """What is wrong with any call that is up."""
    rows = stage.server.rows("calls", "live", expected=None)
    return {trouble for row in rows for trouble in row["troubles"]}


def test_what_is_wrong_with_a_live_call_is_told(stage: Stage) -> None:
    """Nothing comes; then one side; then all is well."""
    with stage.call("call", both(description(), metadata(fresh_number()))) as call:
        customer, agent = call.scene.ports()
        met(lambda: troubles(stage) == {"no_rtp"}, "silence told", within_s=6)
        with speaking([(CUSTOMER_SAYS, customer)]):
            met(lambda: troubles(stage) == {"one_way"}, "one side told", within_s=6)
        with speaking([(CUSTOMER_SAYS, customer), (AGENT_SAYS, agent)]):
            met(lambda: troubles(stage) == set(), "all well", within_s=6)
        call.hang_up()
