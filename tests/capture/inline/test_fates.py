"""Why a call ended, and what its caller was refused with."""

import msgspec
import pytest

from capture.inline.driver import ended_because, fate_of
from capture.inline.state.bridged_calls import BridgedCall
from capture.inline.state.call import InlineCall
from capture.inline.state.call_commands import Accept, HangUp, Refuse
from capture.inline.state.call_events import Began, Cancelled
from tests.capture.inline.playbook import ANSWER, CALLER, Playbook, a_call

BRIDGED = BridgedCall(call=a_call(), source="trunk", request=b"", caller=(b"a", b"us"))


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (Playbook(a_call()).dialled().call, "cancel"),
        (Playbook(a_call()).joined().call, "bye"),
        (msgspec.structs.replace(Playbook(a_call()).call, refers=1), "bye"),
    ],
    ids=["rang", "talked", "was transferred"],
)
def test_a_call_that_nobody_answered_was_given_up(call: InlineCall, reason: str) -> None:
    """One that was answered, by whomever, was ended."""
    assert ended_because(call) == reason


def test_the_last_refusal_that_the_caller_heard_is_his_fate() -> None:
    """It stays, whatever else happens."""
    refused = msgspec.structs.replace(BRIDGED, fate=486)

    assert fate_of(BRIDGED, Cancelled(), []) == 487
    assert fate_of(BRIDGED, Began(), [HangUp(CALLER), Refuse(480)]) == 480
    assert fate_of(refused, Began(), [Accept(ANSWER)]) == 486
