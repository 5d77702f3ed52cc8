"""A notice that cannot be played, or is cut short, under each policy of a route.

Its prepared files go away, and the relay that has them in memory is killed: before the call, or
while it plays. SIPp on both sides.
"""

from pathlib import Path

import pytest

from archive.call.events import NoticePlayed, RecordingBegan
from tests.scenarios.inline.kept import Kept, notice
from tests.scenarios.inline.node import Node
from tests.scenarios.inline.talk import Roles
from tests.scenarios.phones import sipp
from tests.support.scenarios.notice_policies import BLOCKED, told_in_part

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
HOWS = ("missing", "cut short")


def evidence(kept: Kept, how: str) -> None:
    """What is said of the notice is what left for the caller."""
    (said,) = kept.all(NoticePlayed)
    if how == "missing":
        assert (said.outcome, said.packets, said.sent_ms) == ("failed", 0, 0)
        return
    assert said.sent_ms < said.whole_ms
    kept.notice_is_true(outcome="cut_short", is_killed=True)


@pytest.mark.parametrize("how", HOWS)
def test_block_ends_the_call_for_both(node: Node, tmp_path: Path, how: str) -> None:
    """Both are told why; nothing of either is kept."""
    with told_in_part(node, tmp_path, BLOCKED, how, "block") as two:
        for side in (two.caller, two.callee):
            side.saw(r"^BYE (?:.+\n)*?Reason: SIP;cause=480")
        two.finish()
    kept = two.kept()

    evidence(kept, how)
    assert kept.all(RecordingBegan) == []
    assert kept.received(kept.ports.caller) == kept.received(kept.ports.callee) == []


@pytest.mark.parametrize("how", HOWS)
def test_connect_unrecorded_joins_them_and_keeps_nothing(
    node: Node, tmp_path: Path, how: str
) -> None:
    """They hear each other; the file has what was played, and why there is no more."""
    with told_in_part(node, tmp_path, Roles(), how, "connect-unrecorded") as two:
        two.hear_each_other()
        two.alice.never_heard(notice())
        two.hang_up()
    kept = two.kept()
    assert two.call.fate()["reason"] == "notice not played"

    evidence(kept, how)
    assert kept.all(RecordingBegan) == []
    assert kept.received(kept.ports.caller) == kept.received(kept.ports.callee) == []


@pytest.mark.parametrize("how", HOWS)
def test_connect_and_flag_keeps_what_they_say_from_then_on(
    node: Node, tmp_path: Path, how: str
) -> None:
    """Whoever listens is told that nobody was."""
    with told_in_part(node, tmp_path, Roles(), how, "connect-and-flag") as two:
        two.hear_each_other()
        two.alice.never_heard(notice())
        two.hang_up()
    kept = two.kept()

    evidence(kept, how)
    assert kept.recorded.flags == {"notice_missing"}
    kept.voices_in_place()
