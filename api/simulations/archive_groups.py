"""How the recordings of an archive are sorted so that few need be judged: by kind, or one by one.

Knows nothing of who asks, nor of what comes of it.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

from sqlalchemy import Connection

from api.simulations.archive_kinds import ArchiveKinds, keys_in
from api.simulations.judged_pieces import EndTimes, Judge, JudgedPieces
from api.simulations.simulation import Supposition
from archive.access.reach import NumberRange
from archive.catalog.retention.numbers_held import MAX_SETS, NumberSets
from archive.catalog.retention.retained_counts import Grouping
from archive.catalog.retention.retained_groups import all_rows, joined_rows, rows_of, span
from archive.catalog.retention.retention_classes import classes
from archive.catalog.retention.told_events import days_told
from archive.moments import moment
from retention.policies.policy import RetentionPolicy
from retention.runner.judgement.protections import all_standing

_Judged = TypeVar("_Judged")


def apart_rows(connection: Connection, tenant: int, what: Supposition) -> list[int]:
    """The rows of what is judged one by one."""
    if len(ArchiveKinds.of(what, {}).sets) > MAX_SETS:
        return sorted(all_rows(connection, tenant))
    standing = rows_of(connection, tenant, all_standing(connection, tenant))
    whole = any(map(_keeps_conversations, what.policies))
    joined: Iterable[int] = joined_rows(connection, tenant) if whole else ()
    return sorted({*standing.values(), *joined})


def _keeps_conversations(policy: RetentionPolicy) -> bool:
    return any(rule.minimum.whole_conversation for rule in policy.rules)


def judged_pieces(
    connection: Connection,
    tenant: int,
    what: Supposition,
    judge: Judge[_Judged],
    told: Callable[[_Judged], object],
) -> JudgedPieces[_Judged]:
    """Every kind of a tenant's recordings, over the time in which they ended."""
    known = classes(connection, tenant)
    events = days_told(connection, tenant, keys_in(known.values()))
    kinds = ArchiveKinds.of(what, known, events)
    first, last = map(moment, span(connection, tenant) or (0, 0))
    return JudgedPieces(kinds, EndTimes.of(kinds.what, first, last), judge, told)


def grouping_of(tenant: int, judged: JudgedPieces[_Judged]) -> Grouping:
    """How its recordings are counted."""
    kinds = judged.kinds
    return Grouping(
        tenant=tenant,
        kinds=kinds.by_class,
        begins=judged.begins_us,
        sets=number_sets_of(kinds),
    )


def number_sets_of(kinds: ArchiveKinds) -> NumberSets:
    """The sets of numbers that the policies name, as the index is asked for them."""
    return [frozenset(map(NumberRange.parse, each)) for each in kinds.sets]
