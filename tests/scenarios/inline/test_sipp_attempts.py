"""What the callee did is what is told of a call: SIPp on both sides, in each order of the notice.

The messages that SIPp wrote down are the witness, the command line and HTTP what is told.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.request import Request, urlopen

import pytest

from archive.call.event_values import EndReason
from tests.scenarios.inline.kept import Ports
from tests.scenarios.inline.node import ALICE, BOB, CAROL, Call, Node
from tests.scenarios.inline.talk import ACKED, RANG, Roles, talk
from tests.scenarios.phones import sipp
from tests.scenarios.senders import AGENT_SAYS
from tests.scenarios.server import HOST, Server

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
ORDERS: Final = ("dial-first", "answer-first", "early")
in_each_order = pytest.mark.parametrize("order", ORDERS)


@dataclass(frozen=True, slots=True)
class Deed:
    """What a callee does by which scenario, what the caller hears of it, and what is told."""

    callee: str
    says: str
    heard: str
    ended: EndReason
    reason: str
    attempts: tuple[tuple[str, int], ...]


GONE: Final = "480 Temporarily Unavailable"
DEEDS: Final = {
    "busy": Deed("callee_refuses", "486 Busy Here", "486 Busy Here", "busy", "busy",
                 (("refused", 486),)),
    "declined": Deed("callee_refuses", "603 Decline", "603 Decline", "declined", "declined",
                     (("refused", 603),)),
    "not there": Deed("callee_refuses", GONE, GONE, "unanswered", "nobody answered",
                      (("unanswered", 480),)),
    "waited for in vain": Deed("callee_refuses", "408 Request Timeout", "408 Request Timeout",
                               "unanswered", "nobody answered", (("unanswered", 408),)),
    "rings too long": Deed("callee_rings", GONE, GONE, "unanswered", "nobody answered",
                           (("rang", 180), ("unanswered", 0))),
    "unknown": Deed("callee_refuses", "404 Not Found", "404 Not Found", "unreachable",
                    "not reached", (("refused", 404),)),
    "overloaded": Deed("callee_refuses", "503 Service Unavailable", "500 Server Internal Error",
                       "unreachable", "not reached", (("refused", 503),)),
}  # fmt: skip


@cache
def _token(server: Server) -> str:
    """One that reads calls and the ledger."""
    scopes = ("--scope", "calls:read", "--scope", "ledger:read", "--purpose", "technical")
    return server.command("user", "token", "desk", *scopes).strip().splitlines()[-1]


def ask(server: Server, path: str, body: Any = None) -> Any:
    """What HTTP says."""
    sent = None if body is None else json.dumps(body).encode()
    headers = {
        "Authorization": f"Bearer {_token(server)}",
        "Content-Type": "application/json",
    }
    address = f"http://{HOST}:{server.http_port}/api/v1{path}"
    with urlopen(Request(address, sent, headers)) as answer:
        return json.load(answer)


def steps(attempts: list[dict[str, Any]]) -> tuple[tuple[str, int], ...]:
    """Outcome and status of each."""
    return tuple((each["outcome"], each["status"]) for each in attempts)


def told_of_recording(call: Call) -> tuple[str, tuple[tuple[str, int], ...]]:
    """Why it ended and who was tried, by HTTP; the command line says the same."""
    row = call.recorded().row
    (course,) = ask(call.node.server, f"/calls/{row['call']}")["recordings"]
    (shown,) = call.node.server.value("calls", "show", row["call"])["recordings"]
    assert shown["ended_because"] == course["ended_because"]
    assert [each["outcome"] for each in shown["attempts"]] == [
        each["outcome"] for each in course["attempts"]
    ]
    return course["ended_because"], steps(course["attempts"])


def told_without_recording(call: Call) -> tuple[int, str, tuple[tuple[str, int], ...]]:
    """Status, reason and who was tried, by HTTP; the command line says the same."""
    fate = call.fate()
    begin, end = call.window[1], call.window[3]
    window = {"from": f"{begin}Z", "to": f"{end}Z", "zone": "UTC"}
    asked = {"window": window, "without_recording": True, "number": call.number}
    (row,) = ask(call.node.server, "/ledger/search", asked)["calls"]
    answer = row["answer"]
    assert (fate["status"], fate["reason"]) == (answer["status"], answer["reason"])
    assert all(str(each["status"] or "") in fate["attempts"] for each in row["attempts"])
    return answer["status"], answer["reason"], steps(row["attempts"])


@contextmanager
def calling(folder: Path, call: Call, scenario: str, status: str = "") -> Iterator[sipp.Player]:
    """Alice calls."""
    ours = sipp.Settings(scenario=scenario, host=ALICE, status=status or "699 of the test")
    with sipp.caller(folder, ours, call.target, called=call.number) as caller:
        yield caller


def tells(call: Call, order: str, deed: Deed) -> None:
    """A caller who was answered, or had heard the notice, has a recording; else there is a row."""
    if order == "dial-first":
        told = told_without_recording(call)
        assert told == (int(deed.heard[:3]), deed.reason, deed.attempts)
        assert call.found() == []
        return
    assert told_of_recording(call) == (deed.ended, deed.attempts)


@in_each_order
@pytest.mark.parametrize("what", DEEDS)
def test_a_callee_who_takes_no_call_is_why_it_ended(
    node: Node, tmp_path: Path, order: str, what: str
) -> None:
    """Who looks for a caller that gave up looks at the wrong side."""
    deed = DEEDS[what]
    bobs = sipp.Settings(scenario=deed.callee, host=BOB, status=deed.says)
    with sipp.callee(tmp_path, bobs) as bob:
        call = node.route(bob.node, notice_when=order, ring_s=5)
        scenario = "caller_hears_bye" if order == "answer-first" else "caller_refused"
        with calling(tmp_path, call, scenario, deed.heard) as alice:
            alice.finish()
        bob.finish()
    tells(call, order, deed)


@in_each_order
def test_a_caller_who_leaves_while_it_rings_gave_up(node: Node, tmp_path: Path, order: str) -> None:
    """CANCEL, or BYE of who was answered; the 487 of the callee is no deed of his."""
    with sipp.callee(tmp_path, sipp.Settings(scenario="callee_rings", host=BOB)) as bob:
        call = node.route(bob.node, notice_when=order)
        scenario = "caller" if order == "answer-first" else "caller_cancels"
        with calling(tmp_path, call, scenario) as alice:
            bob.saw(RANG)
            alice.go_on()
            alice.finish()
        bob.finish()
    tried = (("rang", 180), ("given_up", 0))
    tells(call, order, Deed("", "", "487", "cancel", "the caller gave up", tried))


@in_each_order
def test_each_who_was_tried_before_the_one_who_answered_is_told_of(
    node: Node, tmp_path: Path, order: str
) -> None:
    """Carol is not there, nobody is at a port, Bob answers."""
    with ExitStack() as stack:
        carols = sipp.Settings(scenario="callee_refuses", host=CAROL, status=GONE)
        carol = stack.enter_context(sipp.callee(tmp_path, carols))
        two = stack.enter_context(
            talk(
                node, tmp_path, Roles(),
                by_way_of=lambda bob: [carol.node, f"sip:{CAROL}:9", bob.node],
                notice_when=order, ring_s=5,
            )
        )  # fmt: skip
        two.callee.saw(ACKED, within_s=20)
        two.answered()
        two.hear_each_other()
        two.hang_up()
        carol.finish()

    ended, tried = told_of_recording(two.call)
    assert ended == "bye"
    assert tried[:2] == (("unanswered", 480), ("unreachable", 0))
    assert tried[2:] == (("rang", 180), ("answered", 200))


@in_each_order
def test_who_is_busy_is_not_passed_over_for_who_would_answer(
    node: Node, tmp_path: Path, order: str
) -> None:
    """486 is an answer: the second target is not called, and is no attempt."""
    deed = DEEDS["busy"]
    bobs = sipp.Settings(scenario="callee_refuses", host=BOB, status=deed.says)
    with (
        sipp.callee(tmp_path, bobs) as bob,
        sipp.callee(tmp_path, sipp.Settings(scenario="callee", host=CAROL)) as carol,
    ):
        call = node.route(bob.node, carol.node, notice_when=order)
        scenario = "caller_hears_bye" if order == "answer-first" else "caller_refused"
        with calling(tmp_path, call, scenario, deed.heard) as alice:
            alice.finish()
        bob.finish()
        assert carol.seen() == ""
    tells(call, order, deed)


def test_who_was_busy_and_must_not_be_recorded_was_busy(node: Node, tmp_path: Path) -> None:
    """Nobody talked, so nothing was left unrecorded for his sake."""
    deed = DEEDS["busy"]
    bobs = sipp.Settings(scenario="callee_refuses", host=BOB, status=deed.says)
    carols = sipp.Settings(scenario="callee_refuses", host=CAROL, status=GONE)
    with sipp.callee(tmp_path, bobs) as bob, sipp.callee(tmp_path, carols) as carol:
        call = node.route(carol.node, {"uri": bob.node, "record": "never"})
        with calling(tmp_path, call, "caller_refused", deed.heard) as alice:
            alice.finish()
        carol.finish()
        bob.finish()
    tells(call, "dial-first", replace(deed, attempts=(("unanswered", 480), *deed.attempts)))


@in_each_order
def test_who_is_heard_before_the_answer_is_told_of_where_we_rang_ourselves(
    node: Node, tmp_path: Path, order: str
) -> None:
    """In the place of our ringback; where 183 crosses with its sound, all that is known is that."""
    with talk(node, tmp_path, Roles(callee="callee_early"), notice_when=order) as two:
        two.callee.saw(r"^SIP/2.0 183 ")
        two.bob.speak_to(Ports.of(two.call).callee, node.server.bind)
        two.alice.hears(AGENT_SAYS)
        two.callee.go_on()
        two.callee.saw(ACKED)
        two.answered()
        two.hear_each_other()
        two.hang_up()

    sounded = (("sounded", 0),) if order == "answer-first" else ()
    tried = (("rang", 183), *sounded, ("answered", 200))
    assert told_of_recording(two.call) == ("bye", tried)
