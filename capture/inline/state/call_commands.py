"""What an inline call wants done, in the imperative.

Frozen values that a playbook can list. What the relay and the recorder are told follows from the
call's value and is no command here.
"""

from dataclasses import dataclass, field

from capture.inline.state.call import InlineCall
from capture.inline.state.call_plan import Hop
from capture.links.relay_messages import Side
from capture.sdp.description import SessionDescription
from capture.sip.identity import DialogId, TransactionKey


@dataclass(frozen=True, slots=True)
class FindHops:
    """Say where this target can be reached; `uri` is where it has redirected us, b"": its own."""

    target: str
    uri: bytes = b""


@dataclass(frozen=True, slots=True)
class Dial:
    """Call the callee there; without an offer it is asked for one."""

    hop: Hop
    offer: SessionDescription | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class GiveUp:
    """Cancel what was dialled last; `moves_on`: somebody else is called in its place."""

    reason: bytes = b""
    moves_on: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """A provisional response to the caller."""

    status: int
    description: SessionDescription | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Accept:
    """Answer the caller's INVITE with 200."""

    description: SessionDescription = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refuse:
    """Answer the caller's INVITE with a refusal."""

    status: int
    reason: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class HangUp:
    """Send BYE to this side."""

    side: Side
    reason: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class DropFork:
    """A second fork of the callee has answered too late: ACK and BYE to it."""

    dialog: DialogId


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Send this side the ACK that carries our answer to its offer; None where it made none."""

    side: Side
    description: SessionDescription | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """Send this side a re-INVITE (or UPDATE) with an offer, or one that asks for an offer."""

    side: Side
    method: bytes
    description: SessionDescription | None = field(repr=False)
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Retract:
    """Give up our re-INVITE to this side (RFC 3261 §9.1)."""

    side: Side


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer a re-INVITE or UPDATE."""

    key: TransactionKey = field(repr=False)
    status: int
    description: SessionDescription | None = field(default=None, repr=False)
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class AnswerReferral:
    """Answer a REFER; `is_quiet`: say that no NOTIFY will follow (RFC 4488)."""

    key: TransactionKey = field(repr=False)
    status: int
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell who asked for a transfer how it goes (RFC 3515 §2.4.4)."""

    dialog: DialogId = field(repr=False)
    event: bytes
    status: int
    reason: bytes = b""
    is_over: bool = False


@dataclass(frozen=True, slots=True)
class FindTransferTarget:
    """Say where this number can be reached at the target."""

    target: str
    number: bytes


@dataclass(frozen=True, slots=True)
class DialTransferTarget:
    """Call who is to take a place there."""

    hop: Hop
    offer: SessionDescription = field(repr=False)


@dataclass(frozen=True, slots=True)
class GiveUpTransferTarget:
    """Cancel who was called to take a place."""


@dataclass(frozen=True, slots=True)
class Borrow:
    """Take a party out of the call `key`: its dialog is ours until it is given back."""

    call: bytes
    side: Side
    dialog: DialogId = field(repr=False)


@dataclass(frozen=True, slots=True)
class BringOver:
    """Have the borrowed party speak with us: re-INVITE in its dialog."""

    dialog: DialogId = field(repr=False)
    offer: SessionDescription = field(repr=False)


@dataclass(frozen=True, slots=True)
class GiveBack:
    """The party stays in the call `key` after all."""

    call: bytes
    side: Side
    dialog: DialogId = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeepBorrowed:
    """The party is ours for good: what is left of the call `key` ends, and is of `group`."""

    call: bytes
    side: Side
    group: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class AcceptTransferTarget:
    """Answer the INVITE of who takes a place by himself (RFC 3891) with 200."""

    key: TransactionKey = field(repr=False)
    description: SessionDescription = field(repr=False)


@dataclass(frozen=True, slots=True)
class RefuseTransferTarget:
    """Answer that INVITE with a refusal."""

    key: TransactionKey = field(repr=False)
    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class LetGo:
    """Send BYE in a dialog whose place another one has now, or that came too late."""

    dialog: DialogId = field(repr=False)


CallCommand = (
    FindHops
    | Dial
    | GiveUp
    | Progress
    | Accept
    | Refuse
    | HangUp
    | DropFork
    | Acknowledge
    | Offer
    | Retract
    | Reply
)
TransferCommand = (
    AnswerReferral
    | Notify
    | FindTransferTarget
    | DialTransferTarget
    | GiveUpTransferTarget
    | Borrow
    | BringOver
    | GiveBack
    | KeepBorrowed
    | AcceptTransferTarget
    | RefuseTransferTarget
    | LetGo
)
Command = CallCommand | TransferCommand
Step = tuple[InlineCall, list[Command]]
"""What a step of a call gives back: the call after it, and what that wants."""
