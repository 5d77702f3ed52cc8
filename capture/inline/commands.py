"""What an inline call wants done, in the imperative.

Frozen values that a playbook can list. What the relay and the recorder are told follows from the
call's value and is no command here.
"""

from dataclasses import dataclass, field

from capture.inline.call import Hop
from capture.relaying import Side
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
    """Cancel what was dialled last."""

    reason: bytes = b""


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


@dataclass(frozen=True, slots=True)
class DropFork:
    """A second fork of the callee has answered too late: ACK and BYE to it."""

    dialog: DialogId


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Send this side the ACK that carries our answer to its offer."""

    side: Side
    description: SessionDescription = field(repr=False)


@dataclass(frozen=True, slots=True)
class Offer:
    """Send this side a re-INVITE (or UPDATE) with an offer, or one that asks for an offer."""

    side: Side
    method: bytes
    description: SessionDescription | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer a re-INVITE or UPDATE."""

    key: TransactionKey = field(repr=False)
    status: int
    description: SessionDescription | None = field(default=None, repr=False)


Command = (
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
    | Reply
)
