"""Rounds that destroy texts of the journal when their rule has run; entries and digests stay.

Beside the runs, within the same window. What a hold or a freeze has keeps the texts about it.
Knows nothing of recordings' destruction.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.entries import Entry, append
from archive.catalog.journal.texts import (
    FIRST,
    Behind,
    KeptText,
    Stretches,
    destroy_texts,
    is_written_behind,
    kept_texts,
    recordings_about,
)
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId
from archive.moments import ClockReading, microseconds, moment
from retention.decisions.brakes import MAX_STEP_US, has_stepped, is_open
from retention.decisions.dated_assets import due_times
from retention.decisions.decision import Standing
from retention.decisions.run_stages import ACTOR
from retention.rules.rule import Asset
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.protections import standing_of
from retention.runner.step_rounds import StepRounds

# Each batch is one transaction and one entry.
MAX_BATCH: Final = 200
TARGET: Final = "journal"
# After a batch others write; where nothing is due, the next day begins within the hour.
PACE_S: Final = 0.05
IDLE_S: Final = 60.0

log = structlog.get_logger("rokuon.retention")


@dataclass(slots=True, kw_only=True)
class JournalTexts:
    """Passes over the texts of one tenant that are due; `clock` reads both clocks.

    `is_clock_sure`: whether anything may be destroyed by the time now.
    """

    engine: Engine
    tenant: TenantId
    clock: Callable[[], ClockReading]
    is_clock_sure: Callable[[], bool] = lambda: True
    _begun: ClockReading | None = field(default=None, init=False)
    _behind: Behind = field(default=FIRST, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Go round until told to stop."""
        await StepRounds(name="journal texts", step=self.round, look_s=IDLE_S).run(stop)

    def round(self) -> float:
        """Do one batch if it may be done; for how many seconds to wait then."""
        now = self.clock()
        self._begun = self._begun or now
        if has_stepped(self._begun, now):
            log.error("the clock was set: no text of the journal goes before a new start")
            return IDLE_S
        with reading(self.engine) as connection:
            if not self._due(connection, now.wall_us):
                self._behind = FIRST
                return IDLE_S
        if not self.is_clock_sure():
            return IDLE_S
        with writing(self.engine) as connection:
            self._destroy(connection, now.wall_us)
        return PACE_S

    def _due(self, connection: Connection, now_us: int) -> tuple[KeptText, ...]:
        """The next batch: what must go, whatever stands above it."""
        row = tenant_row(connection, self.tenant)
        written = _written(connection, self.tenant, now_us)
        if not written or is_written_behind(connection, row, now_us + MAX_STEP_US):
            return ()
        return kept_texts(connection, row, written, self._behind, MAX_BATCH)

    def _destroy(self, connection: Connection, now_us: int) -> None:
        found = self._due(connection, now_us)
        gone = _unprotected(connection, tenant_row(connection, self.tenant), found, now_us)
        if gone:
            destroy_texts(connection, gone, now_us)
            entry = Entry(
                tenant=self.tenant,
                at_us=now_us,
                actor=ACTOR,
                action="texts_destroyed",
                target=TARGET,
                detail={"count": len(gone)},
            )
            append(connection, entry)
        if found:
            self._behind = (found[-1].at_us, found[-1].entry)


def _written(connection: Connection, tenant: TenantId, now_us: int) -> Stretches:
    """When entries were written whose texts must go; nothing while the window is closed."""
    history, now = PolicyHistory.read(connection, tenant, now_us), moment(now_us)
    deciding = history.deciding_policy
    if not is_open(deciding.limits, deciding.calendars.zone, now):
        return ()
    due = due_times(history.revisions, now, Asset.JOURNAL)
    return [(microseconds(each.begin), microseconds(each.end)) for each in due]


def _unprotected(
    connection: Connection, tenant: int, found: Sequence[KeptText], now_us: int
) -> list[int]:
    """Entries of which nothing that they are about is held or frozen."""
    about = recordings_about(connection, tenant, {each.target for each in found})
    own = sorted({each for several in about.values() for each in several})
    standing = standing_of(connection, tenant, own)
    kept = {each for each in own if each in standing and _keeps(standing[each], now_us)}
    return [each.entry for each in found if kept.isdisjoint(about.get(each.target, ()))]


def _keeps(standing: Standing, now_us: int) -> bool:
    holds = any(not each.is_over(moment(now_us)) for each in standing.holds)
    return holds or bool(standing.freezes)
