"""Routes that change while fifty calls are up: none is dropped, and new calls go the new way.

SIPp on both sides. The routes of the calls that are up, and their targets, are gone afterwards.
"""

import os
import signal
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Final

import pytest

from tests.scenarios.inline.node import ALICE, CAROL, Node
from tests.scenarios.inline.processes import part
from tests.scenarios.inline.talk import RANG, Roles, Talk, talk
from tests.scenarios.phones import sipp
from tests.scenarios.recordings import answered_since
from tests.scenarios.waiting import met, until

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
CALLS: Final = 50
# Of those that are older: notice and lanes are compared too.
VOICED: Final = 3


def up(node: Node) -> int:
    """How many calls are up."""
    return len(node.server.rows("calls", "live", expected=None))


def ends_of(node: Node, since: datetime, call_ids: list[str]) -> list[tuple[str, str]]:
    """What became of calls on which nobody spoke, and how each ended: no recordings, but rows."""

    def rows() -> list[tuple[str, str]] | None:
        every = answered_since(node.server, since)
        own = [(each["fate"], each["detail"]) for each in every if each["call_id"] in call_ids]
        return own if len(own) == len(call_ids) else None

    return until(rows, "a row of each call")


def told_and_kept(two: Talk) -> None:
    """Its notice is true, and its recording has all since then, each voice in its place."""
    kept = two.kept()
    assert kept.recorded.flags == set()
    assert kept.began_us >= kept.notice_is_true().until_us
    kept.nothing_from_before()
    kept.voices_in_place()


def test_fifty_calls_go_on_while_their_route_goes_away(node: Node, tmp_path: Path) -> None:
    """Three calls with a voice are older than the new route; one is the first to take it."""
    many = sipp.Settings(scenario="callee", host=CAROL, calls=CALLS)
    with ExitStack() as stack:
        older = [stack.enter_context(talk(node, tmp_path, Roles())) for _ in range(VOICED)]
        for each in older:
            each.answered()
        carol = stack.enter_context(sipp.callee(tmp_path, many))
        call = node.route(carol.node, notice=[])
        ours = sipp.Settings(scenario="caller", host=ALICE, calls=CALLS)
        callers = stack.enter_context(sipp.caller(tmp_path, ours, call.target, called=call.number))
        met(lambda: len(callers.call_ids("ACK")) == CALLS, "fifty calls", within_s=30)
        assert up(node) == CALLS + VOICED

        later = stack.enter_context(talk(node, tmp_path, Roles()))
        later.answered()
        gone = sipp.Settings(scenario="caller_refused", host=ALICE, status="404 Not Found")
        with sipp.caller(tmp_path, gone, call.target, called=call.number) as stranger:
            stranger.finish()
        for each in (*older, later):
            each.hear_each_other()
            each.caller_was_told()
        assert up(node) == CALLS + VOICED + 1
        later.hang_up()
        callers.go_on_all()
        callers.finish()
        carol.finish()
        for each in older:
            each.hear_anew()
            each.hang_up()

    ends = ends_of(node, call.since, callers.call_ids("ACK"))
    assert ends == [("without audio", "bye")] * CALLS
    for each in (*older, later):
        told_and_kept(each)


def test_a_call_that_rings_hears_a_notice_that_no_route_has_any_more(
    node: Node, tmp_path: Path
) -> None:
    """Nobody may talk without it; signalling is killed besides, and its successor reads anew."""
    roles = Roles(callee="callee_when_told", until_answered=(("callee", RANG),))
    with talk(node, tmp_path, roles, without_notice="block") as two:
        two.callee.saw(RANG)
        node.route(f"sip:{CAROL}:9", notice=[])
        killed = part(node.server.process_id, "signalling")
        os.kill(killed, signal.SIGKILL)
        met(lambda: part(node.server.process_id, "signalling") not in {killed, 0}, "a successor")
        two.answered()
        two.caller_was_told()
        two.hear_each_other()
        two.hang_up()

    two.kept().notice_is_true()
