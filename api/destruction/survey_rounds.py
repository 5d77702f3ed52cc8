"""Rounds that judge the whole archive once a day, in steps, and show what came of it.

So that monitoring, doctor and lists need not. Knows nothing of how is judged.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from api.destruction.figures import figures_of
from api.destruction.gauges import RetentionGauges
from api.destruction.survey import Survey
from archive.catalog.due_counts import destroyed_behind, last_count, write_count
from archive.catalog.engine import reading, writing
from archive.catalog.tenants import ensure_tenant, tenant_row
from archive.ids import TenantId

# So often it looks whether a day is over, and shows what is known.
LOOK_S: Final = 30.0
DAY_US: Final = 86_400_000_000
# Between two steps, so that a walk takes no more than a share of a processor.
_PAUSE_S: Final = 0.02

log = structlog.get_logger("rokuon.retention")


@dataclass(slots=True, kw_only=True)
class SurveyRounds:
    """Over one tenant; `clock_us` tells µs since 1970 UTC."""

    engine: Engine
    clock_us: Callable[[], int]
    tenant: TenantId
    gauges: RetentionGauges
    _going: Survey | None = field(default=None, init=False)
    # Of the tombstones that were counted: the last one, and how many.
    _destroyed: tuple[int, int] = field(default=(0, 0), init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Until told to stop; a catalog that does not answer is asked again later."""
        while not stop.is_set():
            pause_s = _PAUSE_S if await asyncio.to_thread(self._looked) else LOOK_S
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause_s)

    def _looked(self) -> bool:
        try:
            return self.step()
        except DBAPIError:
            log.warning("the catalog does not answer")
            self._going = None
            return False

    def step(self) -> bool:
        """Judge a batch where a walk is due; False where there is nothing to do until later."""
        with reading(self.engine) as connection:
            self._going = self._going or self._begun(connection)
            if self._going and self._going.step(connection):
                return True
        if self._going:
            self._end(self._going)
            self._going = None
        self._show()
        return False

    def _begun(self, connection: Connection) -> Survey | None:
        now_us = self.clock_us()
        last = last_count(connection, tenant_row(connection, self.tenant))
        if last and now_us < last.at_us + DAY_US:
            return None
        return Survey.begin(connection, self.tenant, now_us)

    def _end(self, survey: Survey) -> None:
        with writing(self.engine) as connection:
            write_count(connection, ensure_tenant(connection, self.tenant), survey.count())

    def _show(self) -> None:
        with reading(self.engine) as connection:
            last, known = self._destroyed
            row = tenant_row(connection, self.tenant)
            last, more = destroyed_behind(connection, row, last)
            self._destroyed = (last, known + more)
            figures = figures_of(connection, self.tenant, self.clock_us())
        self.gauges.show(figures, known + more)
