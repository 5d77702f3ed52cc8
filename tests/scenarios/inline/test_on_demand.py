"""A call that is recorded because somebody asked for it while it was up: nothing of before is kept.

SIPp on both sides, tcpdump is the witness.
"""

import secrets
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios.inline.kept import Kept
from tests.scenarios.inline.node import Node
from tests.scenarios.inline.talk import Roles, Talk, talk
from tests.scenarios.inline.test_secrecy import files_with
from tests.scenarios.inline.voice import Voice
from tests.scenarios.oracle import STAMP_TOLERANCE_US
from tests.scenarios.phones import sipp
from tests.scenarios.waiting import met

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
