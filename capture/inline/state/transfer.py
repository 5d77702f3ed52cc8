"""Who is to take a place in an inline call, as a value.

Knows nothing of how he is found.
"""

import msgspec

from capture.inline.descriptions.seat import MediaSeat
from capture.inline.state.call_plan import Aim, DialledHop, TargetSet
from capture.inline.state.ends import End, Fork
from capture.inline.state.stages import TransferStage
from capture.links.relay_messages import Side
from capture.sdp.description import SessionDescription
from capture.sip.identity import DialogId


class BorrowedParty(msgspec.Struct, frozen=True, kw_only=True):
    """A party of the call `key` that is to come over: its end there, as it was lent."""

    key: bytes
    end: End

    @property
    def dialog(self) -> DialogId:
        """The dialog that comes along."""
        assert self.end.dialog is not None
        return self.end.dialog


class Transferor(msgspec.Struct, frozen=True, kw_only=True):
    """Who has asked, by the dialog of its REFER: it may be gone, and hear of it all the same."""

    dialog: DialogId | None = None
    event: bytes = b"refer"  # of the NOTIFYs that say how it goes
    notifies: bool = True
    told: int = 0  # what it heard last


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is to take the place of `by`, who has asked for it.

    `number` is dialled at `aim`, then at those that are `untried`; `seat` is the place, with a
    secret of its own. `is_vacant`: `by` is gone. `is_given_up`: nobody waits for the transfer
    target any more. `dialog` is of who came by himself.
    """

    by: Side
    number: bytes
    seat: MediaSeat
    aim: Aim | None = None
    untried: TargetSet = TargetSet()
    dialled: DialledHop = DialledHop()
    borrowed: BorrowedParty | None = None
    transferor: Transferor = Transferor()
    dialog: DialogId | None = None
    stage: TransferStage = TransferStage.FINDING
    offer: SessionDescription | None = None
    forks: tuple[Fork, ...] = ()
    referred_by: bytes = b""
    replaces: bytes = b""
    is_vacant: bool = False
    is_given_up: bool = False
