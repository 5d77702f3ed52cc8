"""What becomes of every call."""

import re
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import pytest

from tests.scenarios.bodies import alone, both, description, metadata
from tests.scenarios.exchanges import Get, Pause, Send, answered, hung_up, invite, playing, sdp
from tests.scenarios.recordings import recorded_of
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS, recorded, replay, speak
from tests.scenarios.stage import Stage, fresh_number
from tests.scenarios.waiting import now, until

T = TypeVar("T")
pytestmark = pytest.mark.scenario

VIDEO = "v=0\r\nc=IN IP4 127.0.0.2\r\nm=video 9 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"


# What begins a call, and the answer and the reason why it has no recording.
REFUSED: Final = (
    (invite(body=VIDEO.replace("\r\n", "\n")), 488, "media not acceptable"),
    (
        invite(body=sdp().replace("RTP/AVP 0", "RTP/AVP 96\na=rtpmap:96 EVS/16000")),
        488, "media not acceptable",
    ),
    (invite(body="nothing of a description"), 400, "unreadable"),
    (invite("Require: teleport"), 420, "refused by SIP"),
    (invite("Supported: timer", "Session-Expires: 30"), 422, "refused by SIP"),
    (invite("CSeq: 2 INVITE"), 400, "refused by SIP"),
    (Send("INVITE", 1, ("Contact: <sip:a@[local_ip]:[local_port]>",), sdp(), fresh=True), 404,
     "no recording session"),
)  # fmt: skip


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


def answered_lines(stage: Stage, tag: str) -> list[int]:
    """The first port that each call of a play was answered with, as the witness saw it."""
    wire = [d for d in stage.witness.seen() if d.source.port == stage.server.sip_port]
    answers = [d.payload for d in wire if tag.encode() in d.payload and b"m=audio" in d.payload]
    calls = {re.search(rb"Call-ID: (\S+)", each)[1]: each for each in answers}  # type: ignore[index]  # each has one
    found = [re.search(rb"m=audio (\d+)", each) for each in calls.values()]
    return [int(port[1]) for port in found if port]


def test_a_hundred_calls_have_a_hundred_rows_with_the_right_reasons(patient: Stage) -> None:
    """90 spoken, 3 without media, 7 refused; the same after the index was built anew."""
    stage = patient
    since = now()
    packets = [(0.0, packet) for packet in recorded(replace(AGENT_SAYS, seconds=0.2))]
    call = (*answered(), Pause(20), *hung_up(2))
    with playing(stage.server, call, calls=90) as spoken:
        ports = until(lambda: _all_of(answered_lines(stage, spoken.tag), 90), "90 answers")
        for port in ports:
            replay(packets, port)
        spoken.finish()
    with playing(stage.server, (*answered(), *hung_up(2)), calls=3) as silent:
        silent.finish()
    for first, status, _ in REFUSED:
        with playing(stage.server, (first, Get(status), Send("ACK", 1)), calls=1) as bad:
            bad.finish()

    rows = until(lambda: _all_of(ledger(stage, since), 100), "a hundred rows", within_s=30)
    fates = Counter((row["fate"], row["status"]) for row in rows)
    assert (fates["recorded", 200], fates["without audio", 200]) == (90, 3)
    told = [row for row in rows if row["fate"] == "refused"]
    assert [(row["status"], row["reason"]) for row in told] == [each[1:] for each in REFUSED]
    assert "no audio is offered" in told[0]["detail"]
    stage.server.command("index", "rebuild")
    assert ledger(stage, since) == rows


def _all_of(rows: list[T], count: int) -> list[T] | None:
    return rows if len(rows) == count else None
