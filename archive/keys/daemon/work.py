"""The key daemon's own work: epochs turn, old ones end, keystore sets are made when asked for.

Knows nothing of threads: it says what is to be done next, and where. What fails is tried again.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from archive.keys.clock_watch import HOUR_US, ClockWatch, unasked_clock
from archive.keys.epochs.assurance import TurnPlan
from archive.keys.epochs.epoch_end import EpochEnd
from archive.keys.epochs.epochs import EpochState, epoch_in_force, epochs
from archive.keys.epochs.keystore_sets import KeystoreSet, KeystoreSets
from archive.keys.epochs.slack_order import SlackOrder
from archive.keys.epochs.turn import EpochTurn, OpenKeystore
from archive.keys.epochs.work_item import WorkItem, WorkThread
from archive.keys.gate.rollback import RollbackGate
from archive.keys.guard.brake import latest_time, see_time
from archive.keys.store.schema import transaction


def _nobody() -> None:
    """Nobody waits to be woken."""


@dataclass(slots=True)
class SetOrder:
    """A keystore set that somebody asked for, made outside of a turn."""

    opened: OpenKeystore
    sets: KeystoreSets
    is_wished: bool = False
    _made: KeystoreSet | None = None
    _held: list[bytes] = field(default_factory=list)

    def next_job(self) -> WorkItem | None:
        """The next step; None where nothing is asked for."""
        if self._held:
            return WorkItem(WorkThread.KEYSTORE, self._note_held)
        if self._made is not None:
            made = self._made
            return WorkItem(WorkThread.KEYSTORE, lambda: self._note(made))
        if not self.is_wished:
            return None
        epoch = epoch_in_force(self.opened.connection)
        return WorkItem(WorkThread.BESIDE, lambda: self._make(epoch))

    def _make(self, epoch: int) -> None:
        self._made = self.sets.make(epoch, self.opened.now_us())

    def _note(self, made: KeystoreSet) -> None:
        with transaction(self.opened.connection):
            self.sets.note(self.opened.connection, made)
        self.is_wished, self._made, self._held = False, None, made.held

    def _note_held(self) -> None:
        with transaction(self.opened.connection):
            self.sets.note_held(self.opened.connection, self._held)


@dataclass(frozen=True, slots=True)
class Orders:
    """What is done because somebody asked for it."""

    sets: SetOrder
    slack: SlackOrder

    def next_job(self) -> WorkItem | None:
        """A set first: somebody may wait for it."""
        return self.sets.next_job() or self.slack.next_job()


@dataclass(slots=True)
class KeystoreWork:
    """What there is to do; `wake` is called when that may have become more."""

    opened: OpenKeystore
    turn: EpochTurn
    end: EpochEnd
    orders: Orders
    gate: RollbackGate
    plan: TurnPlan
    clock: ClockWatch = field(default_factory=unasked_clock)
    fault: str = ""
    wake: Callable[[], None] = _nobody

    def next_job(self) -> WorkItem | None:
        """What is to be done now; runs in the keystore's thread."""
        if not self.gate.is_open:
            return None
        is_sure = self.clock.look() is None
        if is_sure:
            self._note_life()
        if is_sure and self._is_turn_due():
            self.turn.wish()
        return self.gate.next_job() or self._further_job()

    def _further_job(self) -> WorkItem | None:
        further = self.turn.next_job() or self.orders.next_job()
        # No epoch ends by a clock that may be wrong: what opens its backups would be gone.
        return further or (self.end.next_job() if self.clock.doubt is None else None)

    def went_well(self) -> None:
        """A job is done: whatever stopped the work before is over."""
        self.fault = ""

    def stopped_by(self, failed: Exception) -> None:
        """Remember why it does not go on, for who asks."""
        said = failed.strerror if isinstance(failed, OSError) else str(failed)
        self.fault = said or "it does not go on"

    def rest(self) -> None:
        """Nothing is left to do for now: what was held back is looked at again next time."""
        self.end.try_again()

    def wish_turn(self) -> None:
        """Begin a turn, unless one is under way."""
        self.turn.wish()
        self.wake()

    def wish_set(self) -> None:
        """Make a set of the keystore."""
        self.orders.sets.is_wished = True
        self.wake()

    def wish_no_slack(self) -> None:
        """Overwrite what destroyed keys may have left between the rows."""
        self.orders.slack.is_wished = True
        self.wake()

    def _note_life(self) -> None:
        """Once an hour: at the next start that says for how long nobody was here."""
        now_us = self.opened.now_us()
        if now_us - latest_time(self.opened.connection) >= HOUR_US:
            with transaction(self.opened.connection):
                see_time(self.opened.connection, now_us)

    def _is_turn_due(self) -> bool:
        if not self.plan.every_us:
            return False
        current = next(
            each for each in epochs(self.opened.connection) if each.state is EpochState.CURRENT
        )
        return self.opened.now_us() - current.created_us >= self.plan.every_us
