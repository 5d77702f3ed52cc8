"""Runs that have ended, destroyed something, and have no certificate yet.

A question only. Knows nothing of how a certificate is made.
"""

from typing import Final

from sqlalchemy import Connection, exists, select

from archive.catalog.tables.certificates import certificate
from archive.catalog.tables.destruction import destruction_plan, planned_recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId

# More than that in one round: the next one has the rest.
_AT_ONCE: Final = 10


def uncertified_plans(connection: Connection, tenant: TenantId) -> tuple[int, ...]:
    """Numbers of their plans, the first to end first."""
    row, plan = tenant_row(connection, tenant), destruction_plan.c
    planned = planned_recording.c
    of_plan = exists().where(planned.tenant == row, planned.plan == plan.row)
    has_gone = of_plan.where(planned.stage == "gone")
    # What was begun before a person stopped it is finished first.
    goes = of_plan.where(planned.stage.in_(("intended", "keyless")))
    is_certified = exists().where(certificate.c.tenant == row, certificate.c.number == plan.row)
    wanted = (
        select(plan.row)
        .where(plan.tenant == row, plan.ended_us.is_not(None), has_gone, ~goes, ~is_certified)
        .order_by(plan.ended_us)
        .limit(_AT_ONCE)
    )
    return tuple(connection.scalars(wanted))
