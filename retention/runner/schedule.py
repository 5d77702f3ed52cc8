"""Decides when a plan is carried out: which one, in which hours, how fast, and when not.

Knows nothing of the steps themselves, nor of sockets. Asked again and again, one round at a time.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

import structlog
from sqlalchemy import Connection

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.planned_recordings import (
    count_stages,
    destroyed_by_day,
    next_planned,
    plans_under_way,
)
from archive.catalog.destruction.plans import (
    StoredPlan,
    end_plan,
    last_written_us,
    note_begun,
    note_work,
    open_plans,
    plan_numbered,
    target_of,
)
from archive.catalog.journal.entries import Entry, append
from archive.catalog.retention.retained import count_retained
from archive.catalog.retention.retained_pages import count_pages
from archive.catalog.tables.tenants import tenant_row
from archive.keys.guard.destruction import Why
from archive.moments import ClockReading, moment
from retention.decisions.brakes import Brake, Past, allowance, has_stepped, is_behind, is_open
from retention.decisions.run_stages import ACTOR, Ended, Stage
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.sweep import MAX_BATCH, Sweep, Swept

_DAY_US: Final = 86_400_000_000
_US_PER_S: Final = 1_000_000
_DAYS: Final = 30
# How long it waits where there is nothing to do, or something keeps it from it.
IDLE_S: Final = 5.0

log = structlog.get_logger("rokuon.retention")


@dataclass(frozen=True, slots=True)
class _Day:
    """A UTC day (since 1970), and what was counted on it."""

    day: int
    past: Past

    def after(self, destroyed: int) -> "_Day":
        """The same when so many more are gone."""
        past, gone = self.past, destroyed
        return replace(
            self, past=replace(past, archived=past.archived - gone, today=past.today + gone)
        )


@dataclass(slots=True, kw_only=True)
class Runner:
    """The rounds over one tenant; `clock` reads both clocks, `per_second` is the rate.

    `is_clock_sure`: whether the key daemon destroys by the time now.
    """

    sweep: Sweep
    clock: Callable[[], ClockReading]
    per_second: int
    is_clock_sure: Callable[[], bool] = lambda: True
    _before: ClockReading | None = field(default=None, init=False)
    _counted: "_Day | None" = field(default=None, init=False)

    def round(self) -> float:
        """Do one batch if it may be done; for how many seconds to wait then.

        Raises `KeyUnavailable`, `OSError`: then the next round goes on where this one was.
        """
        now = self.clock()
        before, self._before = self._before, now
        if not self.is_clock_sure():
            return self._all_wait(self._ready(now.wall_us), Brake.CLOCK_UNSURE)
        self._finish_begun()
        ready = self._ready(now.wall_us)
        if not ready:
            return IDLE_S
        if (before and has_stepped(before, now)) or self._is_behind(now.wall_us):
            return self._all_wait(ready, Brake.CLOCK)
        return self._carry_out(ready[0], now)

    def _all_wait(self, plans: list[StoredPlan], what: Brake) -> float:
        for plan in plans:
            self._wait(plan, what)
        return IDLE_S

    def _carry_out(self, plan: StoredPlan, began: ClockReading) -> float:
        if self._is_through(plan):
            self._end(plan)
            return 0.0
        now_us = began.wall_us
        limit = self._limit(now_us)
        if isinstance(limit, Brake):
            return self._wait(plan, limit)
        if plan.course.begun_us is None:
            with writing(self.sweep.engine) as connection:
                note_begun(connection, plan.number, now_us)
        swept = self.sweep.batch(plan, limit)
        if self._counted:
            self._counted = self._counted.after(swept.destroyed)
        return self._after(plan, swept, began)

    def _is_through(self, plan: StoredPlan) -> bool:
        """Also where a brake is on: it would be on for nothing."""
        with reading(self.sweep.engine) as connection:
            row = tenant_row(connection, self.sweep.tenant)
            return not next_planned(connection, row, plan.number, 1)

    def _after(self, plan: StoredPlan, swept: Swept, began: ClockReading) -> float:
        """A placing or a new hold is over soon; what else the daemon waits for is not."""
        if swept.waits and swept.waits != Why.RECHECK:
            return self._wait(plan, Brake.SHARE if swept.waits == Why.BRAKE else swept.waits)
        return self._left_s(swept.destroyed, began)

    def _left_s(self, destroyed: int, began: ClockReading) -> float:
        """What is left of the time that so many may take at the rate: the round took some of it."""
        took_us = self.clock().monotonic_us - began.monotonic_us if destroyed else 0
        return max(0.0, destroyed / self.per_second - took_us / _US_PER_S)

    def _finish_begun(self) -> None:
        """Whatever was begun before we were cut off, also of a plan that was stopped since."""
        with reading(self.sweep.engine) as connection:
            numbers = plans_under_way(connection, tenant_row(connection, self.sweep.tenant))
            begun = [plan_numbered(connection, self.sweep.tenant, each) for each in numbers]
        for plan in begun:
            self._counted = None
            self.sweep.resume(plan)

    def _ready(self, now_us: int) -> list[StoredPlan]:
        """Plans through their cooling off, oldest first; one at which a clock stepped waits."""
        with reading(self.sweep.engine) as connection:
            return [
                each
                for each in open_plans(connection, self.sweep.tenant)
                if each.course.handed_us is not None
                and each.course.waits != Brake.CLOCK
                and each.approval.due_us is not None
                and each.approval.due_us <= now_us
            ]

    def _limit(self, now_us: int) -> int | Brake:
        """How many recordings may go now, or what says none."""
        with reading(self.sweep.engine) as connection:
            deciding = PolicyHistory.read(connection, self.sweep.tenant, now_us).deciding_policy
            if not is_open(deciding.limits, deciding.calendars.zone, moment(now_us)):
                return Brake.WINDOW
            self._counted = self._day(connection, now_us // _DAY_US)
        may = allowance(deciding.limits, self._counted.past)
        return min(may.left, MAX_BATCH, self.per_second) or may.brake

    def _day(self, connection: Connection, today: int) -> "_Day":
        """What the brakes go by: counted once a day, and after a batch that was cut off."""
        if self._counted and self._counted.day == today:
            return self._counted
        row = tenant_row(connection, self.sweep.tenant)
        days = destroyed_by_day(connection, row, (today - _DAYS) * _DAY_US)
        past = Past(
            archived=count_retained(connection, row) + count_pages(connection, row),
            today=days.get(today, 0),
            before=[days.get(today - back, 0) for back in range(1, _DAYS + 1)],
        )
        return _Day(today, past)

    def _is_behind(self, now_us: int) -> bool:
        with reading(self.sweep.engine) as connection:
            return is_behind(now_us, last_written_us(connection, self.sweep.tenant))

    def _wait(self, plan: StoredPlan, what: str) -> float:
        if plan.course.waits != what:
            log.warning("waits", plan=plan.number, what=str(what))
            # A clock that went back must not make what was written down look new.
            at_us = max(self.sweep.clock_us(), plan.course.last_us or 0)
            with writing(self.sweep.engine) as connection:
                note_work(connection, plan.number, at_us, what)
        return IDLE_S

    def _end(self, plan: StoredPlan) -> None:
        now_us, tenant = self.sweep.clock_us(), self.sweep.tenant
        with writing(self.sweep.engine) as connection:
            stages = count_stages(connection, tenant_row(connection, tenant), plan.number)
            destroyed = stages.get((Stage.GONE, ""), 0)
            end_plan(connection, plan.number, now_us, Ended.DONE)
            entry = Entry(
                tenant=tenant,
                at_us=now_us,
                actor=ACTOR,
                action="destruction_ended",
                target=target_of(plan.number),
                detail={"gone": destroyed, "kept": sum(stages.values()) - destroyed},
            )
            append(connection, entry)
        log.info("run ended", plan=plan.number, destroyed=destroyed)
