"""A call for help goes through whatever else holds: both hear each other, and it is recorded.

SIPp on both sides. Beside it, where it is kept out, another call.
"""

from pathlib import Path
from typing import Any, Final

import pytest

from archive.call.events import NoticePlayed
from tests.scenarios.hearing import spoken
from tests.scenarios.inline import volume
from tests.scenarios.inline.kept import AGENT, CUSTOMER, Kept, notice
from tests.scenarios.inline.node import ALICE, BOB, Node
from tests.scenarios.inline.talk import Roles, Talk, talk
from tests.scenarios.inline.volume import Volume
from tests.scenarios.phones import sipp
from tests.scenarios.senders import AGENT_SAYS, CUSTOMER_SAYS
from tests.scenarios.waiting import met
from tests.support.scenarios.failing_recording import failures
from tests.support.scenarios.notice_policies import BLOCKED, told_in_part

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
needs_volume = pytest.mark.skipif(
    bool(volume.why_not()), reason=volume.why_not() or "it can be made"
)
HELP: Final = "119"
BUSY: Final = "503 Service Unavailable"


def refused(node: Node, folder: Path, status: str, **route: Any) -> None:
    """Another call than for help, on a route of the same settings."""
    with sipp.callee(folder, sipp.Settings(scenario="callee", host=BOB)) as bob:
        call = node.route(bob.node, **route)
        ours = sipp.Settings(scenario="caller_refused", host=ALICE, status=status)
        with sipp.caller(folder, ours, call.target, called=call.number) as caller:
            caller.finish()
        assert bob.seen() == ""


def helped(two: Talk) -> None:
    """Both hear each other from the answer on; nobody is told anything."""
    two.answered()
    heard_and_not_told(two)


def heard_and_not_told(two: Talk) -> None:
    """The same of a call that is answered."""
    two.hear_each_other()
    two.hang_up()
    two.alice.never_heard(notice())


def kept_of_help(two: Talk) -> Kept:
    """The recording of a call for help: flagged, both voices on their lanes."""
    kept = two.kept()
    assert kept.recorded.flags == {"emergency"}
    assert kept.all(NoticePlayed) == []
    assert kept.hears(CUSTOMER, spoken(CUSTOMER_SAYS))
    assert kept.hears(AGENT, spoken(AGENT_SAYS))
    return kept


@needs_volume
def test_while_the_node_is_full(brittle: tuple[Node, Volume], tmp_path: Path) -> None:
    """The one call that it takes is up."""
    node, _ = brittle
    with talk(node, tmp_path, Roles()) as other:
        other.answered()
        refused(node, tmp_path, BUSY)
        with talk(node, tmp_path, Roles(), called=HELP) as two:
            helped(two)
        other.hear_each_other()
        other.hang_up()

    kept_of_help(two)


def test_while_the_node_drains(node: Node, tmp_path: Path) -> None:
    """A node that is to be stopped takes it all the same."""
    node.server.command("drain")
    try:
        refused(node, tmp_path, BUSY)
        with talk(node, tmp_path, Roles(), called=HELP) as two:
            helped(two)
    finally:
        node.server.command("drain", "--off")

    kept_of_help(two)


def test_without_the_prompt_of_its_route(node: Node, tmp_path: Path) -> None:
    """Who calls for help is told nothing, whether it could be played or not; others are refused."""
    ours, theirs = (tmp_path / name for name in ("help", "other"))
    ours.mkdir()
    theirs.mkdir()
    with told_in_part(node, theirs, BLOCKED, "missing", "block") as other:
        for side in (other.caller, other.callee):
            side.saw(r"^BYE (?:.+\n)*?Reason: SIP;cause=480")
        other.finish()
    with told_in_part(node, ours, Roles(), "missing", "block", called=HELP) as two:
        heard_and_not_told(two)

    kept_of_help(two)


@needs_volume
@pytest.mark.parametrize("route", [{}, {"record_failure": "end"}], ids=["connect", "end"])
def test_with_a_dead_spool(
    brittle: tuple[Node, Volume], tmp_path: Path, route: dict[str, Any]
) -> None:
    """Nothing can be written before and while it is up, also where a route wants no such call."""
    node, spool = brittle
    before = failures(node)
    spool.fill()
    try:
        with talk(node, tmp_path, Roles(), called=HELP, **route) as two:
            helped(two)
            met(lambda: failures(node) > before, "the failure")
    finally:
        spool.empty()

    assert two.call.found() == []
