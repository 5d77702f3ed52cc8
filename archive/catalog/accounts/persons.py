"""The register of persons and services: who there is, who made them, who is disabled.

Each change is in the journal in the same transaction. Knows nothing of roles, nor of who may.
"""

import re
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, Table, bindparam, select

from archive.access.reach import WHOLE, ReachRule
from archive.catalog.journal.authors import Author, told_of
from archive.catalog.journal.entries import Detail, append
from archive.catalog.journal.sealed_rows import believed, insert_row, require_believed, update_rows
from archive.catalog.tables.catalog import service, user
from archive.catalog.tables.tenants import ensure_tenant, tenant_row
from archive.errors import ArchiveError
from archive.ids import TenantId

NAME_PATTERN: Final = "[a-z0-9._-]{1,64}"
# How the journal and people tell a service from a person.
SERVICE_PREFIX: Final = "service:"
_NAME: Final = re.compile(NAME_PATTERN)
_USER: Final = select(user).where(user.c.row == bindparam("own"))
_SERVICE: Final = select(service).where(service.c.row == bindparam("own"))


class NameRefused(ArchiveError):
    """A name that no account may have."""


class NameTaken(ArchiveError):
    """Another account has had the name: names are given once, for the journal keeps them."""


class NotRegistered(ArchiveError):
    """The tenant's register has no such thing in force: an account, a gift, a token."""


class UnknownAccount(NotRegistered):
    """The tenant has no such person or service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRecord:
    """A person as the register has it; `disabled_us` is None while it is not."""

    row: int
    name: str
    created_us: int
    created_by: int | None
    disabled_us: int | None
    purpose: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceRecord:
    """A service, and within which reach its tokens may do what they may."""

    row: int
    name: str
    created_us: int
    created_by: int | None
    reach: ReachRule


def is_name(text: str) -> bool:
    """Whether an account may be called that."""
    return _NAME.fullmatch(text) is not None


def require_name(name: str) -> str:
    """The same name; raises `NameRefused`."""
    if not is_name(name):
        raise NameRefused("a name has 1 to 64 characters of a-z 0-9 . _ -")
    return name


def add_user(connection: Connection, author: Author, name: str, purpose: str = "") -> int:
    """Make a person, who may do nothing yet; raises `NameRefused`, `NameTaken`."""
    tenant = ensure_tenant(connection, author.access.tenant)
    if _named(connection, user, tenant, require_name(name)) is not None:
        raise NameTaken("there is or was a user of that name")
    row = insert_row(
        connection,
        user,
        tenant=tenant,
        name=name,
        created_us=author.access.at_us,
        created_by=author.user_or_none,
        purpose=purpose,
    )
    append(connection, author.entry("user_added", name, {"purpose": purpose} if purpose else {}))
    return row


def disable_user(connection: Connection, author: Author, name: str) -> None:
    """End a person's standing for good; raises `UnknownAccount` where it has none."""
    own = (
        user.c.tenant == tenant_row(connection, author.access.tenant),
        user.c.name == name,
        user.c.disabled_us.is_(None),
    )
    if not update_rows(connection, user, own, disabled_us=author.access.at_us):
        raise UnknownAccount("no such user, or it is disabled")
    append(connection, author.entry("user_disabled", name, {}))


def users(connection: Connection, tenant: TenantId) -> tuple[UserRecord, ...]:
    """Every person, also those that are disabled, by name."""
    of_it = user.c.tenant == tenant_row(connection, tenant)
    rows = connection.execute(select(user).where(of_it).order_by(user.c.name))
    return tuple(map(_user_of, believed(connection, user, rows)))


def user_named(connection: Connection, tenant: TenantId, name: str) -> UserRecord:
    """The person of that name, disabled or not; raises `UnknownAccount`."""
    found = _named(connection, user, tenant_row(connection, tenant), name)
    if found is None:
        raise UnknownAccount("no such user")
    return _user_of(found)


def user_in(connection: Connection, row: int) -> UserRecord:
    """The person in that row, which somebody else refers to; raises `RowsAltered`."""
    found = connection.execute(_USER, {"own": row}).one()
    require_believed(connection, user, [found])
    return _user_of(found)


def has_users(connection: Connection, tenant: TenantId) -> bool:
    """Whether anybody was ever added."""
    of_it = user.c.tenant == tenant_row(connection, tenant)
    return connection.scalar(select(user.c.row).where(of_it).limit(1)) is not None


def add_service(connection: Connection, author: Author, name: str, reach: ReachRule = WHOLE) -> int:
    """Make a service, which has no token yet; raises `NameRefused`, `NameTaken`."""
    tenant = ensure_tenant(connection, author.access.tenant)
    if _named(connection, service, tenant, require_name(name)) is not None:
        raise NameTaken("there is or was a service of that name")
    row = insert_row(
        connection,
        service,
        tenant=tenant,
        name=name,
        created_us=author.access.at_us,
        created_by=author.user_or_none,
        reach=reach.encode(),
    )
    detail: dict[str, Detail] = {"reach": told_of(reach)}
    append(connection, author.entry("service_added", SERVICE_PREFIX + name, detail))
    return row


def services(connection: Connection, tenant: TenantId) -> tuple[ServiceRecord, ...]:
    of_it = service.c.tenant == tenant_row(connection, tenant)
    rows = connection.execute(select(service).where(of_it).order_by(service.c.name))
    return tuple(map(_service_of, believed(connection, service, rows)))


def service_named(connection: Connection, tenant: TenantId, name: str) -> ServiceRecord:
    """The service of that name; raises `UnknownAccount`."""
    found = _named(connection, service, tenant_row(connection, tenant), name)
    if found is None:
        raise UnknownAccount("no such service")
    return _service_of(found)


def service_in(connection: Connection, row: int) -> ServiceRecord:
    """The service in that row, which a token refers to; raises `RowsAltered`."""
    found = connection.execute(_SERVICE, {"own": row}).one()
    require_believed(connection, service, [found])
    return _service_of(found)


def _named(
    connection: Connection, table: Table, tenant: int, name: str
) -> Row[tuple[object, ...]] | None:
    wanted = select(table).where(table.c.tenant == tenant, table.c.name == name)
    found = connection.execute(wanted).one_or_none()
    if found is not None:
        require_believed(connection, table, [found])
    return found


def _user_of(row: Row[tuple[object, ...]]) -> UserRecord:
    return UserRecord(
        row=row.row,
        name=row.name,
        created_us=row.created_us,
        created_by=row.created_by,
        disabled_us=row.disabled_us,
        purpose=row.purpose,
    )


def _service_of(row: Row[tuple[object, ...]]) -> ServiceRecord:
    return ServiceRecord(
        row=row.row,
        name=row.name,
        created_us=row.created_us,
        created_by=row.created_by,
        reach=ReachRule.decode(row.reach),
    )
