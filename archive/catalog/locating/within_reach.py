"""What groups of columns cannot say of a reach: ranges of numbers, limits of use, what is going.

Knows the index. Nothing where groups say it all, which is nearly always.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    union_all,
)

from archive.access.reach import Within, is_everywhere
from archive.access.use import Extent
from archive.catalog.access.reach import within
from archive.catalog.access.use import METADATA, usable
from archive.catalog.database.portions import portions
from archive.catalog.destruction.planned_recordings import UNDER_WAY, is_under_way
from archive.catalog.locating.changes import changes_since, known_changes
from archive.catalog.locating.identity import identity_of_index
from archive.catalog.tables.catalog import case_measure, planned_recording, recording, use_limit

# So many reaches are remembered at once.
_KEPT: Final = 8


@dataclass(slots=True)
class AllowedRows:
    """What was read for reaches that name numbers, up to a change: they are all of a tenant's."""

    _kept: OrderedDict[tuple[bytes, Within], tuple[int, NDArray[np.bool_]]] = field(
        default_factory=OrderedDict
    )
    _lock: Lock = field(default_factory=Lock)

    def of(
        self, connection: Connection, tenant: int, allowed: Within, sequence: int
    ) -> NDArray[np.bool_] | None:
        """By row number of a recording whether it is within reach; None: its group says it.

        `sequence` is the change up to which the rows are; asked again, what changed since is read.
        """
        named = _named_in(connection, tenant, allowed)
        if not _names_numbers(allowed):
            return _outside_of(connection, tenant, allowed, named) if named else None
        if named:  # whether a limit is in force depends on the moment
            return _reached(connection, tenant, allowed)
        key = (identity_of_index(connection), allowed.timeless)
        with self._lock:
            before = self._kept.pop(key, None)
        found = _forward(connection, tenant, allowed, before)
        with self._lock:
            self._kept[key] = (sequence, found)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found


def _forward(
    connection: Connection,
    tenant: int,
    allowed: Within,
    before: tuple[int, NDArray[np.bool_]] | None,
) -> NDArray[np.bool_]:
    """The same with what changed since; all anew where that is not known, or too much."""
    if before is None:
        return _reached(connection, tenant, allowed)
    sequence, kept = before
    known = known_changes(connection, tenant)
    changed = changes_since(connection, tenant, sequence)
    if not known.start - 1 <= sequence < max(known.stop, 1) or not changed.is_all:
        return _reached(connection, tenant, allowed)
    if not changed.recordings:
        return kept
    found = _all_rows(connection, tenant, inside=False)
    found[: min(len(kept), len(found)) - 1] = kept[: min(len(kept), len(found)) - 1]
    rows = np.array(changed.recordings, np.int64)
    found[rows[rows < len(found)]] = False
    for some in portions(changed.recordings):
        own = select(recording.c.row).where(recording.c.row.in_(some))
        _mark(found, connection, own.where(*_inside(tenant, allowed)))
    return found


def _reached(connection: Connection, tenant: int, allowed: Within) -> NDArray[np.bool_]:
    found = _all_rows(connection, tenant, inside=False)
    _mark(found, connection, select(recording.c.row).where(*_inside(tenant, allowed)))
    return found


def _inside(tenant: int, allowed: Within) -> Sequence[ColumnElement[bool]]:
    own = (recording.c.tenant == tenant, ~is_under_way(tenant, recording.c.id))
    return (*own, *within(tenant, allowed))


def _mark(found: NDArray[np.bool_], connection: Connection, rows: Select[tuple[int]]) -> None:
    found[np.array(connection.scalars(rows).all(), np.int64)] = True


def _outside_of(
    connection: Connection, tenant: int, allowed: Within, named: Sequence[bytes]
) -> NDArray[np.bool_]:
    found = _all_rows(connection, tenant, inside=True)
    for some in portions(named):
        own = (recording.c.tenant == tenant, recording.c.id.in_(some))
        outside = or_(
            is_under_way(tenant, recording.c.id), ~and_(true(), *usable(tenant, allowed.use))
        )
        rows = connection.scalars(select(recording.c.row).where(*own, outside)).all()
        found[np.array(rows, np.int64)] = False
    return found


def _named_in(connection: Connection, tenant: int, allowed: Within) -> Sequence[bytes]:
    """The few recordings of which the register says that they are going, stopped or limited."""
    named = _GOING if allowed.use.extent is Extent.ALL else _NAMED
    return sorted(set(connection.scalars(named, {"own_tenant": tenant})))


def _of(table: Table, *which: ColumnElement[bool]) -> Select[tuple[bytes]]:
    return select(table.c.recording).where(table.c.tenant == bindparam("own_tenant"), *which)


_GOING: Final = _of(planned_recording, planned_recording.c.stage.in_(UNDER_WAY))
_NAMED: Final = union_all(
    _GOING,
    _of(case_measure, case_measure.c.lifted_us.is_(None)),
    _of(use_limit, use_limit.c.asset == METADATA),
)


def _names_numbers(allowed: Within) -> bool:
    return not is_everywhere(allowed.reach) and any(rule.numbers for rule in allowed.reach)


def _all_rows(connection: Connection, tenant: int, *, inside: bool) -> NDArray[np.bool_]:
    """The last entry stands for rows that came since: they were not looked at."""
    last = connection.scalar(
        select(func.max(recording.c.row)).where(recording.c.tenant + 0 == tenant)
    )
    found = np.full((last or 0) + 2, inside, np.bool_)
    found[-1] = False
    return found
