"""Why a call ended, and what its caller was refused with."""

from typing import Final

import msgspec
import pytest

from archive.call.refusal_reasons import Reason
from archive.call.sender_events import Attempted, AttemptOutcome
from capture.inline.driver import ended_because, fate_of
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Accept, HangUp, Refuse
from capture.inline.state.call_events import Began, Cancelled, HungUp, Refused
from tests.capture.inline.playbook import ANSWER, CALLEE, CALLER, Playbook, a_call

BRIDGED = BridgedCall(call=a_call(), source="trunk", request=b"", caller=(b"a", b"us"))


LEFT: Final = HungUp(CALLER)
RANG: Final = Attempted(at_us=1, target="pbx", outcome="rang", status=180)


def after(call: InlineCall, outcome: AttemptOutcome, status: int = 0) -> InlineCall:
    """The call with what its last attempt came to."""
    last = Attempted(at_us=2, target="pbx", outcome=outcome, status=status)
    return msgspec.structs.replace(call, attempts=(RANG, last))


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (Playbook(a_call()).joined().call, "bye"),
        (msgspec.structs.replace(Playbook(a_call()).call, refers=1), "bye"),
    ],
    ids=["talked", "was transferred"],
)
def test_a_call_that_was_answered_was_ended(call: InlineCall, reason: str) -> None:
    """By whomever, and whatever somebody else said to a transfer."""
    assert ended_because(call, after(call, "refused", 486), LEFT) == reason


@pytest.mark.parametrize(
    ("outcome", "status", "reason"),
    [
        ("refused", 486, "busy"),
        ("refused", 600, "busy"),
        ("refused", 603, "declined"),
        ("refused", 403, "declined"),
        ("unanswered", 480, "unanswered"),
        ("unanswered", 0, "unanswered"),
        ("refused", 404, "unreachable"),
        ("redirected", 302, "unreachable"),
        ("unreachable", 0, "unreachable"),
        ("given_up", 0, "cancel"),
    ],
)
def test_a_call_that_nobody_answered_ends_by_what_the_last_one_did(
    outcome: AttemptOutcome, status: int, reason: str
) -> None:
    """Who hears of a busy telephone does not look for a caller who gave up."""
    before = Playbook(a_call()).dialled().call

    assert ended_because(before, after(before, outcome, status), Refused(status)) == reason


def test_a_caller_who_leaves_before_anybody_was_called_has_given_up() -> None:
    """A callee who leaves before the caller was answered has not."""
    before = Playbook(a_call()).call

    assert ended_because(before, before, LEFT) == "cancel"
    assert ended_because(before, before, Cancelled()) == "cancel"
    assert ended_because(before, after(before, "answered", 200), HungUp(CALLEE)) == "bye"


def test_a_call_that_was_ended_for_its_notice_says_so() -> None:
    """Nobody hung up on anybody."""
    before = Playbook(a_call()).joined().call
    ended = before.unrecorded_for(Reason.NOTICE_MISSING)

    assert ended_because(before, ended, LEFT) == "notice_not_played"
    assert ended_because(ended, ended, LEFT) == "bye"


def test_the_last_refusal_that_the_caller_heard_is_his_fate() -> None:
    """It stays, whatever else happens."""
    refused = msgspec.structs.replace(BRIDGED, fate=486)

    assert fate_of(BRIDGED, Cancelled(), []) == 487
    assert fate_of(BRIDGED, Began(), [HangUp(CALLER), Refuse(480)]) == 480
    assert fate_of(refused, Began(), [Accept(ANSWER)]) == 486
