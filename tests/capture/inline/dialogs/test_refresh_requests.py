"""Requests of ours that change nothing."""

from capture.inline.dialogs.refresh_requests import send_refresh
from capture.inline.state.bridged_calls import MAX_REFRESHES
from capture.links.relay_messages import Side
from capture.sip.call import OutgoingRequest
from capture.sip.identity import DialogId
from tests.capture.inline.stage import Stage

UPDATE = OutgoingRequest(method=b"UPDATE")


def test_what_is_said_aside_is_known_by_its_number(stage: Stage) -> None:
    """On its side alone, and not for ever."""
    (bridged,) = stage.talking().inline.calls
    dialog = bridged.call.callee.dialog
    assert dialog is not None
    numbers = []
    for _ in range(MAX_REFRESHES + 1):
        bridged, outputs = send_refresh(
            stage.exchange, bridged, Side.CALLEE, (dialog, UPDATE), stage.now
        )
        assert len(outputs) == 1
        numbers.append(bridged.refreshes[Side.CALLEE][-1].cseq)

    assert [bridged.refresh(Side.CALLEE, each) is not None for each in numbers] == [
        False,
        *[True] * MAX_REFRESHES,
    ]
    assert bridged.refresh(Side.CALLER, numbers[-1]) is None


def test_nothing_is_said_in_a_dialog_that_is_gone(stage: Stage) -> None:
    """And nothing is waited for."""
    (bridged,) = stage.talking().inline.calls
    gone = DialogId(call_id=b"x", local_tag=b"y", remote_tag=b"z")

    assert send_refresh(stage.exchange, bridged, Side.CALLEE, (gone, UPDATE), stage.now) == (
        bridged,
        [],
    )
