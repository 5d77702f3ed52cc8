"""Calls of SIPp that nobody answers, or not the first who is called."""

import re
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.scenarios.inline.node import ALICE, BOB, CAROL, Call, Node
from tests.scenarios.inline.talk import ACKED, Roles, Target, talk
from tests.scenarios.phones import sipp

pytestmark = [
    pytest.mark.scenario,
    pytest.mark.skipif(bool(sipp.why_not()), reason=sipp.why_not() or "it is here"),
]
BUSY, GONE = "486 Busy Here", "480 Temporarily Unavailable"


def refused(
    folder: Path, call: Call, status: str, codecs: tuple[str, ...] = ("pcmu", "pcma")
) -> str:
    """What the caller has read, of which the status is this; the ledger says so."""
    ours = sipp.Settings(scenario="caller_refused", host=ALICE, status=status, codecs=codecs)
    with sipp.caller(folder, ours, call.target, called=call.number) as caller:
        caller.finish()
        read = caller.seen()
    assert str(call.fate()["status"]) == status[:3]
    return read


@pytest.mark.quick
def test_a_busy_callee_is_what_the_caller_hears(node: Node, tmp_path: Path) -> None:
    """Status and reason as they came."""
    bobs = sipp.Settings(scenario="callee_refuses", host=BOB, status=BUSY)
    with sipp.callee(tmp_path, bobs) as bob:
        refused(tmp_path, node.route(bob.node), BUSY)
        bob.finish()


def test_a_busy_callee_is_not_looked_for_elsewhere(node: Node, tmp_path: Path) -> None:
    """486 is an answer; the second target is not called."""
    bobs = sipp.Settings(scenario="callee_refuses", host=BOB, status=BUSY)
    with (
        sipp.callee(tmp_path, bobs) as bob,
        sipp.callee(tmp_path, sipp.Settings(scenario="callee", host=CAROL)) as carol,
    ):
        refused(tmp_path, node.route(bob.node, carol.node), BUSY)
        bob.finish()
        assert carol.seen() == ""


def test_a_caller_who_cancels_is_gone_on_both_sides(node: Node, tmp_path: Path) -> None:
    """487 to the caller, CANCEL to the callee."""
    with sipp.callee(tmp_path, sipp.Settings(scenario="callee_rings", host=BOB)) as bob:
        call = node.route(bob.node)
        ours = sipp.Settings(scenario="caller_cancels", host=ALICE)
        with sipp.caller(tmp_path, ours, call.target, called=call.number) as alice:
            alice.saw(r"^SIP/2.0 180 ")
            alice.go_on()
            alice.finish()
        bob.finish()
    assert str(call.fate()["status"]) == "487"


def test_a_callee_who_rings_too_long_is_cancelled(node: Node, tmp_path: Path) -> None:
    """After `ring_s`; the caller hears that nobody answered."""
    with sipp.callee(tmp_path, sipp.Settings(scenario="callee_rings", host=BOB)) as bob:
        refused(tmp_path, node.route(bob.node, ring_s=5), GONE)
        bob.finish()


def test_who_searches_for_a_number_that_nobody_answered_is_led_to_the_call(
    node: Node, tmp_path: Path
) -> None:
    """It has no recording: the search says how many there are, and the ledger has it by that."""
    with sipp.callee(tmp_path, sipp.Settings(scenario="callee_rings", host=BOB)) as bob:
        call = node.route(bob.node, ring_s=5)
        refused(tmp_path, call, GONE)
        bob.finish()
        assert call.number in bob.seen()
    asked = ("--number", call.number, *call.window)
    listed = node.server.rows("calls", "ledger", "--without-recording", *asked)

    assert call.found() == []
    assert (
        "with this number or name that have no recording: 1;"
        f" rokuon calls ledger --without-recording --number {call.number} lists them"
    ) in node.server.beside("calls", "find", *asked)
    assert [(row["status"], row["recording"]) for row in listed] == [(480, "")]
    assert call.number in listed[0]["parties"]


@pytest.mark.parametrize("why", ["480", "503", "302", "nobody", "silence"])
def test_who_does_not_take_the_call_is_followed_by_who_does(
    node: Node, tmp_path: Path, why: str
) -> None:
    """The next target, or where a redirection leads; it is a call as any other."""
    words = {"480": GONE, "503": "503 Service Unavailable", "302": "302 Moved Temporarily"}
    with ExitStack() as stack:
        first: list[sipp.Player] = []

        def by_way_of(bob: sipp.Player) -> Sequence[Target]:
            """Carol, or a port where nobody is; then Bob, unless she says where he is."""
            if why == "nobody":
                return [f"sip:{CAROL}:9", bob.node]
            carols = sipp.Settings(
                scenario="callee_rings" if why == "silence" else "callee_refuses", host=CAROL,
                status=words.get(why, GONE), keys=(("header", f"Contact: <{bob.uri}>"),),
            )  # fmt: skip
            first.append(stack.enter_context(sipp.callee(tmp_path, carols)))
            near = {"uri": first[0].node, "address": [BOB]}
            return [near] if why == "302" else [first[0].node, bob.node]

        two = stack.enter_context(talk(node, tmp_path, Roles(), by_way_of=by_way_of, ring_s=5))
        two.caller.saw(ACKED, within_s=20)
        two.answered()
        two.caller_was_told()
        two.hear_each_other()
        two.hang_up()
        for each in first:
            each.finish()
    kept = two.kept()

    assert kept.recorded.flags == set()
    kept.notice_is_true()
    kept.nothing_from_before()
    kept.voices_in_place()


def test_an_offer_in_which_no_notice_can_be_played_is_refused(node: Node, tmp_path: Path) -> None:
    """Nothing is transcoded; nobody is called, and a Warning says why (RFC 3261 §20.43).

    Without a notice the same offer crosses.
    """
    with sipp.callee(tmp_path, sipp.Settings(scenario="callee_refuses", host=BOB)) as bob:
        call = node.route(bob.node)
        read = refused(tmp_path, call, "488 Not Acceptable Here", ("g729",))
        assert 'Warning: 305 rokuon "no codec in which the notice can be played"' in read
        fate = call.fate()
        assert fate["reason"] == "media not acceptable"
        assert "no codec in which the notice can be played" in fate["detail"]
        assert re.search(r"SDP: m=audio \d+ RTP/AVP 18 101 \(RFC 3264 §6\)$", fate["detail"])
        assert bob.seen() == ""
        refused(tmp_path, node.route(bob.node, notice=[]), BUSY, ("g729",))
        assert "RTP/AVP 18 101" in bob.seen()
        bob.finish()
