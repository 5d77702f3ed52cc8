"""An inline call as a value: its two ends, how far each is, what is played, how it is recorded.

Round-trips through bytes. Knows nothing of SIP messages, sockets or ports in use.
"""

import msgspec

from archive.call.refusal_reasons import Reason
from archive.call.sender_events import Attempted
from capture.inline.state.call_plan import DialledHop, Plan, TargetSet
from capture.inline.state.ends import End
from capture.inline.state.stages import DIALLED, OVER, CalleeStage, CallerStage, NoticeStage
from capture.inline.state.transfer import Transfer
from capture.links.relay_messages import Side
from capture.sdp.description import SessionDescription
from capture.sip.identity import TransactionKey


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """An offer of one side that the other has not answered yet; `key` is the request to answer.

    `key` None: the offer is our own, to bring the sides together. `offer` None: the other side was
    asked for one. `awaits_answer`: the other side's offer went out, the asker's ACK will answer it.
    `told`: the other side is only told of recording, by this description. `is_retracted`: nobody
    wants it any more, but the other side may have agreed to it.
    """

    asker: Side
    key: TransactionKey | None
    offer: SessionDescription | None
    awaits_answer: bool = False
    told: SessionDescription | None = None
    is_retracted: bool = False


class OwedChange(msgspec.Struct, frozen=True, kw_only=True):
    """Whom we may have to ask again, and before when we ask nobody (RFC 3261 §14.1)."""

    side: Side | None = None  # somebody else is at the other end now
    quiet_until_us: int = 0


class CallRecording(msgspec.Struct, frozen=True, kw_only=True):
    """Whether a call is recorded: since when what arrives is kept, and why nothing is."""

    gate_us: int = 0  # 0: not yet
    beeped_us: int = 0  # when the last beep began
    unrecorded: Reason = Reason.NONE
    warning: str = ""  # of the 488 that it was refused with for want of a codec
    missing: bool = False  # somebody was not told
    refused_by: tuple[Side, str] | None = None  # who has said no, and by which key
    is_started: bool = False  # by hand
    is_paused: bool = False


class InlineCall(msgspec.Struct, frozen=True, kw_only=True):
    """Everything of an inline call that must survive us.

    `invite` is the caller's INVITE transaction until it has a final answer. `serial` counts orders
    to play. `is_given_up`: the callee was cancelled. `is_joined`: both hear each other. `transfer`
    is one under way, `refers` counts transfers that were asked for. `group` is the key of the call
    that this one was joined with. `attempts` are those at the callee and at who was to take a
    place.
    """

    key: bytes
    plan: Plan
    created_us: int
    caller: End
    callee: End
    invite: TransactionKey | None
    caller_stage: CallerStage = CallerStage.ASKING
    callee_stage: CalleeStage = CalleeStage.IDLE
    untried: TargetSet = TargetSet()
    dialled: DialledHop = DialledHop()
    is_offerless: bool = False
    is_given_up: bool = False
    is_joined: bool = False
    change: Change | None = None
    serial: int = 0
    recording: CallRecording = CallRecording()
    transfer: Transfer | None = None
    owed: OwedChange = OwedChange()
    refers: int = 0
    group: bytes = b""
    attempts: tuple[Attempted, ...] = ()

    def with_recording(self, recording: CallRecording) -> "InlineCall":
        """With what is known now of whether it is recorded."""
        return msgspec.structs.replace(self, recording=recording)

    def owing(self, side: Side | None) -> "InlineCall":
        """With the side that may have to be asked again, None where nobody has to be."""
        return msgspec.structs.replace(self, owed=msgspec.structs.replace(self.owed, side=side))

    def unrecorded_for(self, why: Reason) -> "InlineCall":
        """Not recorded for this reason, unless it was for another one before."""
        why = self.recording.unrecorded or why
        return self.with_recording(msgspec.structs.replace(self.recording, unrecorded=why))

    def end(self, side: Side) -> End:
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
    def is_deserted(self) -> bool:
        """Is the caller gone, and who was called has not had his last word yet?"""
        gone = self.caller_stage is CallerStage.GONE and self.transfer is None
        return gone and self.callee_stage in DIALLED

    @property
    def has_answered(self) -> bool:
        """Have both sides answered?"""
        answered = {CallerStage.ANSWERED, CallerStage.TALKING}
        return self.caller_stage in answered and self.callee_stage is CalleeStage.ANSWERED

    @property
    def is_recorded(self) -> bool:
        """Is anything of it to be kept, now or once the notice is through?"""
        return (self.plan.records or self.recording.is_started) and not self.recording.unrecorded

    @property
    def is_refused(self) -> bool:
        """Does a party not want it recorded, who may say so?"""
        return self.recording.unrecorded == Reason.PARTY_REFUSED

    @property
    def is_startable(self) -> bool:
        """Do both talk unrecorded, and may somebody have that changed by hand?"""
        is_left = (
            self.plan.control.may_start
            and not self.recording.is_started
            and not self.recording.unrecorded
        )
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
