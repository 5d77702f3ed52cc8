"""Calls by key and by dialog."""

import msgspec

from capture.inline.state.bridged_calls import BridgedCall, BridgedCalls
from capture.inline.state.call_dialogs import CallDialogs
from capture.links.relay_messages import Side
from capture.sip.flow import Address, Flow
from capture.sip.identity import DialogId
from capture.sip.outgoing_call import OutgoingCall
from tests.capture.inline.playbook import A_DIALOG, B_DIALOG, a_call

FLOW = Flow(transport="udp", local=Address("192.0.2.9", 5060), remote=Address("192.0.2.30", 5060))
ATTEMPT = OutgoingCall(
    call_id=b"b",
    local_tag=b"us",
    flow=FLOW,
    uri=b"sip:1@b",
    from_address=b"<sip:a>",
    to_address=b"<sip:b>",
)
BRIDGED = BridgedCall(
    call=a_call(),
    source="trunk",
    request=b"INVITE sip:1@b SIP/2.0\r\n\r\n",
    caller=(b"a", b"us"),
    attempt=ATTEMPT,
)


def test_a_call_is_found_by_either_dialog_and_by_an_attempt_without_one() -> None:
    """By Call-ID and our tag, whatever the other side's tag is."""
    calls = BridgedCalls()
    calls.keep(BRIDGED)

    assert calls.of_dialog(A_DIALOG) == (BRIDGED, Side.CALLER)
    assert calls.of_dialog(B_DIALOG) == (BRIDGED, Side.CALLEE)
    assert calls.of_dialog(ATTEMPT.attempt) == (BRIDGED, Side.CALLEE)
    assert calls.of_dialog(DialogId(call_id=b"b", local_tag=b"x", remote_tag=b"")) is None
    assert calls.of_dialog(None) is None


def test_an_attempt_that_was_given_up_is_still_known() -> None:
    """Its callee may answer after all."""
    calls = BridgedCalls()
    calls.keep(
        msgspec.structs.replace(BRIDGED, attempt=None, dialogs=CallDialogs(left=((b"b", b"us"),)))
    )

    assert calls.of_dialog(B_DIALOG) is not None


def test_what_is_over_is_forgotten_by_every_name() -> None:
    """Nothing grows with the calls that were."""
    calls = BridgedCalls()
    calls.keep(BRIDGED)
    calls.drop(BRIDGED.key)

    assert (len(calls), calls.of_dialog(A_DIALOG), calls.of_dialog(B_DIALOG)) == (0, None, None)
    assert not calls.has_host("192.0.2.30")
    calls.drop(BRIDGED.key)


def test_a_callee_may_speak_as_long_as_a_call_to_him_is_up() -> None:
    """Several calls may go to one host."""
    calls = BridgedCalls()
    second = msgspec.structs.replace(
        BRIDGED, call=msgspec.structs.replace(BRIDGED.call, key=b"two"), caller=(b"c", b"us")
    )
    calls.keep(BRIDGED)
    calls.keep(second)
    calls.keep(msgspec.structs.replace(second, fate=1))
    assert calls.has_host("192.0.2.30")
    calls.drop(BRIDGED.key)
    assert calls.has_host("192.0.2.30")
    calls.drop(b"two")
    assert not calls.has_host("192.0.2.30")


def test_only_what_changed_is_kept_again() -> None:
    """And what is gone, once."""
    calls = BridgedCalls()
    calls.keep(BRIDGED)
    assert list(calls.take_changed()) == [BRIDGED.key]
    calls.keep(BRIDGED)
    assert calls.take_changed() == {}
    calls.drop(BRIDGED.key)
    assert calls.take_changed() == {BRIDGED.key: None}


def test_a_successor_finds_every_call_by_every_name() -> None:
    """From bytes alone."""
    before, after = BridgedCalls(), BridgedCalls()
    before.keep(BRIDGED)
    kept = [value for value in before.take_changed().values() if value is not None]
    after.restore(kept)

    assert after.of_dialog(B_DIALOG) == (BRIDGED, Side.CALLEE)
    assert after.take_changed() == {}
