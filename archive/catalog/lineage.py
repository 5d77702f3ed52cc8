"""The register's answer to who had a hand in making whom, of all times.

Questions only. Knows nothing of what follows from it.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, select

from archive.catalog.tables import os_name, role_gift, sign_in_code, token, user
from archive.catalog.tenants import tenant_row
from archive.ids import TenantId
from archive.lineage import Lineage


def lineage(connection: Connection, tenant: TenantId) -> Lineage:
    """Of all users of a tenant; what was taken away or has ended counts for ever."""
    row = tenant_row(connection, tenant)
    makers: defaultdict[int, set[int]] = defaultdict(set)
    for made, by in _hands(connection, row):
        makers[made].add(by)
    names: defaultdict[int, set[str]] = defaultdict(set)
    ever = select(os_name.c.user, os_name.c.name).where(os_name.c.tenant == row)
    for of, name in connection.execute(ever):
        names[of].add(name)
    return Lineage(
        makers={made: frozenset(by) for made, by in makers.items()},
        os_names={of: frozenset(all_of_it) for of, all_of_it in names.items()},
    )


def _hands(connection: Connection, tenant: int) -> Iterator[tuple[int, int]]:
    """Each user with one who had a hand in it."""
    for table, made, by in (
        (user, user.c.row, user.c.created_by),
        (role_gift, role_gift.c.user, role_gift.c.given_by),
        (os_name, os_name.c.user, os_name.c.given_by),
        (token, token.c.user, token.c.issued_by),
        (sign_in_code, sign_in_code.c.user, sign_in_code.c.made_by),
    ):
        pairs = select(made, by).where(
            table.c.tenant == tenant, made.is_not(None), by.is_not(None), made != by
        )
        yield from ((one, other) for one, other in connection.execute(pairs))
