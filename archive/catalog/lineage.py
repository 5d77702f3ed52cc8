"""The register's answer to who had a hand in making whom, of all times, and who is confirmed.

Questions only. Knows nothing of what follows from it.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, literal, or_, select

from archive.catalog.confirmations import confirmed_by
from archive.catalog.sealing import require_whole
from archive.catalog.tables import os_name, role_gift, sign_in_code, token, user
from archive.catalog.tenants import tenant_row
from archive.ids import TenantId
from archive.lineage import RESET_US, ROOT, Hand, Lineage

_NO_RESET: Final = literal(0)


def lineage(connection: Connection, tenant: TenantId) -> Lineage:
    """Of all users of a tenant; what was taken away or has ended counts for ever.

    Raises `RowsAltered`: a row that is gone would make two persons of what is one.
    """
    require_whole(connection, user, role_gift, os_name, token, sign_in_code)
    row = tenant_row(connection, tenant)
    names: defaultdict[int, set[str]] = defaultdict(set)
    ever = select(os_name.c.user, os_name.c.name).where(os_name.c.tenant == row)
    for of, name in connection.execute(ever):
        names[of].add(name)
    return Lineage(
        hands=tuple(_hands(connection, row)),
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
    for table, of, by, at_us, reset in (
        (user, user.c.row, user.c.created_by, user.c.created_us, _NO_RESET),
        (role_gift, role_gift.c.user, role_gift.c.given_by, role_gift.c.given_us, _NO_RESET),
        (os_name, os_name.c.user, os_name.c.given_by, os_name.c.given_us, os_name.c.is_reset),
        (token, token.c.user, token.c.issued_by, token.c.created_us, _NO_RESET),
        (
            sign_in_code,
            sign_in_code.c.user,
            sign_in_code.c.made_by,
            sign_in_code.c.made_us,
            sign_in_code.c.is_reset,
        ),
    ):
        of_it = (table.c.tenant == tenant, of.is_not(None))
        others = or_(by != of, reset == 1)
        for row in connection.execute(
            select(of.label("of"), by.label("by"), at_us.label("at_us"), reset.label("reset"))
            .where(*of_it, others)
        ):  # fmt: skip
            is_own = row.by in (None, row.of)
            yield Hand(
                of=row.of,
                by=ROOT if is_own else row.by,
                at_us=row.at_us,
                kind="role" if table is role_gift else "reset" if row.reset else "way_in",
            )
