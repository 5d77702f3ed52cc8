"""Who is to take a place in an inline call, as a value.

Knows nothing of how he is found.
"""

import msgspec

from capture.inline.descriptions.seat import MediaSeat
from capture.inline.state.call_plan import NO_ANSWER, Aim, Hop
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


class Transfer(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is to take the place of `by`, who has asked for it.

    `number` is dialled at `aim`, then at `aims`; `seat` is the place, with a secret of its own.
    `notifies`: `by` hears how it goes, by NOTIFYs with this `event`; `told` is what it heard last.
    `asked_in` is the dialog of who asked; he may be gone, and hear of it all the same.
    `is_vacant`: `by` is gone. `is_given_up`: nobody waits for the transfer target any
    more. `dialog` is of who came by himself.
    """

    by: Side
    number: bytes
    seat: MediaSeat
    aims: tuple[Aim, ...] = ()
    aim: Aim | None = None
    hop: Hop | None = None
    hops: tuple[Hop, ...] = ()
    borrowed: BorrowedParty | None = None
    asked_in: DialogId | None = None
    dialog: DialogId | None = None
    stage: TransferStage = TransferStage.FINDING
    offer: SessionDescription | None = None
    forks: tuple[Fork, ...] = ()
    referred_by: bytes = b""
    replaces: bytes = b""
    event: bytes = b"refer"
    notifies: bool = True
    told: int = 0
    refusal: int = NO_ANSWER
    dialled_us: int = 0
    is_plain: bool = False
    is_vacant: bool = False
    is_given_up: bool = False
