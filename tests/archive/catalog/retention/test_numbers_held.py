"""Which recordings have numbers of some sets of ranges."""

from sqlalchemy import Connection

from archive.catalog.retention.numbers_held import held_by
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.support.catalog.numbers_held import MOBILES, TOKYO_NUMBERS
from tests.support.catalog.retained_groups import connection as connection


def test_a_recording_has_the_sets_of_all_its_numbers(connection: Connection) -> None:
    """Of those that are asked for; of another tenant nothing."""
    tenant = tenant_row(connection, DEFAULT_TENANT)
    sets = [TOKYO_NUMBERS, MOBILES]

    assert held_by(connection, tenant, sets, [1, 2, 3, 8]) == {1: 0b11, 2: 0b10, 3: 0b01}
    assert held_by(connection, tenant, [MOBILES], [1, 3]) == {1: 0b1}
    assert held_by(connection, tenant, [], [1]) == {}
