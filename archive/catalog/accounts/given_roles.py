"""What a person was given: roles with their reach, and names of the operating system.

Each change is in the journal in the same transaction. Knows nothing of what a role allows.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, bindparam, select

from archive.access.reach import ReachRule
from archive.catalog.accounts.confirmations import lay_way_in
from archive.catalog.accounts.persons import NameTaken, NotRegistered, UserRecord
from archive.catalog.journal.authors import Author, told_of
from archive.catalog.journal.entries import Detail, append
from archive.catalog.journal.sealed_rows import believed, insert_row, update_rows
from archive.catalog.tables.catalog import os_name, role_gift
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId

_OF_ONE: Final = (
    select(role_gift)
    .where(role_gift.c.user == bindparam("own"), role_gift.c.ended_us.is_(None))
    .order_by(role_gift.c.row)
)


class UnknownGift(NotRegistered):
    """The person has no such role or name in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftRecord:
    """A role that a person has; `row` names it for taking it away."""

    row: int
    user: int
    role: str
    reach: ReachRule
    given_us: int
    given_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OsNameRecord:
    """A name of the operating system that is a person's."""

    row: int
    user: int
    name: str


def give_role(
    connection: Connection, author: Author, to: UserRecord, role: str, reach: ReachRule
) -> int:
    """Give a role; returns the row of the gift."""
    row = insert_row(
        connection,
        role_gift,
        tenant=tenant_row(connection, author.access.tenant),
        user=to.row,
        role=role,
        reach=reach.encode(),
        given_us=author.access.at_us,
        given_by=author.user_or_none,
    )
    detail: dict[str, Detail] = {"gift": row, "role": role, "reach": told_of(reach)}
    append(connection, author.entry("role_given", to.name, detail))
    return row


def take_role(connection: Connection, author: Author, of: UserRecord, row: int) -> None:
    """End a gift; raises `UnknownGift` unless it is in force and that person's."""
    own = (role_gift.c.row == row, role_gift.c.user == of.row, role_gift.c.ended_us.is_(None))
    taken = update_rows(connection, role_gift, own, ended_us=author.access.at_us)
    if not taken:
        raise UnknownGift("no such gift of a role")
    append(connection, author.entry("role_taken", of.name, {"gift": row, "role": taken[0].role}))


def gifts_of(connection: Connection, row: int) -> tuple[GiftRecord, ...]:
    """The roles that a person has now, in the order in which they were given."""
    rows = connection.execute(_OF_ONE, {"own": row})
    return tuple(map(_gift_of, believed(connection, role_gift, rows)))


def gifts(connection: Connection, tenant: TenantId) -> tuple[GiftRecord, ...]:
    """The roles of everybody, in the order in which they were given."""
    in_force = (
        role_gift.c.tenant == tenant_row(connection, tenant),
        role_gift.c.ended_us.is_(None),
    )
    rows = connection.execute(select(role_gift).where(*in_force).order_by(role_gift.c.row))
    return tuple(map(_gift_of, believed(connection, role_gift, rows)))


def give_os_name(connection: Connection, author: Author, to: UserRecord, name: str) -> None:
    """Let a user of the operating system be a person; raises `NameTaken` while it is one."""
    tenant = tenant_row(connection, author.access.tenant)
    if os_name_in_force(connection, author.access.tenant, name) is not None:
        raise NameTaken("this user of the operating system is a person already")
    is_reset = lay_way_in(connection, author, to, ends_all=False)
    insert_row(
        connection,
        os_name,
        tenant=tenant,
        name=name,
        user=to.row,
        given_us=author.access.at_us,
        given_by=author.user_or_none,
        is_reset=int(is_reset),
    )
    told: dict[str, Detail] = {"os_name": name}
    if is_reset:
        told["reset"] = 1
    append(connection, author.entry("os_name_given", to.name, told))


def take_os_name(connection: Connection, author: Author, of: UserRecord, name: str) -> None:
    """Let a user of the operating system be nobody again; raises `UnknownGift`."""
    own = (os_name.c.name == name, os_name.c.user == of.row, os_name.c.ended_us.is_(None))
    if not update_rows(connection, os_name, own, ended_us=author.access.at_us):
        raise UnknownGift("the person has no such name")
    append(connection, author.entry("os_name_taken", of.name, {"os_name": name}))


def os_name_in_force(connection: Connection, tenant: TenantId, name: str) -> OsNameRecord | None:
    """Whose name that is now, also a disabled person's; None for nobody's."""
    rows = connection.execute(
        select(os_name).where(
            os_name.c.tenant == tenant_row(connection, tenant),
            os_name.c.name == name,
            os_name.c.ended_us.is_(None),
        )
    )
    found = believed(connection, os_name, rows)
    return _os_name_of(found[0]) if found else None


def is_os_name_in_force(connection: Connection, row: int) -> bool:
    """Whether that name is still a person's."""
    in_force = (os_name.c.row == row, os_name.c.ended_us.is_(None))
    return bool(believed(connection, os_name, connection.execute(select(os_name).where(*in_force))))


def os_names(connection: Connection, tenant: TenantId) -> tuple[OsNameRecord, ...]:
    """The names of everybody, sorted."""
    in_force = (os_name.c.tenant == tenant_row(connection, tenant), os_name.c.ended_us.is_(None))
    rows = connection.execute(select(os_name).where(*in_force).order_by(os_name.c.name))
    return tuple(map(_os_name_of, believed(connection, os_name, rows)))


def _gift_of(row: Row[tuple[object, ...]]) -> GiftRecord:
    return GiftRecord(
        row=row.row,
        user=row.user,
        role=row.role,
        reach=ReachRule.decode(row.reach),
        given_us=row.given_us,
        given_by=row.given_by,
    )


def _os_name_of(row: Row[tuple[object, ...]]) -> OsNameRecord:
    return OsNameRecord(row=row.row, user=row.user, name=row.name)
