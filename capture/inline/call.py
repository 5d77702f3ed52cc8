"""An inline call as a value: its two ends, how far each is, what is played, how it is recorded.

Round-trips through bytes. Knows nothing of SIP messages, sockets or ports in use.
"""

from enum import StrEnum
from typing import Final

import msgspec

from capture.inline.descriptions.offers import Seat
from capture.inline.descriptions.speech import agreed_media
from capture.inline.routing.modes import Mode
from capture.inline.routing.route import (
    CallDirection,
    NoticeWhen,
    TargetSrtp,
    TransferBy,
    WithoutNotice,
)
from capture.relaying import Latch, Playing, Side
from capture.sdp.description import Direction, MediaDescription, SessionDescription
from capture.sdp.recording import Indication
from capture.sip.flow import Address
from capture.sip.identity import DialogId, TransactionKey

# Answers of so many early dialogs are kept; a proxy that forks to a whole office stays below.
MAX_FORKS: Final = 8
# A target that redirects goes on redirecting: a loop.
MAX_REDIRECTIONS: Final = 5
# Where a target's refusal says nothing better.
NO_ANSWER: Final = 408


class CallerStage(StrEnum):
    """How far we are with who called: asking, hearing before an answer, answered, acknowledged."""

    ASKING = "asking"
    EARLY = "early"
    ANSWERED = "answered"
    TALKING = "talking"
    GONE = "gone"


class CalleeStage(StrEnum):
    """How far we are with who is called."""

    IDLE = "idle"
    FINDING = "finding"
    DIALLING = "dialling"
    RINGING = "ringing"
    ANSWERED = "answered"
    GONE = "gone"


class NoticeStage(StrEnum):
    """How far a party's notice is; `HELD`: it is played again once the party listens again."""

    NONE = "none"
    DUE = "due"
    PLAYING = "playing"
    HELD = "held"
    SENT = "sent"
    MISSED = "missed"


class TransferStage(StrEnum):
    """How far who is to take a place is: sought, called, ringing, or asked to come over.

    `COMING`: he came by himself, and is to answer our offer.
    """

    FINDING = "finding"
    DIALLING = "dialling"
    RINGING = "ringing"
    MOVING = "moving"
    COMING = "coming"


class Hop(msgspec.Struct, frozen=True):
    """Where a target can be reached: transport, address, and the Request-URI to use there."""

    transport: str
    remote: Address
    uri: bytes


class Aim(msgspec.Struct, frozen=True, kw_only=True):
    """A target that may be tried: its name, and how media is spoken there.

    `address` is where we say that we receive, `mode` what the route and it agree on.
    """

    name: str
    address: str
    latch: Latch = Latch.SIGNALLED
    srtp: TargetSrtp = "as-offered"
    mode: Mode = Mode.YES


class Lead(msgspec.Struct, frozen=True):
    """Where a redirection leads: the Request-URI there, and the target whose place that is."""

    uri: bytes
    aim: Aim


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What the route says of this call; decided once, so that a reload changes no call that is up.

    `targets` in the order in which they are tried. `notice` are the prompts in order, for each of
    `notice_to`. `codecs`: speech that may cross, in capitals, () = any. `ringback` is a prompt.
    `records`: is it to be recorded from its begin? `may_start`, `may_stop`: may recording be begun,
    be ended by hand? `tells_by_contact`: the callee is ours under the user of its Contact.
    `tells_at_start`: the notice waits for the begin. With a `refusal_key` who was
    told may end it. `beep_s` is the time between two beeps, 0: none. With `must_record` a call that
    cannot be recorded is ended. `relays_beside`: may one line that is no speech cross? The codes
    are keys of the agent's. `transfer`: who carries out a REFER, we or the other side. `honours`:
    may a party's preference end or pause recording? `mode` and what follows it are the route's, for
    the recording to name.
    """

    route: str
    targets: tuple[Aim, ...]
    number: bytes
    notice: tuple[str, ...] = ()
    notice_to: tuple[Side, ...] = (Side.CALLER,)
    order: NoticeWhen = "dial-first"
    without_notice: WithoutNotice = "connect-and-flag"
    codecs: tuple[str, ...] = ()
    ringback: str = ""
    records: bool = True
    records_with_notice: bool = False
    refusal_key: str = ""
    beep_s: int = 0
    must_record: bool = False
    relays_beside: bool = False
    ring_s: int = 180
    is_emergency: bool = False
    may_start: bool = False
    may_stop: bool = False
    tells_at_start: bool = False
    tells_by_contact: bool = False
    pause_code: str = ""
    resume_code: str = ""
    start_code: str = ""
    pause_max_s: int = 600
    transfer: TransferBy = "here"
    honours: bool = False
    mode: Mode = Mode.YES
    direction: CallDirection = ""
    queue: str = ""
    purpose: str = ""
    controller: str = ""
    tags: tuple[str, ...] = ()


class Fork(msgspec.Struct, frozen=True):
    """An early dialog of the callee that has answered with a description."""

    tag: bytes
    theirs: SessionDescription


class End(msgspec.Struct, frozen=True, kw_only=True):
    """One end: its dialog (before that, our attempt), what was said by offer and answer, its media.

    `ours` and `theirs` are the last descriptions that count. `ssrc`, `first_sequence` and
    `first_timestamp` are of what we send to it. `plays` is what it hears now, `prompt` which of the
    notice's prompts that is. `pair_beside` is for what is no speech, -1: that is refused. Who is
    `is_aware` wants to be told of recording; `declined` is what it would not hear of that.
    """

    side: Side
    peer: str
    pair: int
    seat: Seat
    latch: Latch
    ssrc: int
    first_sequence: int
    first_timestamp: int
    dialog: DialogId | None = None
    ours: SessionDescription | None = None
    theirs: SessionDescription | None = None
    forks: tuple[Fork, ...] = ()
    notice: NoticeStage = NoticeStage.NONE
    prompt: int = 0
    plays: Playing | None = None
    pair_beside: int = -1
    is_aware: bool = False
    declined: Indication = Indication.NONE

    @property
    def listens(self) -> bool:
        """May anything be sent to it (a hold says no)?"""
        media = self.media
        return media is not None and media.direction in LISTENING and _has_place(media)

    @property
    def speaks(self) -> bool:
        """Does it send (a hold by the other side says no)?"""
        media = self.media
        return media is not None and media.direction in SPEAKING

    @property
    def media(self) -> MediaDescription | None:
        """What it has said of its speech."""
        return agreed_media(self.theirs)


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """An offer of one side that the other has not answered yet; `key` is the request to answer.

    `key` None: the offer is our own, to bring the sides together. `offer` None: the other side was
    asked for one. `awaits_answer`: the other side's offer went out, the asker's ACK will answer it.
    `told`: the other side is only told of recording, by this description.
    """

    asker: Side
    key: TransactionKey | None
    offer: SessionDescription | None
    awaits_answer: bool = False
    told: SessionDescription | None = None


class Brought(msgspec.Struct, frozen=True, kw_only=True):
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
    `is_vacant`: `by` is gone. `is_given_up`: nobody waits for the newcomer any more. `dialog` is of
    who came by himself.
    """

    by: Side
    number: bytes
    seat: Seat
    aims: tuple[Aim, ...] = ()
    aim: Aim | None = None
    hop: Hop | None = None
    hops: tuple[Hop, ...] = ()
    brings: Brought | None = None
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


class InlineCall(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of an inline call that must survive us.

    `invite` is the caller's INVITE transaction until it has a final answer. `hop` is where the
    callee is called, `hops` and `leads` are left of that target, `targets` behind it, `srtp`
    is what it says of SRTP. `is_plain`: that was offered there and refused. `refusal` is the last
    one heard. `serial` counts orders to play. `gate_us`: since when what arrives is kept, 0: not
    yet, `beeped_us` when the last beep began. `is_given_up`: the callee was cancelled. `is_joined`:
    both hear each other. `is_started`: recording was begun by hand. `unrecorded`: why nothing is
    kept, "" else. `missing`: somebody was not told. `refused_by`: who has said no, and by which
    key. `transfer` is one under way, `owes` the side that may have to be asked again because
    another one is at the other end now, `refers` counts transfers that were asked for. `group` is
    the key of the call that this one was joined with. `is_paused`: is recording?
    `quiet_until_us`: before that we ask nobody for another change.
    """

    key: bytes
    plan: Plan
    created_us: int
    caller: End
    callee: End
    invite: TransactionKey | None
    caller_stage: CallerStage = CallerStage.ASKING
    callee_stage: CalleeStage = CalleeStage.IDLE
    targets: tuple[Aim, ...] = ()
    hop: Hop | None = None
    hops: tuple[Hop, ...] = ()
    leads: tuple[Lead, ...] = ()
    srtp: TargetSrtp = "as-offered"
    is_plain: bool = False
    redirections: int = 0
    refusal: int = NO_ANSWER
    dialled_us: int = 0
    is_offerless: bool = False
    is_given_up: bool = False
    is_joined: bool = False
    is_started: bool = False
    change: Change | None = None
    serial: int = 0
    gate_us: int = 0
    beeped_us: int = 0
    unrecorded: str = ""
    missing: bool = False
    refused_by: tuple[Side, str] | None = None
    transfer: Transfer | None = None
    owes: Side | None = None
    refers: int = 0
    group: bytes = b""
    is_paused: bool = False
    quiet_until_us: int = 0

    def end(self, side: Side) -> End:
        """One of the two ends."""
        return self.caller if side is Side.CALLER else self.callee

    def with_end(self, end: End) -> "InlineCall":
        """With this end in the place of its former self."""
        if end.side is Side.CALLER:
            return msgspec.structs.replace(self, caller=end)
        return msgspec.structs.replace(self, callee=end)

    @property
    def is_over(self) -> bool:
        """Are both sides gone, and nobody else on the way?"""
        gone = self.caller_stage is CallerStage.GONE and self.callee_stage in OVER
        return gone and self.transfer is None

    @property
    def has_answered(self) -> bool:
        """Have both sides answered?"""
        answered = {CallerStage.ANSWERED, CallerStage.TALKING}
        return self.caller_stage in answered and self.callee_stage is CalleeStage.ANSWERED

    @property
    def is_recorded(self) -> bool:
        """Is anything of it to be kept, now or once the notice is through?"""
        return (self.plan.records or self.is_started) and not self.unrecorded

    @property
    def is_startable(self) -> bool:
        """Do both talk unrecorded, and may somebody have that changed by hand?"""
        is_left = self.plan.may_start and not self.is_started and not self.unrecorded
        return is_left and self.is_joined

    @property
    def has_vacancy(self) -> bool:
        """Has one side gone, and another party is to come in its place?"""
        return self.transfer is not None and self.transfer.is_vacant

    @property
    def notices(self) -> tuple[End, ...]:
        """The ends whose notice is not done with, one way or the other."""
        open_ = {NoticeStage.DUE, NoticeStage.PLAYING, NoticeStage.HELD}
        return tuple(each for each in (self.caller, self.callee) if each.notice in open_)

    @property
    def notices_of_caller(self) -> bool:
        """Is the caller still to hear his notice?"""
        return any(each.side is Side.CALLER for each in self.notices)


LISTENING: Final = frozenset({Direction.SENDRECV, Direction.RECVONLY})
SPEAKING: Final = frozenset({Direction.SENDRECV, Direction.SENDONLY})
UNANSWERED: Final = frozenset({CallerStage.ASKING, CallerStage.EARLY})
OVER: Final = frozenset({CalleeStage.IDLE, CalleeStage.GONE})


def other(side: Side) -> Side:
    """The side that is not this one."""
    return Side.CALLEE if side is Side.CALLER else Side.CALLER


def _has_place(media: MediaDescription) -> bool:
    return media.rtp_destination is not None
