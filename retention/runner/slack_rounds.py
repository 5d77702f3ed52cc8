"""After a run, or texts of the journal: what is left in the catalog's files is overwritten.

Beside the runner, some pages at a time. Knows nothing of pages, nor of how a run destroys.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import Engine

from archive.catalog.database.engine import reading
from archive.catalog.database.slack import cut_catalog_log, overwrite_some
from archive.catalog.destruction.plans import count_ended
from archive.catalog.journal.texts import last_place
from archive.catalog.tables.tenants import tenant_row
from archive.disk.sqlite_slack import Scrub
from archive.ids import TenantId
from retention.runner.step_rounds import StepRounds

# After a step: half a MiB was read, and calls that are being written have the disk.
PACE_S: Final = 0.005
IDLE_S: Final = 5.0

log = structlog.get_logger("rokuon.retention")


@dataclass(slots=True, kw_only=True)
class CatalogSlack:
    """Passes over the catalog: one at the start, one whenever a run or a text has gone since."""

    engine: Engine
    tenant: TenantId
    _pass: Scrub | None = field(default=None, init=False)
    # Runs that had ended, and the place of the entry that told last of texts.
    _gone: tuple[int, int] = field(default=(-1, -1), init=False)
    _log_is_cut: bool = field(default=True, init=False)

    async def run(self, stop: asyncio.Event) -> None:
        """Go round until told to stop."""
        await StepRounds(name="slack", step=self.round, look_s=IDLE_S).run(stop)

    def round(self) -> float:
        """Do some of it; for how many seconds to wait then."""
        if self._pass is None:
            return self._rest()
        if overwrite_some(self.engine, self._pass):
            return PACE_S
        log.info("slack overwritten" if self._pass.is_begun else "slack left as it is")
        self._pass, self._log_is_cut = None, cut_catalog_log(self.engine)
        return IDLE_S

    def _rest(self) -> float:
        if not self._log_is_cut:
            self._log_is_cut = cut_catalog_log(self.engine)
        with reading(self.engine) as connection:
            row = tenant_row(connection, self.tenant)
            texts = last_place(connection, row, "texts_destroyed")
            gone = (count_ended(connection, self.tenant), texts)
        if gone == self._gone:
            return IDLE_S
        self._gone, self._pass = gone, Scrub()
        return 0.0
