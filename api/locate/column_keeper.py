"""The columns of this process: opened or made anew, brought forward, handed to who scores.

Of one tenant. Knows nothing of what is asked of them, nor of who asks.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from api.locate.reached_months import ReachedMonths
from api.locate.turns import Turns
from archive.catalog.database.engine import reading, writing
from archive.catalog.locating.changes import changes_since, last_change, last_place, leads_on
from archive.catalog.locating.copies import is_registered, register_copy, report_copy
from archive.catalog.locating.identity import identity_of_index
from archive.catalog.locating.source_rows import month_rows, months_with_calls, reached_rows
from archive.catalog.tables.tenants import NOBODY, tenant_row
from archive.disk.files import Disk, LocalDisk
from archive.errors import ArchiveError
from archive.ids import TenantId
from archive.locate.columns.errors import ColumnsRefused, ColumnsStale
from archive.locate.columns.layout import Identity
from archive.locate.columns.month_file import MonthFile
from archive.locate.columns.store import Changes, ColumnStore

# Between two looks at what has changed; what is adopted is found within 5 s.
LOOK_S: Final = 2.0
# A disk may be full, a month may have more than a file takes.
_AFTER_FAILURE_S: Final = 60.0
# A copy that goes forward says so at once, one with nothing to do now and then.
_REPORTED_EVERY_US: Final = 60 * 1_000_000

log = structlog.get_logger("rokuon.locate")


class ColumnsNotReady(ArchiveError):
    """They are being made: so many months of so many are."""

    def __init__(self, made: int, months: int) -> None:
        super().__init__(f"{made} of {months} months are made")
        self.made = made
        self.months = months


@dataclass(frozen=True, slots=True)
class Columns:
    """All files, newest month first, the change up to which they are right, what is within whose
    reach.
    """

    files: tuple[MonthFile, ...]
    sequence: int
    reached: ReachedMonths


@dataclass(slots=True, kw_only=True)
class ColumnKeeper:
    """`folder` is its own; `copy`, 16 bytes, is the same after each start; µs since 1970 UTC."""

    engine: Engine
    tenant: TenantId
    folder: Path
    copy: bytes
    clock_us: Callable[[], int]
    disk: Disk = field(default_factory=LocalDisk)
    _state: "_Opened | None" = field(default=None, init=False)
    _turns: Turns = field(default_factory=Turns, init=False)

    def step(self) -> bool:
        """Bring them forward, or make one month; whether there is more to do at once.

        What cannot be reached now is raised as it is: `SQLAlchemyError`, `OSError`.
        """
        with self._turns.work:
            state = self._opened()
            if state is None:
                return False
            self._go_forward(state)
            if self._state is not None and state.store.refused:
                self._make(state, max(state.store.refused))
            return self._state is None or bool(state.store.refused)

    def round(self) -> float:
        """A step; how many seconds later the next one is. What fails is begun anew."""
        try:
            return 0.0 if self.step() else LOOK_S
        except (ArchiveError, OSError) as failed:
            log.error("columns failed", kind=type(failed).__name__)
            self._state = None
            return _AFTER_FAILURE_S

    @contextmanager
    def current(self) -> Iterator[Columns]:
        """As of now: all that was committed before is in, and nobody writes until it is left.

        Raises `ColumnsNotReady`.
        """
        if self._turns.work.locked():  # perhaps for as long as a month takes
            self._require_made(self._state)
        with self._turns.work:
            state = self._opened()
            if state is not None:
                self._require_made(state)
                self._go_forward(state, says_at_once=False)
                self._require_made(self._state)
        if state is None:
            yield Columns((), 0, ReachedMonths())
            return
        with self._turns.reading():
            sequence = state.store.manifest.sequence
            yield Columns(state.store.files, sequence, state.reached)

    def _require_made(self, state: "_Opened | None") -> None:
        if state is None:
            raise ColumnsNotReady(0, 1)
        if missing := len(state.store.refused):
            months = len(state.months)
            raise ColumnsNotReady(months - missing, months)

    def _opened(self) -> "_Opened | None":
        """None where the tenant has nothing yet."""
        if self._state is None:
            with reading(self.engine) as connection:
                row = tenant_row(connection, self.tenant)
                if row == NOBODY:
                    return None
                identity = Identity(self.tenant, identity_of_index(connection))
                store = self._found(connection, row, identity)
            self._state = self._begun(row, identity) if store is None else _Opened(row, store)
        return self._state

    def _found(self, connection: Connection, row: int, identity: Identity) -> ColumnStore | None:
        """What lies there, where it may be gone on with."""
        if not is_registered(connection, row, self.copy):
            return None
        try:
            return ColumnStore.open(
                self.folder, identity, partial(leads_on, connection, row), self.disk
            )
        except ColumnsRefused as refused:
            log.info("columns are made anew", because=type(refused).__name__)
            return None

    def _begun(self, row: int, identity: Identity) -> "_Opened":
        """Empty ones; what was there is overwritten before they are registered."""
        with reading(self.engine) as connection:
            place = last_place(connection, row)
            months = months_with_calls(connection, row)
        store = ColumnStore.create(self.folder, identity, place, months, self.disk)
        with writing(self.engine) as connection:
            register_copy(connection, row, self.copy, place.sequence, self.clock_us())
        return _Opened(row, store)

    def _make(self, state: "_Opened", month: int) -> None:
        with reading(self.engine) as connection:
            sequence = last_change(connection, state.row)
            rows = month_rows(connection, state.row, month)
        with self._turns.writing():
            state.store.replace_month(month, rows, sequence)
            state.reached.retain(state.store.files)
        log.info("month made", month=month, rows=len(rows.rows), left=len(state.store.refused))

    def _go_forward(self, state: "_Opened", *, says_at_once: bool = True) -> None:
        """Apply all changes that there are, say how far that is; begin anew where none lead on."""
        try:
            while not self._apply_some(state):
                pass
        except ColumnsRefused as refused:
            log.info("columns are opened again", because=type(refused).__name__)
            self._state = None
            return
        with self._turns.writing():
            state.store.tidy()
        self._report(state, at_once=says_at_once)

    def _apply_some(self, state: "_Opened") -> bool:
        """Whether nothing is left."""
        store = state.store
        with reading(self.engine) as connection:
            identity = Identity(self.tenant, identity_of_index(connection))
            if not leads_on(connection, state.row, store.manifest.place):
                raise ColumnsStale(f"change {store.manifest.sequence}")
            if identity != store.manifest.identity:
                raise ColumnsStale("another index")
            changed = changes_since(connection, state.row, store.manifest.sequence)
            if not changed.recordings:
                return True
            reached = reached_rows(connection, state.row, changed.recordings)
        changes = Changes(changed.place, reached.recordings, reached.source)
        with self._turns.writing():
            store.apply(changes)
            state.reached.retain(store.files)
        return changed.is_all

    def _report(self, state: "_Opened", *, at_once: bool) -> None:
        """Where the copy was dropped, nothing of it is answered from any more."""
        now_us, sequence = self.clock_us(), state.store.manifest.sequence
        since_us = now_us - state.reported_us
        is_news = at_once and sequence != state.reported
        if not is_news and 0 <= since_us < _REPORTED_EVERY_US:
            return
        with writing(self.engine) as connection:
            is_kept = report_copy(connection, state.row, self.copy, sequence, now_us)
        if is_kept:
            state.reported, state.reported_us = sequence, now_us
        else:
            log.info("columns are made anew", because="silent for too long")
            self._state = None


@dataclass(slots=True)
class _Opened:
    """A store, and what was last said of it."""

    row: int
    store: ColumnStore
    reported: int = -1
    reported_us: int = 0
    reached: ReachedMonths = field(default_factory=ReachedMonths)

    @property
    def months(self) -> set[int]:
        """That there are, made or not."""
        return {entry.month for entry in self.store.manifest.entries}
