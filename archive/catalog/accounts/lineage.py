"""The register's answer to who had a hand in making whom, of all times, and who is confirmed.

Questions only. Knows nothing of what follows from it.
"""

from collections import defaultdict
from collections.abc import Iterator

from sqlalchemy import Connection, select

from archive.access.lineage import RESET_US, ROOT, Hand, Lineage
from archive.catalog.accounts.confirmations import confirmed_by
from archive.catalog.journal.sealed_rows import whole_rows
from archive.catalog.tables.catalog import os_name, role_gift, sign_in_code, token, user
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId


def lineage(connection: Connection, tenant: TenantId) -> Lineage:
    """Of all users of a tenant; what was taken away or has ended counts for ever.

    Raises `RowsAltered`: a row that is gone would make two persons of what is one.
    """
    row = tenant_row(connection, tenant)
    hands = tuple(_hands(connection, row))
    names: defaultdict[int, set[str]] = defaultdict(set)
    for each in whole_rows(connection, os_name, row):
        names[each.user].add(each.name)
    return Lineage(
        hands=hands,
        os_names={of: frozenset(all_of_it) for of, all_of_it in names.items()},
        confirmed_by=confirmed_by(connection, tenant),
    )


def reset_until(connection: Connection, tenant: TenantId, user_row: int, now_us: int) -> int:
    """Until when a person that was reset speaks for nobody, 0: it was not; cheap where so."""
    since_us = now_us - RESET_US
    for table, at_us in ((sign_in_code, sign_in_code.c.made_us), (os_name, os_name.c.given_us)):
        late = (table.c.user == user_row, table.c.is_reset == 1, at_us > since_us)
        of_it = table.c.tenant == tenant_row(connection, tenant)
        if connection.scalar(select(table.c.row).where(of_it, *late).limit(1)) is not None:
            bar = lineage(connection, tenant).reset(user_row, now_us)
            return 0 if bar is None else bar.until_us or 0
    return 0


def _hands(connection: Connection, tenant: int) -> Iterator[Hand]:
    """What others, and root where it was a reset, did to each user."""
    for table, of, by, at_us in (
        (user, "row", "created_by", "created_us"),
        (role_gift, "user", "given_by", "given_us"),
        (os_name, "user", "given_by", "given_us"),
        (token, "user", "issued_by", "created_us"),
        (sign_in_code, "user", "made_by", "made_us"),
    ):
        for row in whole_rows(connection, table, tenant):
            said = row._mapping
            is_reset = bool(said.get("is_reset"))
            is_own = said[by] in (None, said[of])
            if said[of] is None or (is_own and not is_reset):
                continue
            yield Hand(
                of=said[of],
                by=ROOT if is_own else said[by],
                at_us=said[at_us],
                kind="role" if table is role_gift else "reset" if is_reset else "way_in",
            )
