"""A reach, a purpose and a use as conditions on recordings: what lies outside is in no answer.

Knows the index. Knows nothing of who asks. Each key leads with the tenant.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, false, func, or_, select

from archive.access.reach import NumberRange, Reach, ReachRule, Within, is_everywhere
from archive.attributes import MarkKind
from archive.catalog.access.use import usable
from archive.catalog.database.rarity import rare
from archive.catalog.tables.catalog import agent_period, leg, leg_address, mark, recording
from archive.folded_names import fold_name

# A statement within a reach is kept for whoever asks next with the same reach and purpose: there
# are as many as there are different sets of gifts.
REACHES_KEPT: Final = 256
# SQLite takes it as a constant only, not as a value.
_LAST_CODE_POINT: Final = chr(sys.maxunicode)

# A condition on when a recording began.
Held = Callable[[ColumnElement[int]], ColumnElement[bool]]


def within(tenant: int, allowed: Within) -> Iterator[ColumnElement[bool]]:
    """The conditions that a row of `recording` must fulfil; none for the whole tenant."""
    if not is_everywhere(allowed.reach):
        yield or_(false(), *(_rule(tenant, rule) for rule in allowed.reach))
    if allowed.purpose:
        yield covers(tenant, allowed.purpose)
    yield from usable(tenant, allowed.use)


def leads(tenant: int, reach: Reach, held: Held) -> list[Select[tuple[int]]]:
    """For each rule the recordings of one kind that it names, by the index of that kind.

    `held` says of a recording's beginning whether it is wanted. [] where a rule names neither
    teams, queues nor controllers: then nothing but the recordings themselves leads to all.
    """
    found = [_lead(tenant, rule, held) for rule in reach]
    led = [each for each in found if each is not None]
    return led if len(led) == len(found) else []


def _lead(tenant: int, rule: ReachRule, held: Held) -> Select[tuple[int]] | None:
    if rule.teams:
        seats = select(agent_period.c.row).where(
            agent_period.c.tenant == tenant, agent_period.c.team_folded.in_(sorted(rule.teams))
        )
        return select(leg.c.recording).where(
            leg.c.tenant == tenant, held(leg.c.started_us), leg.c.agent_period.in_(seats)
        )
    if rule.queues:
        return _all_marked(tenant, "queue", rule.queues, held)
    if rule.controllers:
        return _all_marked(tenant, "controller", rule.controllers, held)
    return None


def _all_marked(
    tenant: int, kind: MarkKind, values: frozenset[str], held: Held
) -> Select[tuple[int]]:
    return select(mark.c.recording).where(
        mark.c.tenant == tenant,
        mark.c.kind == kind,
        mark.c.folded.in_(sorted(values)),
        held(mark.c.started_us),
    )


def covers(tenant: int, code: str) -> ColumnElement[bool]:
    """Whether a recording has this purpose, or none at all."""
    own = _marks(tenant, "purpose")
    return or_(~own.exists(), own.where(mark.c.folded == fold_name(code)).exists())


def _rule(tenant: int, rule: ReachRule) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if rule.teams:
        conditions.append(_of_team(tenant, rule.teams))
    if rule.queues:
        conditions.append(_marked(tenant, "queue", rule.queues))
    if rule.controllers:
        conditions.append(_marked(tenant, "controller", rule.controllers))
    if rule.numbers:
        conditions.append(_numbered(tenant, rule.ranges))
    return and_(*conditions)


def _marks(tenant: int, kind: MarkKind) -> Select[tuple[int]]:
    """The recording's own marks of a kind.

    Unless it is told how few of all marks these are, SQLite reads the tenant's marks of the kind
    from end to end: their index has all that is asked for.
    """
    return select(mark.c.row).where(
        mark.c.tenant == tenant,
        rare(mark.c.recording == recording.c.row),
        mark.c.kind == kind,
    )


def _marked(tenant: int, kind: MarkKind, values: frozenset[str]) -> ColumnElement[bool]:
    return _marks(tenant, kind).where(mark.c.folded.in_(sorted(values))).exists()


def _of_team(tenant: int, teams: frozenset[str]) -> ColumnElement[bool]:
    """Whether an agent took part who was of such a team, by the table of agents at the time."""
    return (
        select(leg.c.row)
        .join_from(leg, agent_period, agent_period.c.row == leg.c.agent_period)
        .where(
            leg.c.tenant == tenant,
            leg.c.recording == recording.c.row,
            # Without a column that only the row has, SQLite reads an index of all agents' legs.
            leg.c.agent_id != "",
            agent_period.c.team_folded.in_(sorted(teams)),
        )
        .exists()
    )


def _numbered(tenant: int, ranges: tuple[NumberRange, ...]) -> ColumnElement[bool]:
    """A number that was corrected is found, and is within nobody's reach."""
    return (
        select(leg_address.c.row)
        .where(
            leg_address.c.tenant == tenant,
            leg_address.c.recording == recording.c.row,
            leg_address.c.in_force == 1,
            or_(*(lies_in(column, each) for each in ranges for column in _NUMBERS)),
        )
        .exists()
    )


_NUMBERS: Final = (leg_address.c.raw, leg_address.c.e164)


def lies_in(column: ColumnElement[str], numbers: NumberRange) -> ColumnElement[bool]:
    """Whether a number, as received or in E.164, lies in a range."""
    if numbers.is_prefix:
        return and_(column >= numbers.first, column < numbers.first + _LAST_CODE_POINT)
    same_length = func.length(column) == len(numbers.first)
    return and_(same_length, column.between(numbers.first, numbers.last))
