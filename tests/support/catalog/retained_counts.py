"""What tests of retained counts share."""

from sqlalchemy import Connection

from archive.catalog.retention.retained_counts import Grouping
from archive.catalog.retention.retention_classes import classes
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.support.catalog.numbers_held import MOBILES, TOKYO_NUMBERS
from tests.support.catalog.retained_groups import LATER_US

KIND = 7


def grouping(connection: Connection) -> Grouping:
    """Every class is of one kind, which is cut in two where the last call ended."""
    tenant = tenant_row(connection, DEFAULT_TENANT)
    return Grouping(
        tenant=tenant,
        kinds=dict.fromkeys(classes(connection, tenant), KIND),
        begins=lambda kind, _sets: [0, LATER_US] if kind == KIND else [0],
        sets=[TOKYO_NUMBERS, MOBILES],
    )
