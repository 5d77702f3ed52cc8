"""A call that is recorded because somebody asked for it while it was up: nothing of before is kept.

SIPp or pjsua2 on both sides, tcpdump is the witness.
"""

import secrets
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from archive.call.events import RecordingStarted
from tests.scenarios.hearing import write
from tests.scenarios.inline.kept import Kept
from tests.scenarios.inline.node import ALICE, BOB, Call, Node
from tests.scenarios.inline.talk import Roles, Talk, talk
from tests.scenarios.inline.voice import Voice
from tests.scenarios.oracle import STAMP_TOLERANCE_US
from tests.scenarios.phones import pjsua, sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.waiting import met
from tests.support.scenarios.secrecy import files_with

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
PACKETS: Final = 100


def talked(two: Talk, marks: tuple[bytes, bytes]) -> None:
    """Each has heard so much more of the other; who is told hears nothing of him meanwhile."""
    for voice, mark in ((two.bob, marks[0]), (two.alice, marks[1])):
        enough = heard(voice, mark) + PACKETS
        met(partial(_has_heard, voice, mark, enough), "the other side")


def _has_heard(voice: Voice, mark: bytes, enough: int) -> bool:
    return heard(voice, mark) >= enough


def heard(voice: Voice, mark: bytes) -> int:
    """How many packets have come to it with this mark."""
    return sum(mark in each for each in voice.datagrams())


@pytest.mark.parametrize("told", [True, False], ids=["notice at the start", "no notice"])
def test_nothing_that_was_said_before_the_start_is_in_any_file(
    node: Node, tmp_path: Path, told: bool
) -> None:
    """Both talk for two seconds unrecorded: no file is begun. Then they are recorded."""
    marks = secrets.token_bytes(16), secrets.token_bytes(16)
    data, spool = node.folder / "var", node.folder / "var" / "spool"
    route = {"notice_when": "at-start"} if told else {"notice": []}
    parts = set(spool.rglob("*.rkn"))
    roles = Roles(says=(marks[0] * 10, marks[1] * 10))
    with talk(node, tmp_path, roles, record="no", on_demand=True, **route) as two:
        two.answered()
        talked(two, marks)
        rows = node.server.rows("calls", "live", expected=None)
        (row,) = (each for each in rows if two.call.number in each["called"])
        assert row["state"] == "unrecorded"
        assert set(spool.rglob("*.rkn")) <= parts
        started = node.server.value("calls", "start", row["recording"], "--reason", "complaint")
        assert started["state"] == "live"
        talked(two, marks)
        two.hang_up()
    kept = Kept.of(two.call)

    assert kept.recorded.row["recording"] == row["recording"]
    kept.nothing_from_before()
    before = [d for d in kept.arrived(kept.ports.caller) if d.at_us < kept.began_us]
    assert len(before) > PACKETS
    if told:
        said = kept.notice_is_true()
        assert abs(kept.began_us - said.until_us) <= 5 * STAMP_TOLERANCE_US
    assert [files_with(data, mark) for mark in marks] == [[], []]


@pytest.mark.skipif(bool(pjsua.why_not()), reason=pjsua.why_not() or "it is here")
def test_an_agent_whose_phone_keys_by_info_has_his_call_recorded(
    node: Node, tmp_path: Path
) -> None:
    """pjsua2 on both sides: the first key of the code crosses, its last one is ours."""
    says = [write(speech, tmp_path) for speech in (CUSTOMER_SAYS, AGENT_SAYS)]
    alices = pjsua.Settings(user="alice", host=ALICE, says=says[0])
    bobs = pjsua.Settings(user="bob", host=BOB, says=says[1], answers=True)
    with pjsua.phone(tmp_path, alices) as alice, pjsua.phone(tmp_path, bobs) as bob:
        call = node.route(bob.uri, record="no", on_demand=True, notice=[], start_code="*5")
        ours = alice.call(call.uri)
        ours.talks()
        theirs = bob.rung()
        theirs.talks()
        ours.inform("*5")
        theirs.dialled("*5")
        assert [row["state"] for row in live(node, call)] == ["unrecorded"]
        theirs.inform("*5")
        met(lambda: [row["state"] for row in live(node, call)] == ["live"], "the recording")
        ours.dialled("*")
        ours.hang_up()
        ours.ended()
        theirs.ended()

    assert [event.reason for event in Kept.of(call).all(RecordingStarted)] == ["keys"]


def live(node: Node, call: Call) -> list[dict[str, str]]:
    """Its row of `calls live`."""
    rows = node.server.rows("calls", "live", expected=None)
    return [each for each in rows if call.number in each["called"]]
