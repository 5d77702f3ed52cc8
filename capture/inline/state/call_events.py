"""What happens to an inline call, in the past tense.

Frozen values that a playbook can list. Knows nothing of SIP messages.
"""

from dataclasses import dataclass
from typing import Final

from capture.inline.descriptions.seat import MediaSeat
from capture.inline.state.call_plan import NO_ANSWER, Aim, Hop, Redirection
from capture.inline.state.transfer import BorrowedParty
from capture.links.relay_messages import Latch, Outcome, Side
from capture.sdp.description import SessionDescription
from capture.sip.identity import DialogId, TransactionKey

REQUEST_TERMINATED: Final = 487


@dataclass(frozen=True, slots=True)
class Began:
    """The call was taken; its value says how it is to go on."""


@dataclass(frozen=True, slots=True)
class HopsFound:
    """Where the target that was asked for can be reached, the best first; nowhere: none."""

    hops: tuple[Hop, ...]


@dataclass(frozen=True, slots=True)
class Progressed:
    """The callee gave a provisional response; `tag` names the fork."""

    tag: bytes
    status: int
    description: SessionDescription | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """The callee's 2xx; a second one, of another fork, has another dialog.

    `is_aware`: it wants to be told of recording.
    """

    dialog: DialogId
    description: SessionDescription | None
    is_aware: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The callee's final refusal, or `NOBODY_ANSWERED`.

    `contacts` are the URIs of a 3xx, `leads` those of them that may be followed. `is_ours`: nobody
    sent it, for there was no response, or nobody to send the request to.
    """

    status: int
    reason: bytes = b""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    contacts: tuple[bytes, ...] = ()
    leads: tuple[Redirection, ...] = ()
    is_ours: bool = False


# Who hears 408 takes the next hop, us, for silent, and calls the same party by another way.
NOBODY_ANSWERED: Final = Refused(NO_ANSWER, headers=((b"Reason", b"SIP;cause=408"),), is_ours=True)


@dataclass(frozen=True, slots=True)
class RangTooLong:
    """Nobody has answered within the route's time, or said anything at all: not even 100."""

    is_reached: bool = True


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The caller gave up before an answer, or says nothing (RFC 3262 §3): `status` is sent to him.

    `reason`: why, as he says it.
    """

    reason: bytes = b""
    status: int = REQUEST_TERMINATED


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The ACK of our 2xx to this side came; with an answer where the offer was ours."""

    side: Side
    description: SessionDescription | None = None


@dataclass(frozen=True, slots=True)
class HungUp:
    """A side's BYE, or what is as good: its dialog is gone. `reason` is its Reason header.

    `headers` is what else of it is for the other side.
    """

    side: Side
    reason: bytes = b""
    still_there: bool = False
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Reoffered:
    """A side's re-INVITE or UPDATE, to be answered by `key`; without a description it has none."""

    side: Side
    key: TransactionKey
    method: bytes
    description: SessionDescription | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class Retracted:
    """A side gave up its re-INVITE (`key`) before it was answered; the 487 is sent."""

    side: Side
    key: TransactionKey


@dataclass(frozen=True, slots=True)
class Reanswered:
    """A side's final response to an offer (or a request for one) of ours inside the call.

    `wait_us` is random: so long it is to be left alone where it has a change of its own (491).
    """

    side: Side
    status: int
    description: SessionDescription | None = None
    wait_us: int = 0
    headers: tuple[tuple[bytes, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class AskDue:
    """A side that had a change of its own may be asked for ours again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePlayed:
    """The relay is through with an order to play; see `capture.links.relay_messages.Played`.

    `is_unheard`: nothing has ever come from this side.
    """

    side: Side
    serial: int
    outcome: Outcome
    until_us: int
    gate_us: int
    is_unheard: bool = False


@dataclass(frozen=True, slots=True)
class PartyHeard:
    """The relay hears a side, and knows by that where it is."""

    side: Side


@dataclass(frozen=True, slots=True)
class HeldTooLong:
    """A party that is to hear its notice has not listened for the route's time."""

    side: Side


@dataclass(frozen=True, slots=True)
class KeyPressed:
    side: Side
    digit: str


@dataclass(frozen=True, slots=True)
class BeepDue:
    """The route's time since the last beep is over."""


@dataclass(frozen=True, slots=True)
class ComfortDue:
    """A caller whom we have answered has heard nothing for a while."""


@dataclass(frozen=True, slots=True)
class Started:
    """Somebody who may has recording begun by hand."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Somebody who may has recording ended by hand."""


@dataclass(frozen=True, slots=True)
class RecordingFailed:
    """Nothing takes what comes for the recording of this call."""


@dataclass(frozen=True, slots=True)
class NotRelayed:
    """No relay carries what the parties say: it has no sockets for the call."""


@dataclass(frozen=True, slots=True)
class RecordingSeen:
    """Whether recording is paused by now; or it is time to say again how it is."""

    is_paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Referred:
    """A side's REFER that may be carried out: `number` at one of `aims`, or who is brought.

    `secret` is fresh. `replaces` is a dialog of others that the transfer target is to give up.
    """

    side: Side
    key: TransactionKey
    number: bytes
    secret: bytes
    aims: tuple[Aim, ...] = ()
    borrowed: BorrowedParty | None = None
    referred_by: bytes = b""
    replaces: bytes = b""
    is_quiet: bool = False
    sequence: int = 1


@dataclass(frozen=True, slots=True)
class OfTransferTarget:
    what: HopsFound | Progressed | Answered | Refused | RangTooLong


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaced:
    """An INVITE that takes this side's place (RFC 3891), to be answered by `key`.

    `is_early`: it names a telephone that we have called and that rings.
    """

    side: Side
    key: TransactionKey
    dialog: DialogId
    description: SessionDescription | None
    peer: str
    latch: Latch
    seat: MediaSeat
    is_aware: bool = False
    is_early: bool = False


@dataclass(frozen=True, slots=True)
class Lent:
    """A party of this call is asked to go on in another one."""

    side: Side


@dataclass(frozen=True, slots=True)
class Returned:
    """It stays after all."""

    side: Side
    dialog: DialogId


@dataclass(frozen=True, slots=True)
class Lost:
    side: Side


@dataclass(frozen=True, slots=True)
class Grouped:
    """This call and the one of that key are of one conversation."""

    group: bytes


Event = (
    Began
    | HopsFound
    | Progressed
    | Answered
    | Refused
    | RangTooLong
    | Cancelled
    | Acknowledged
    | HungUp
    | Reoffered
    | Retracted
    | Reanswered
    | AskDue
    | NoticePlayed
    | PartyHeard
    | HeldTooLong
    | KeyPressed
    | BeepDue
    | ComfortDue
    | Started
    | Stopped
    | RecordingFailed
    | NotRelayed
    | RecordingSeen
    | Referred
    | OfTransferTarget
    | Replaced
    | Lent
    | Returned
    | Lost
    | Grouped
)
