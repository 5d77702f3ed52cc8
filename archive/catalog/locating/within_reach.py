"""What groups of columns cannot say of a reach: ranges of numbers, limits of use, what is going.

Knows the index. Nothing where groups say it all, which is nearly always.
"""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Table, and_, func, or_, select

from archive.access.reach import Within, is_everywhere
from archive.access.use import Extent
from archive.catalog.access.reach import within
from archive.catalog.access.use import usable
from archive.catalog.destruction.planned_recordings import UNDER_WAY, is_under_way
from archive.catalog.tables.catalog import case_measure, planned_recording, recording, use_limit


def allowed_rows(connection: Connection, tenant: int, allowed: Within) -> NDArray[np.bool_] | None:
    """By row number of a recording whether it is within reach; None: its group says it."""
    if _names_numbers(allowed):
        inside = and_(~is_under_way(tenant, recording.c.id), *within(tenant, allowed))
        return _marked(connection, tenant, inside, inside=True)
    outside = _named_in(tenant, planned_recording, planned_recording.c.stage.in_(UNDER_WAY))
    if allowed.use.extent is not Extent.ALL:
        limited = or_(_named_in(tenant, use_limit), _named_in(tenant, case_measure))
        outside = or_(outside, and_(limited, ~and_(*usable(tenant, allowed.use))))
    return _marked(connection, tenant, outside, inside=False)


def _named_in(tenant: int, table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The few recordings of which a table of the register tells: they lead the way."""
    own = select(table.c.recording).where(table.c.tenant == tenant, *conditions)
    return recording.c.id.in_(own)


def _names_numbers(allowed: Within) -> bool:
    return not is_everywhere(allowed.reach) and any(rule.numbers for rule in allowed.reach)


def _marked(
    connection: Connection, tenant: int, condition: ColumnElement[bool], *, inside: bool
) -> NDArray[np.bool_] | None:
    of_tenant = recording.c.tenant == tenant
    rows = connection.scalars(select(recording.c.row).where(of_tenant, condition)).all()
    if not rows and not inside:
        return None
    last = connection.scalar(select(func.max(recording.c.row)).where(of_tenant)) or 0
    # The last entry stands for rows that came since: they were not looked at.
    found = np.full(last + 2, not inside, np.bool_)
    found[np.array(rows, np.int64)] = inside
    found[-1] = False
    return found
