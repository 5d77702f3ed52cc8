"""Who is to take a place, as a value."""

import msgspec

from capture.inline.descriptions.seat import MediaSeat
from capture.inline.state.stages import TransferStage
from capture.inline.state.transfer import BorrowedParty, Transfer
from capture.links.relay_messages import Side
from capture.sip.identity import DialogId
from tests.capture.inline.playbook import a_call


def test_who_is_brought_over_comes_with_the_dialog_that_he_has() -> None:
    """It goes on in another call, also where a successor of ours carries that out."""
    dialog = DialogId(call_id=b"other@pbx", local_tag=b"1", remote_tag=b"2")
    end = msgspec.structs.replace(a_call().caller, dialog=dialog)
    seat = MediaSeat(address="192.0.2.9", port=10_000, session_id=9)
    borrowed = BorrowedParty(key=b"k", end=end)
    transfer = Transfer(by=Side.CALLEE, number=b"204", seat=seat, borrowed=borrowed)
    restored = msgspec.msgpack.decode(msgspec.msgpack.encode(transfer), type=Transfer)

    assert restored.stage is TransferStage.FINDING
    assert restored.borrowed is not None
    assert restored.borrowed.dialog == dialog
