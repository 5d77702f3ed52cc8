"""A call that is up, paused, resumed and stopped through the API; SIPp on both sides.

The parties hear each other all the while. What is kept is compared with what the witness saw.
"""

import json
import secrets
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import numpy as np
import pytest

from archive.call.events import CallEnded, CallOpened, RecordingStopped
from tests.scenarios.hearing import RATE, find, spoken
from tests.scenarios.inline.kept import AGENT, CUSTOMER, Kept
from tests.scenarios.inline.node import Node
from tests.scenarios.inline.talk import Roles, Talk, talk
from tests.scenarios.oracle import STAMP_TOLERANCE_US
from tests.scenarios.phones import sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.server import HOST, Server
from tests.support.scenarios.secrecy import files_with

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
_US: Final = 1_000_000


@pytest.fixture(scope="module")
def token(node: Node) -> str:
    """A desk's word for the API."""
    return node.server.token()


def told(server: Server, token: str, call: str, what: str, reason: str) -> dict[str, Any]:
    """What the API answers to an order for a call that is up."""
    asked = Request(
        f"http://{HOST}:{server.http_port}/api/v1/live/{call}/{what}",
        json.dumps({"reason": reason}).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urlopen(asked) as answer:  # noqa: S310  # it is ours
        return dict(json.load(answer))


def recording_of(two: Talk) -> str:
    """The id of the recording that both sides were told."""
    return two.callee.saw(r"^X-Rokuon-Recording: ([0-9a-f]{32})")[1]


def masked(kept: Kept) -> list[tuple[int, int]]:
    """The spans that `calls show` names, in µs."""
    server, recording = kept.recorded.server, kept.recorded.row["recording"]
    (shown,) = server.value("calls", "show", recording)["recordings"]
    assert {span["reason"] for span in shown["masked"]} <= {"card"}
    return [
        (_us(span["from"]), _us(span["until"])) for span in shown["masked"]
    ]  # fmt: skip


def _us(text: str) -> int:
    return round(datetime.fromisoformat(text).timestamp() * _US)


def kept_but_for(kept: Kept, begin_us: int, end_us: int) -> None:
    """Of what arrived in the span nothing is kept, and of the rest everything."""
    (over,) = kept.all(CallEnded)
    for port in (kept.ports.caller, kept.ports.callee):
        ours = {(d.source, d.payload) for d in kept.received(port)}
        came = [d for d in kept.arrived(port) if kept.began_us <= d.at_us <= over.at_us]
        inside = [
            d for d in came
            if begin_us + STAMP_TOLERANCE_US <= d.at_us < end_us - STAMP_TOLERANCE_US
        ]  # fmt: skip
        outside = [
            d for d in came
            if (
                kept.began_us + STAMP_TOLERANCE_US <= d.at_us < begin_us - STAMP_TOLERANCE_US
                or end_us + STAMP_TOLERANCE_US <= d.at_us < over.at_us - _US // 10
            )
        ]  # fmt: skip
        assert inside
        assert outside
        assert not [d for d in inside if (d.source, d.payload) in ours]
        assert not [d for d in outside if (d.source, d.payload) not in ours]


def test_a_pause_is_silence_on_both_lanes_and_speech_around_it(
    node: Node, token: str, tmp_path: Path
) -> None:
    """The span keeps its place; both parties notice nothing of it."""
    with talk(node, tmp_path, Roles()) as two:
        two.answered()
        two.hear_each_other()
        recording = recording_of(two)
        told(node.server, token, recording, "pause", "card")
        two.hear_anew()
        told(node.server, token, recording, "resume", "done")
        two.hear_anew()
        two.hang_up()
    kept = two.kept()

    ((begin_us, end_us),) = masked(kept)
    kept_but_for(kept, begin_us, end_us)
    (opened,) = kept.all(CallOpened)
    first, last = ((at - opened.at_us) * RATE // _US for at in (begin_us, end_us))
    assert first < last < len(kept.audio)
    for lane, said in ((CUSTOMER, CUSTOMER_SAYS), (AGENT, AGENT_SAYS)):
        heard = kept.audio[:, lane]
        assert not np.any(heard[first + RATE // 10 : last - RATE // 10])
        assert find(heard[:first].astype(np.float64), spoken(said))
        assert find(heard[last:].astype(np.float64), spoken(said))


def test_a_marker_said_in_a_pause_is_on_the_wire_and_in_no_file(
    node: Node, token: str, tmp_path: Path
) -> None:
    """Looked for below the folder of the node: during the pause, after it, and in the archive."""
    marks = secrets.token_bytes(16), secrets.token_bytes(16)
    data = node.folder / "var"
    with talk(node, tmp_path, Roles(says=(marks[0] * 10, marks[1] * 10))) as two:
        two.answered()
        two.hear_on(200)
        two.hear_on(400)
        recording = recording_of(two)
        told(node.server, token, recording, "pause", "card")
        two.hear_on()
        during = [files_with(data, mark) for mark in marks]
        told(node.server, token, recording, "resume", "done")
        two.hear_on()
        after = [files_with(data, mark) for mark in marks]
        two.hang_up()
    kept = two.kept()

    ((begin_us, end_us),) = masked(kept)
    kept_but_for(kept, begin_us, end_us)
    assert [during, after, [files_with(data, mark) for mark in marks]] == [[[], []]] * 3


def test_a_stop_ends_the_recording_and_not_the_call(node: Node, token: str, tmp_path: Path) -> None:
    """Whoever asks again is told that there is none; what came after is nowhere."""
    with talk(node, tmp_path, Roles(), on_demand=True) as two:
        two.answered()
        two.hear_each_other()
        told(node.server, token, recording_of(two), "stop", "wrong number")
        two.hear_anew()
        with pytest.raises(HTTPError) as refused:
            told(node.server, token, recording_of(two), "stop", "once more")
        assert refused.value.code == HTTPStatus.NOT_FOUND
        two.hang_up()
    kept = two.kept()

    (stopped,) = kept.all(RecordingStopped)
    assert stopped.reason == "wrong number"
    for port in (kept.ports.caller, kept.ports.callee):
        assert kept.received(port)
        assert max(d.at_us for d in kept.received(port)) <= stopped.at_us
        assert max(d.at_us for d in kept.arrived(port)) > stopped.at_us + _US // 2
