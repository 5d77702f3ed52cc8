"""Rounds that judge the whole archive once a day, in steps, plan what is due, and show what is so.

Where the policy says at which hour it is planned by itself, they are at that hour. Knows nothing of
how is judged or of what is in a plan.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from api.destruction.figures import figures_of
from api.destruction.gauges import RetentionGauges
from api.destruction.hand_over import PlanClient, hand_over
from api.destruction.night_plan import plan_due, unhanded_plans, unspoken_plan
from api.destruction.stops import tell_stops
from api.destruction.survey import Survey
from api.permissions.errors import PlanAltered, PlanOver
from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.due_counts import destroyed_behind, last_count, write_count
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import TenantId
from archive.moments import microseconds, moment
from retention.decisions.destruction_plan import last_hour
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.step_rounds import PAUSE_S, StepRounds

# So often it looks whether a day is over, and shows what is known.
LOOK_S: Final = 30.0
DAY_US: Final = 86_400_000_000

log = structlog.get_logger("rokuon.retention")


@dataclass(frozen=True, slots=True)
class _Going:
    """A walk, and whether what it finds is planned."""

    survey: Survey
    plans: bool = False


@dataclass(slots=True, kw_only=True)
class SurveyRounds:
    """Over one tenant; `clock_us` tells µs since 1970 UTC, `key_client` takes plans that act.

    `is_clock_sure`: whether anything may be planned by the time now.
    """

    engine: Engine
    clock_us: Callable[[], int]
    tenant: TenantId
    key_client: PlanClient
    gauges: RetentionGauges
    is_clock_sure: Callable[[], bool] = lambda: True
    _going: "_Going | None" = field(default=None, init=False)
    # Of the tombstones that were counted: the last one, and how many.
    _destroyed: tuple[int, int] = field(default=(0, 0), init=False)

    async def run(self, stop: asyncio.Event, gives_way: Callable[[], bool] = lambda: False) -> None:
        """Until told to stop; a step gives way where somebody waits for an answer."""
        rounds = StepRounds(name="surveys", step=self._paced, look_s=LOOK_S, gives_way=gives_way)
        await rounds.run(stop)

    def _paced(self) -> float:
        return PAUSE_S if self.step() else LOOK_S

    def step(self) -> bool:
        """Judge a batch where a walk is due; False where there is nothing to do until later.

        A walk whose step failed goes on with it; one whose end did begins anew, for nobody knows
        whether that was written.
        """
        with reading(self.engine) as connection:
            self._going = self._going or self._begun(connection)
            if self._going and self._going.survey.step(connection):
                return True
        ended, self._going = self._going, None
        if ended:
            self._end(ended)
        self._show()
        self._hand_over()
        return False

    def _begun(self, connection: Connection) -> "_Going | None":
        now_us = self.clock_us()
        last = last_count(connection, tenant_row(connection, self.tenant))
        hour_us = self._hour_us(connection, now_us)
        if last is None or (hour_us is None and last.at_us + DAY_US <= now_us):
            return _Going(Survey.begin(connection, self.tenant, now_us))
        if hour_us is None or hour_us <= last.at_us or not self.is_clock_sure():
            return None
        unspoken = unspoken_plan(connection, self.tenant)
        replaced = unspoken.number if unspoken else 0
        return _Going(Survey.begin(connection, self.tenant, now_us, replaced=replaced), plans=True)

    def _hour_us(self, connection: Connection, now_us: int) -> int | None:
        """When it was last to be planned by itself; None where the policy says no hour."""
        deciding = PolicyHistory.read(connection, self.tenant, now_us).deciding_policy
        if deciding.limits.plan_at is None:
            return None
        zone = deciding.calendars.zone
        return microseconds(last_hour(deciding.limits.plan_at, zone, moment(now_us)))

    def _end(self, going: "_Going") -> None:
        with writing(self.engine) as connection:
            if going.plans:
                plan_due(connection, going.survey)
            else:
                tenant = ensure_tenant(connection, self.tenant)
                write_count(connection, tenant, going.survey.count())

    def _hand_over(self) -> None:
        """What an approval stands for is on its way, and what was stopped is ended.

        A key daemon that is away is asked again.
        """
        try:
            tell_stops(self.engine, self.key_client, self.tenant, self.clock_us())
            with reading(self.engine) as connection:
                plans = unhanded_plans(connection, self.tenant)
            for each in plans:
                # One that was altered or stopped has ended, and says so itself.
                with suppress(PlanAltered, PlanOver):
                    hand_over(self.engine, self.key_client, self.tenant, each, self.clock_us())
        except (KeyUnavailable, KeyRefused) as away:
            log.warning("a plan waits for the key daemon", reason=type(away).__name__)

    def _show(self) -> None:
        with reading(self.engine) as connection:
            last, known = self._destroyed
            row = tenant_row(connection, self.tenant)
            last, more = destroyed_behind(connection, row, last)
            self._destroyed = (last, known + more)
            figures = figures_of(connection, self.tenant, self.clock_us())
        self.gauges.show(figures, known + more)
