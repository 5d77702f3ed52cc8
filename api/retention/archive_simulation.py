"""A simulation of a whole archive: recordings that are alike are judged once and counted together.

What cannot be judged by its kind alone is judged one by one: where something stands above rules,
and where a minimum is for whole conversations. The sums are those of judging each. Knows nothing of
jobs or of who asks.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Connection

from api.retention.archive_kinds import ArchiveKinds, keys_in
from api.retention.history import microseconds, moment
from api.retention.simulation import Simulated, Simulation, Sum, Supposition
from api.retention.standing import all_standing, standing_of
from archive.catalog.retained import count_retained, retained_at, retained_of
from archive.catalog.retained_groups import (
    MAX_SETS,
    UNKNOWN_KIND,
    Group,
    Grouping,
    all_rows,
    group,
    joined_rows,
    rows_of,
    span,
)
from archive.catalog.retention_classes import classes
from archive.catalog.told_events import days_told
from archive.reach import NumberRange
from retention.policy import RetentionPolicy
from retention.stretches import Stretch, stretches, zones_of

# Recordings that are judged one by one are read so many at once.
_AT_ONCE: Final = 500

Step = Callable[[int, int], None]


def simulate_archive(
    connection: Connection, tenant: int, what: Supposition, step: Step
) -> Simulation:
    """What becomes of every recording of a tenant; `step` is told how many of how many."""
    total, sums = count_retained(connection, tenant), Simulation()
    step(0, total)
    apart = sorted(set(_apart(connection, tenant, what)))
    _add_groups(connection, tenant, what, _Adding(sums, apart, total, step))
    for at in range(0, len(apart), _AT_ONCE):
        sums.add_all(_one_by_one(connection, tenant, what, apart[at : at + _AT_ONCE]))
        step(sums.whole.recordings, total)
    return sums


@dataclass(frozen=True, slots=True)
class _Adding:
    """The sums, what is left out of the groups, of how many recordings, and who is told."""

    sums: Simulation
    apart: list[int]
    total: int
    step: Step


def _apart(connection: Connection, tenant: int, what: Supposition) -> Iterable[int]:
    """The rows of what is judged one by one."""
    if len(ArchiveKinds.of(what, {}).sets) > MAX_SETS:
        return all_rows(connection, tenant)
    standing = rows_of(connection, tenant, all_standing(connection, tenant))
    whole = any(map(_keeps_conversations, what.policies))
    return (*standing.values(), *(joined_rows(connection, tenant) if whole else ()))


def _keeps_conversations(policy: RetentionPolicy) -> bool:
    return any(rule.minimum.whole_conversation for rule in policy.rules)


def _add_groups(connection: Connection, tenant: int, what: Supposition, adding: _Adding) -> None:
    ended = span(connection, tenant)
    if ended is None or len(adding.apart) == adding.total:
        return
    known = classes(connection, tenant)
    told = days_told(connection, tenant, keys_in(known.values()))
    kinds = ArchiveKinds.of(what, known, told)
    ranges = [frozenset(map(NumberRange.parse, each)) for each in kinds.sets]
    grouping = group(connection, tenant, kinds.by_class, ranges, adding.apart)
    judges = _Judges(kinds)
    first, last = map(moment, ended)
    begins = [each.in_force_at for each in what.revisions]
    for stretch in stretches(zones_of(what.policies), begins, first, last):
        for each in _groups(connection, grouping, stretch):
            simulated = judges.judge(each, stretch)
            adding.sums.add(simulated, Sum(each.recordings, each.size_bytes))
        adding.step(adding.sums.whole.recordings, adding.total)


def _groups(connection: Connection, grouping: Grouping, stretch: Stretch) -> tuple[Group, ...]:
    return grouping.ended_between(
        connection, microseconds(stretch.begin), microseconds(stretch.end)
    )


@dataclass(frozen=True, slots=True)
class _Judges:
    """Who judges the recordings of a kind that have numbers of some sets."""

    kinds: ArchiveKinds
    _known: dict[tuple[int, int], Callable[[int | None], Simulated]] = field(default_factory=dict)

    def judge(self, each: Group, stretch: Stretch) -> Simulated:
        """Any of a group that ended within a stretch; of what is unknown no end is known."""
        key = (each.kind, each.sets)
        if key not in self._known:
            self._known[key] = self._judge_of(*key)
        is_known = each.kind != UNKNOWN_KIND
        return self._known[key](microseconds(stretch.begin) if is_known else None)

    def _judge_of(self, kind: int, has: int) -> Callable[[int | None], Simulated]:
        what, found = self.kinds.case(kind, has)

        def judged(ended_us: int | None) -> Simulated:
            (simulated,) = what.of([replace(found, ended_us=ended_us)], {})
            return simulated

        return judged


def _one_by_one(
    connection: Connection, tenant: int, what: Supposition, rows: list[int]
) -> Iterator[Simulated]:
    own = retained_at(connection, tenant, rows)
    found = retained_of(connection, tenant, own)
    standing = standing_of(connection, tenant, own)
    wanted = set(own)
    return (each for each in what.of(found, standing) if each.found.recording in wanted)
