"""Answers what is asked of holds, plans and destroying: from the wire to the guard and back.

Knows nothing of sockets or of who may ask. What is destroyed is gone from the keystore's log, too,
before it is answered.
"""

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from archive.disk.sqlite_slack import cut_log
from archive.errors import KeyRefused
from archive.ids import ID_BYTES, HoldId, KeyId, PlanId, RecordingId, TenantId
from archive.keys.clock_watch import ClockWatch, unasked_clock
from archive.keys.errors import Refusal
from archive.keys.guard import plans
from archive.keys.guard.brake import see_time
from archive.keys.guard.destruction import DestroyedRecording, DestructionOrder, Why, destroy
from archive.keys.guard.plan_text import PlanReading
from archive.keys.guard.plans import DIGEST_BYTES, MILLION, PlanTerms
from archive.keys.store import legal_holds
from archive.keys.store.schema import transaction
from archive.keys.wire.guard_messages import (
    MAX_DESTROYED,
    MAX_HOLDS,
    MAX_KEYS,
    ActivateHold,
    CancelHold,
    ConfirmClock,
    Destroy,
    DestroyedAnswer,
    DoneAnswer,
    EndPlan,
    FenceAnswer,
    GuardAnswer,
    GuardAsk,
    HeldKeysAnswer,
    HoldKeys,
    HoldsAnswer,
    ListHolds,
    OpenPlan,
    PlaceHold,
    PlanText,
    ReadFence,
    ReleaseHold,
    SealPlan,
)
from archive.lifecycle.plan_text import MAX_PIECE_BYTES, MAX_PIECE_LINES, TextPiece

# The largest number that the keystore has room for.
_MAX_INTEGER = (1 << 63) - 1

_IdT = TypeVar("_IdT", HoldId, KeyId, PlanId, RecordingId, TenantId)


@dataclass(slots=True)
class GuardResponder:
    """The guard of one keystore; `clock` says whether anything may be destroyed by the time.

    `log_is_cut`: nothing that was destroyed is in the log.
    """

    connection: sqlite3.Connection
    now_us: Callable[[], int]
    clock: ClockWatch = field(default_factory=unasked_clock)
    log_is_cut: bool = True
    # The text that comes now; of a daemon that was started anew it begins anew.
    _reading: PlanReading | None = None

    def answer(self, ask: GuardAsk) -> GuardAnswer:
        """Do what is asked; raises `KeyRefused`."""
        if not self.log_is_cut:
            self.log_is_cut = cut_log(self.connection)
        match ask:
            case PlaceHold() | HoldKeys() | ActivateHold() | CancelHold() | ReleaseHold():
                return self._hold(ask)
            case ListHolds():
                return self._holds(ask)
            case ReadFence():
                fence = legal_holds.read_fence(self.connection, _id(TenantId, ask.tenant))
                return FenceAnswer(generation=fence.generation, placing=fence.placing)
            case OpenPlan() | PlanText() | SealPlan() | EndPlan():
                return self._plan(ask)
            case Destroy():
                return self._destroy(ask)
            case ConfirmClock():
                self.clock.confirm()
                return DoneAnswer(is_done=self.clock.doubt is None)

    def _hold(
        self, ask: PlaceHold | HoldKeys | ActivateHold | CancelHold | ReleaseHold
    ) -> GuardAnswer:
        hold = _id(HoldId, ask.hold)
        match ask:
            case PlaceHold():
                return self._place(hold, _id(TenantId, ask.tenant))
            case HoldKeys():
                return self._hold_keys(hold, _ids(KeyId, ask.keys, MAX_KEYS))
            case ActivateHold():
                legal_holds.activate_hold(self.connection, hold)
                return DoneAnswer()
            case CancelHold():
                return DoneAnswer(is_done=legal_holds.cancel_hold(self.connection, hold))
            case ReleaseHold():
                if self.clock.look() is not None:
                    raise KeyRefused(Refusal.CLOCK_UNSURE)
                return DoneAnswer(is_done=legal_holds.release_hold(self.connection, hold))

    def _place(self, hold: HoldId, tenant: TenantId) -> FenceAnswer:
        generation = legal_holds.place_hold(self.connection, hold, tenant)
        placing = legal_holds.read_fence(self.connection, tenant).placing
        return FenceAnswer(generation=generation, placing=placing)

    def _hold_keys(self, hold: HoldId, keys: Sequence[KeyId]) -> HeldKeysAnswer:
        held = legal_holds.hold_keys(self.connection, hold, keys)
        return HeldKeysAnswer(
            held=held.held,
            destroyed=tuple(key.raw for key in held.destroyed),
            unknown=tuple(key.raw for key in held.unknown),
            total=held.total,
        )

    def _holds(self, ask: ListHolds) -> HoldsAnswer:
        tenant = _id(TenantId, ask.tenant)
        found = legal_holds.holds_of(self.connection, tenant, ask.behind, MAX_HOLDS)
        return HoldsAnswer(holds=tuple((each.id.raw, each.is_active, each.keys) for each in found))

    def _plan(self, ask: OpenPlan | PlanText | SealPlan | EndPlan) -> DoneAnswer:
        plan = _id(PlanId, ask.plan)
        match ask:
            case OpenPlan():
                self._reading = PlanReading(plan)
                return DoneAnswer(is_done=plans.open_plan(self.connection, plan, _terms(ask)))
            case PlanText():
                self._read(plan, _piece(ask))
            case SealPlan():
                self._see_time()
                plans.seal_plan(self.connection, plan, self._sha256(plan), self.now_us())
            case EndPlan():
                return DoneAnswer(is_done=plans.end_plan(self.connection, plan))
        return DoneAnswer()

    def _read(self, plan: PlanId, piece: TextPiece) -> None:
        """What was read is noted once it is committed: the same piece may come again."""
        if self._reading is None or self._reading.plan != plan:
            raise KeyRefused(Refusal.OUT_OF_ORDER)
        behind, recordings = self._reading.read(piece)
        plans.plan_recordings(self.connection, plan, recordings)
        self._reading = behind

    def _sha256(self, plan: PlanId) -> bytes | None:
        reading = self._reading
        return reading.sha256 if reading is not None and reading.plan == plan else None

    def _see_time(self) -> None:
        """Write down that it is so late, where it is known to be."""
        if self.clock.look() is None:
            with transaction(self.connection):
                see_time(self.connection, self.now_us())

    def _destroy(self, ask: Destroy) -> DestroyedAnswer:
        recordings = _ids(RecordingId, ask.recordings, MAX_DESTROYED)
        order = DestructionOrder(_id(PlanId, ask.plan), ask.generation, recordings)
        stop = None if self.clock.look() is None else Why.CLOCK
        outcomes = destroy(self.connection, order, self.now_us(), stop)
        if any(isinstance(each, DestroyedRecording) for each in outcomes):
            self.log_is_cut = cut_log(self.connection)
        return DestroyedAnswer(
            outcomes=tuple(
                each.at_us if isinstance(each, DestroyedRecording) else each.why.value
                for each in outcomes
            )
        )


def _terms(ask: OpenPlan) -> PlanTerms:
    if (
        len(ask.digest) != DIGEST_BYTES
        or not 0 <= ask.share_ppm <= MILLION
        or not 0 <= ask.due_us <= _MAX_INTEGER
    ):
        raise KeyRefused(Refusal.MALFORMED)
    return PlanTerms(
        tenant=_id(TenantId, ask.tenant),
        digest=ask.digest,
        due_us=ask.due_us,
        share_ppm=ask.share_ppm,
    )


def _piece(ask: PlanText) -> TextPiece:
    is_short = len(ask.text) <= MAX_PIECE_BYTES and len(ask.lines) <= MAX_PIECE_LINES
    if not is_short or not all(_is_counted(raw, keys) for raw, keys in ask.lines):
        raise KeyRefused(Refusal.MALFORMED)
    return TextPiece(ask.at, ask.text, ask.lines)


def _is_counted(raw: bytes, keys: int) -> bool:
    """An id with its keys, or neither."""
    return (len(raw) == ID_BYTES and 0 < keys <= _MAX_INTEGER) or (not raw and not keys)


def _ids(kind: type[_IdT], raws: Sequence[bytes], limit: int) -> list[_IdT]:
    if len(raws) > limit:
        raise KeyRefused(Refusal.MALFORMED)
    return [_id(kind, raw) for raw in raws]


def _id(kind: type[_IdT], raw: bytes) -> _IdT:
    if len(raw) != ID_BYTES:
        raise KeyRefused(Refusal.MALFORMED)
    return kind(raw)
