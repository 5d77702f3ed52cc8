"""Rounds that judge what is restricted, so that searches and lists go by what is so.

What is asked for by its id needs no round: the door has it judged. Knows nothing of how is judged.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from api.access.restrictions import changes_of
from archive.catalog.database.engine import writing
from archive.catalog.register.use_limits import write_limits
from archive.catalog.retention.limit_rounds import (
    LimitRound,
    every_tenant,
    is_any_limited,
    last_round,
    write_round,
)
from archive.catalog.retention.retained import count_retained, retained_behind
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId
from retention.decisions.restriction import may_restrict
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.step_rounds import PAUSE_S, StepRounds

# So often it looks for new recordings and revisions.
LOOK_S: Final = 60.0
# So often all are judged again: what a part, a join or a rebuild of the index has changed since.
_DAY_US: Final = 86_400_000_000

log = structlog.get_logger("api.limits")


@dataclass(frozen=True, slots=True)
class LimitRounds:
    """`clock_us` tells µs since 1970 UTC; `gives_way`: whether somebody waits for an answer."""

    engine: Engine
    clock_us: Callable[[], int]
    gives_way: Callable[[], bool] = lambda: False

    async def run(self, stop: asyncio.Event) -> None:
        """Judge until told to stop."""
        rounds = StepRounds(
            name="limits", step=self._paced, look_s=LOOK_S, gives_way=self.gives_way
        )
        await rounds.run(stop)

    def _paced(self) -> float:
        return PAUSE_S if self.step() else LOOK_S

    def step(self) -> bool:
        """Judge a batch of each tenant; False where nothing is left to be judged."""
        with writing(self.engine) as connection:
            goes_on = [
                _step(connection, each, self.clock_us()) for each in every_tenant(connection)
            ]
        return any(goes_on)


def _step(connection: Connection, owner: TenantId, now_us: int) -> bool:
    tenant = tenant_row(connection, owner)
    history = PolicyHistory.read(connection, owner, now_us)
    restricts = any(may_restrict(each.policy) for each in history.revisions)
    if not restricts and not is_any_limited(connection, tenant):
        return False
    going = _going(connection, tenant, history, now_us)
    last, found = retained_behind(connection, tenant, going.after)
    if not last:
        if going.ended_us is None:
            log.info("restrictions are judged", recordings=going.done)
            write_round(connection, tenant, replace(going, ended_us=now_us))
        return False
    write_limits(connection, tenant, changes_of(found, history, connection, tenant))
    write_round(connection, tenant, replace(going, after=last, done=going.done + len(found)))
    return True


def _going(connection: Connection, tenant: int, history: PolicyHistory, now_us: int) -> LimitRound:
    """The round that goes on; a new one where other revisions judge, or the last one is old."""
    cooling_off = {each.number for each in history.revisions if each.in_force_at > history.now}
    numbers = (each.number for each in history.revisions)
    revisions = " ".join(f"{each}~" if each in cooling_off else str(each) for each in numbers)
    last = last_round(connection, tenant)
    is_old = last is not None and last.ended_us is not None and last.ended_us <= now_us - _DAY_US
    if last is None or is_old or last.revisions != revisions:
        total = count_retained(connection, tenant)
        return LimitRound(revisions=revisions, begun_us=now_us, total=total)
    return last
