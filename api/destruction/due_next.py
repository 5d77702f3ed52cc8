"""What will have to go by itself in the next days, soonest first, and how much by day and by rule.

By the judgement that plans are made by, as of a later moment: with the revisions that are in force
then, and with what stands above rules today. Knows nothing of the web, nor of plans.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from api.access.authorization import Door
from api.destruction.due_recordings import due_recordings
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.catalog.database.engine import read
from archive.catalog.holds.holds_before import holds_before
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId, TenantId
from archive.moments import microseconds, moment
from retention.decisions.destruction_plan import MAX_PLANNED
from retention.decisions.due import Grounds
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.recording_verdicts import Verdict

# In days from today; the last one is as far as is looked.
HORIZONS: Final = (1, 7, 30, 90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Going:
    """A recording that will have to go, on which day of the zone that was asked for."""

    verdict: Verdict
    goes_at: datetime
    day: date

    @property
    def rules(self) -> tuple[str, ...]:
        """By which rules."""
        assert isinstance(self.verdict.says, Grounds), "what is not due does not go"
        return self.verdict.says.rules


@dataclass(slots=True)
class Amount:
    """So many recordings, with their bytes."""

    recordings: int = 0
    size_bytes: int = 0

    def add(self, own: Verdict) -> None:
        """One more."""
        self.recordings += 1
        self.size_bytes += own.size_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class DueNext:
    """All that will have to go, soonest first; `is_all`: no more than is looked at."""

    today: date
    going: tuple[Going, ...]
    is_all: bool = True

    def until(self, days: int, rule: str = "") -> tuple[Going, ...]:
        """What goes within so many days, by a rule ("": by any)."""
        last = self.today + timedelta(days=days)
        return tuple(
            each for each in self.going if each.day <= last and (not rule or rule in each.rules)
        )

    @property
    def by_rule(self) -> Mapping[str, Mapping[int, Amount]]:
        """Of each rule, and of all ("", which comes last), how much within each horizon."""
        found: dict[str, dict[int, Amount]] = {}
        for each in self.going:
            ahead = (each.day - self.today).days
            for rule in (*each.rules, ""):
                own = found.setdefault(rule, {days: Amount() for days in HORIZONS})
                for days in HORIZONS:
                    if ahead <= days:
                        own[days].add(each.verdict)
        return {rule: found[rule] for rule in sorted(found, key=lambda rule: (not rule, rule))}

    def by_day(self, going: Iterable[Going]) -> Mapping[date, Amount]:
        """Of each day on which something goes how much."""
        found: dict[date, Amount] = {}
        for each in going:
            found.setdefault(each.day, Amount()).add(each.verdict)
        return found


@dataclass(frozen=True, slots=True)
class DueAhead:
    """The questions; each raises `Refused` where the actor may not."""

    door: Door

    async def listed(self, actor: Actor, zone: ZoneInfo) -> DueNext:
        """What will have to go within the last horizon, by days of a zone."""
        access = await self.door.access_to_all(actor, Verb.DESTRUCTION_READ)
        return await read(
            self.door.engine, lambda c: due_next(c, access.tenant, access.at_us, zone)
        )

    async def holds(
        self, actor: Actor, own: Sequence[RecordingId]
    ) -> Mapping[RecordingId, tuple[int, ...]]:
        """The legal holds that have had these, and do not keep them."""
        access = await self.door.access_to_all(actor, Verb.DESTRUCTION_READ)

        def had(connection: Connection) -> Mapping[RecordingId, tuple[int, ...]]:
            return holds_before(connection, tenant_row(connection, access.tenant), own)

        return await read(self.door.engine, had)


def due_next(connection: Connection, tenant: TenantId, now_us: int, zone: ZoneInfo) -> DueNext:
    """Of a tenant, as of now."""
    today = moment(now_us).astimezone(zone).date()
    over = datetime.combine(today + timedelta(days=HORIZONS[-1] + 1), time(), zone)
    then_us = microseconds(over) - 1
    due_now = {each.recording for each in due_recordings(connection, tenant, now_us)}
    begins = {
        each.number: each.in_force_at
        for each in PolicyHistory.read(connection, tenant, then_us).revisions
    }
    ahead = (
        each
        for each in due_recordings(connection, tenant, then_us)
        if each.recording not in due_now
    )
    found = list(islice(ahead, MAX_PLANNED + 1))
    going = [_going(each, begins, moment(now_us), zone) for each in found[:MAX_PLANNED]]
    going.sort(key=lambda each: (each.goes_at, each.verdict.recording))
    return DueNext(today=today, going=tuple(going), is_all=len(found) <= MAX_PLANNED)


def _going(
    verdict: Verdict, begins: Mapping[int, datetime], now: datetime, zone: ZoneInfo
) -> Going:
    """Not before the revision that says so is in force, whatever it says of before."""
    assert isinstance(verdict.says, Grounds), "what is not due does not go"
    goes_at = max(verdict.due_at, begins[verdict.says.revision], now)
    return Going(verdict=verdict, goes_at=goes_at, day=goes_at.astimezone(zone).date())
