"""Answers what is asked of holds, plans and destroying: from the wire to the guard and back.

Knows nothing of sockets or of who may ask. What is destroyed is gone from the keystore's log, too,
before it is answered.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from archive.disk.sqlite_slack import cut_log
from archive.errors import KeyRefused
from archive.ids import ID_BYTES, HoldId, KeyId, PlanId, RecordingId, TenantId
from archive.keys.clock_watch import ClockWatch, unasked_clock
from archive.keys.daemon.wire_ids import MAX_INTEGER, id_of, ids_of
from archive.keys.errors import Refusal
from archive.keys.guard import plans
from archive.keys.guard.brake import see_time
from archive.keys.guard.destruction import DestroyedRecording, DestructionOrder, Why, destroy
from archive.keys.guard.plan_text import PlanReading
from archive.keys.guard.plans import DIGEST_BYTES, MILLION, PlanTerms
from archive.keys.store import legal_holds
from archive.keys.store.schema import transaction
from archive.keys.wire import guard_messages as wire
from archive.keys.wire.message import AnsweredQuestion, AnswerMessage, AskMessage
from archive.lifecycle.plan_text import MAX_PIECE_BYTES, MAX_PIECE_LINES, TextPiece


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

    def rows(self) -> tuple[AnsweredQuestion, ...]:
        """Its rows of the daemon's table."""
        rows = (
            wire.PlaceHold.answered_by(self._place),
            wire.HoldKeys.answered_by(self._hold_keys),
            wire.ActivateHold.answered_by(self._activate),
            wire.CancelHold.answered_by(self._cancel),
            wire.ReleaseHold.answered_by(self._release),
            wire.ReadFence.answered_by(self._fence),
            wire.ListHolds.answered_by(self._holds),
            wire.OpenPlan.answered_by(self._open),
            wire.PlanText.answered_by(self._read),
            wire.SealPlan.answered_by(self._seal),
            wire.EndPlan.answered_by(self._end),
            wire.Destroy.answered_by(self._destroy),
            wire.ConfirmClock.answered_by(self._confirm),
        )
        return tuple((kind, partial(self._behind_cut, do)) for kind, do in rows)

    def _behind_cut(
        self, do: Callable[[AskMessage], AnswerMessage], ask: AskMessage
    ) -> AnswerMessage:
        """Answer once the log is tried to be cut, where it could not be before."""
        if not self.log_is_cut:
            self.log_is_cut = cut_log(self.connection)
        return do(ask)

    def _place(self, ask: wire.PlaceHold) -> wire.FenceAnswer:
        hold, tenant = id_of(HoldId, ask.hold), id_of(TenantId, ask.tenant)
        generation = legal_holds.place_hold(self.connection, hold, tenant)
        placing = legal_holds.read_fence(self.connection, tenant).placing
        return wire.FenceAnswer(generation=generation, placing=placing)

    def _hold_keys(self, ask: wire.HoldKeys) -> wire.HeldKeysAnswer:
        hold, keys = id_of(HoldId, ask.hold), ids_of(KeyId, ask.keys, wire.MAX_KEYS)
        held = legal_holds.hold_keys(self.connection, hold, keys)
        return wire.HeldKeysAnswer(
            held=held.held,
            destroyed=tuple(key.raw for key in held.destroyed),
            unknown=tuple(key.raw for key in held.unknown),
            total=held.total,
        )

    def _activate(self, ask: wire.ActivateHold) -> wire.DoneAnswer:
        legal_holds.activate_hold(self.connection, id_of(HoldId, ask.hold))
        return wire.DoneAnswer()

    def _cancel(self, ask: wire.CancelHold) -> wire.DoneAnswer:
        is_done = legal_holds.cancel_hold(self.connection, id_of(HoldId, ask.hold))
        return wire.DoneAnswer(is_done=is_done)

    def _release(self, ask: wire.ReleaseHold) -> wire.DoneAnswer:
        hold = id_of(HoldId, ask.hold)
        if self.clock.look() is not None:
            raise KeyRefused(Refusal.CLOCK_UNSURE)
        return wire.DoneAnswer(is_done=legal_holds.release_hold(self.connection, hold))

    def _fence(self, ask: wire.ReadFence) -> wire.FenceAnswer:
        fence = legal_holds.read_fence(self.connection, id_of(TenantId, ask.tenant))
        return wire.FenceAnswer(generation=fence.generation, placing=fence.placing)

    def _holds(self, ask: wire.ListHolds) -> wire.HoldsAnswer:
        tenant = id_of(TenantId, ask.tenant)
        found = legal_holds.holds_of(self.connection, tenant, ask.behind, wire.MAX_HOLDS)
        return wire.HoldsAnswer(
            holds=tuple((each.id.raw, each.is_active, each.keys) for each in found)
        )

    def _open(self, ask: wire.OpenPlan) -> wire.DoneAnswer:
        plan = id_of(PlanId, ask.plan)
        self._reading = PlanReading(plan)
        return wire.DoneAnswer(is_done=plans.open_plan(self.connection, plan, _terms(ask)))

    def _read(self, ask: wire.PlanText) -> wire.DoneAnswer:
        """What was read is noted once it is committed: the same piece may come again."""
        plan, piece = id_of(PlanId, ask.plan), _piece(ask)
        if self._reading is None or self._reading.plan != plan:
            raise KeyRefused(Refusal.OUT_OF_ORDER)
        behind, recordings = self._reading.read(piece)
        plans.plan_recordings(self.connection, plan, recordings)
        self._reading = behind
        return wire.DoneAnswer()

    def _seal(self, ask: wire.SealPlan) -> wire.DoneAnswer:
        plan = id_of(PlanId, ask.plan)
        self._see_time()
        plans.seal_plan(self.connection, plan, self._sha256(plan), self.now_us())
        return wire.DoneAnswer()

    def _end(self, ask: wire.EndPlan) -> wire.DoneAnswer:
        return wire.DoneAnswer(is_done=plans.end_plan(self.connection, id_of(PlanId, ask.plan)))

    def _confirm(self, _: wire.ConfirmClock) -> wire.DoneAnswer:
        self.clock.confirm()
        return wire.DoneAnswer(is_done=self.clock.doubt is None)

    def _sha256(self, plan: PlanId) -> bytes | None:
        reading = self._reading
        return reading.sha256 if reading is not None and reading.plan == plan else None

    def _see_time(self) -> None:
        """Write down that it is so late, where it is known to be."""
        if self.clock.look() is None:
            with transaction(self.connection):
                see_time(self.connection, self.now_us())

    def _destroy(self, ask: wire.Destroy) -> wire.DestroyedAnswer:
        recordings = ids_of(RecordingId, ask.recordings, wire.MAX_DESTROYED)
        order = DestructionOrder(id_of(PlanId, ask.plan), ask.generation, recordings)
        stop = None if self.clock.look() is None else Why.CLOCK
        outcomes = destroy(self.connection, order, self.now_us(), stop)
        if any(isinstance(each, DestroyedRecording) for each in outcomes):
            self.log_is_cut = cut_log(self.connection)
        return wire.DestroyedAnswer(
            outcomes=tuple(
                each.at_us if isinstance(each, DestroyedRecording) else each.why.value
                for each in outcomes
            )
        )


def _terms(ask: wire.OpenPlan) -> PlanTerms:
    if (
        len(ask.digest) != DIGEST_BYTES
        or not 0 <= ask.share_ppm <= MILLION
        or not 0 <= ask.due_us <= MAX_INTEGER
    ):
        raise KeyRefused(Refusal.MALFORMED)
    return PlanTerms(
        tenant=id_of(TenantId, ask.tenant),
        digest=ask.digest,
        due_us=ask.due_us,
        share_ppm=ask.share_ppm,
    )


def _piece(ask: wire.PlanText) -> TextPiece:
    is_short = len(ask.text) <= MAX_PIECE_BYTES and len(ask.lines) <= MAX_PIECE_LINES
    if not is_short or not all(_is_counted(raw, keys) for raw, keys in ask.lines):
        raise KeyRefused(Refusal.MALFORMED)
    return TextPiece(ask.at, ask.text, ask.lines)


def _is_counted(raw: bytes, keys: int) -> bool:
    """An id with its keys, or neither."""
    return (len(raw) == ID_BYTES and 0 < keys <= MAX_INTEGER) or (not raw and not keys)
