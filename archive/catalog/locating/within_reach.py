"""What groups of columns cannot say of a reach: ranges of numbers, limits of use, what is going.

Knows the index. Nothing where groups say it all, which is nearly always.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, and_, func, or_, select, true

from archive.access.reach import Within, is_everywhere
from archive.access.use import Extent
from archive.catalog.access.reach import within
from archive.catalog.access.use import METADATA, usable
from archive.catalog.database.portions import portions
from archive.catalog.destruction.planned_recordings import UNDER_WAY, is_under_way
from archive.catalog.tables.catalog import case_measure, planned_recording, recording, use_limit


def allowed_rows(connection: Connection, tenant: int, allowed: Within) -> NDArray[np.bool_] | None:
    """By row number of a recording whether it is within reach; None: its group says it."""
    if _names_numbers(allowed):
        found = _all_rows(connection, tenant, inside=False)
        inside = (~is_under_way(tenant, recording.c.id), *within(tenant, allowed))
        reached = select(recording.c.row).where(recording.c.tenant == tenant, *inside)
        found[np.array(connection.scalars(reached).all(), np.int64)] = True
        return found
    named = _named_in(connection, tenant, allowed)
    if not named:
        return None
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
    going, stopped, limit = planned_recording.c, case_measure.c, use_limit.c
    tables = [select(going.recording).where(going.tenant == tenant, going.stage.in_(UNDER_WAY))]
    if allowed.use.extent is not Extent.ALL:
        tables += [
            select(stopped.recording).where(stopped.tenant == tenant, stopped.lifted_us.is_(None)),
            select(limit.recording).where(limit.tenant == tenant, limit.asset == METADATA),
        ]
    return sorted({raw for each in tables for raw in connection.scalars(each)})


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
