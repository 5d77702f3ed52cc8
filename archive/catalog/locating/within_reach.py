"""What groups of columns cannot say of a reach: ranges of numbers, limits of use.

Knows the index. Nothing where groups say it all, which is nearly always.
"""

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from archive.access.reach import Within, is_everywhere
from archive.access.use import Extent
from archive.catalog.access.reach import within
from archive.catalog.access.use import usable
from archive.catalog.tables.catalog import case_measure, recording, use_limit


def allowed_rows(connection: Connection, tenant: int, allowed: Within) -> NDArray[np.bool_] | None:
    """By row number of a recording whether it is within reach; None: its group says it."""
    if _names_numbers(allowed):
        return _marked(connection, tenant, and_(*within(tenant, allowed)), inside=True)
    limits = tuple(usable(tenant, allowed.use))
    if allowed.use.extent is Extent.ALL or not limits:
        return None
    limited = or_(
        recording.c.id.in_(select(use_limit.c.recording).where(use_limit.c.tenant == tenant)),
        recording.c.id.in_(select(case_measure.c.recording).where(case_measure.c.tenant == tenant)),
    )
    return _marked(connection, tenant, and_(limited, ~and_(*limits)), inside=False)


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
