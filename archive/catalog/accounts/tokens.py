"""Bearer tokens: made once, shown once, kept as a digest; each is a person's or a service's.

Knows nothing of HTTP, nor of what a scope allows. A token is 256 random bits, so a plain SHA-256 of
it gives nothing away.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, bindparam, select

from archive.catalog.accounts.persons import (
    SERVICE_PREFIX,
    NotRegistered,
    ServiceRecord,
    UserRecord,
    service_in,
    user_in,
)
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, append
from archive.catalog.journal.sealed_rows import believed, insert_row, note_rows, update_rows
from archive.catalog.tables.catalog import tenant, token
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId

_PREFIX: Final = "rokuon_"
_TOKEN_BYTES: Final = 32
_SCOPES_JOINED: Final = " "
# What a request may bring; a real token is far shorter.
MAX_TOKEN_LENGTH: Final = 128
# Nobody needs to know the last use better, and a write for each request costs one.
USE_NOTED_EVERY_US: Final = 60_000_000

_BY_DIGEST: Final = (
    select(token, tenant.c.id.label("tenant_id"))
    .join_from(token, tenant, token.c.tenant == tenant.c.row)
    .where(token.c.digest == bindparam("of_secret"))
)


class UnknownToken(NotRegistered):
    """The tenant has no token of that number that is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenTerms:
    """What a token is for: its scopes, until before when, and why where a request says nothing."""

    scopes: Iterable[str]
    expires_us: int
    note: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenTimes:
    """When a token was made, ends, was revoked and used; None: not yet."""

    created_us: int
    expires_us: int
    revoked_us: int | None
    last_used_us: int | None

    def is_in_force(self, now_us: int) -> bool:
        """Neither revoked nor expired."""
        return self.revoked_us is None and now_us < self.expires_us

    def is_use_due(self, now_us: int) -> bool:
        """Whether the last use that is kept is a minute ago."""
        return self.last_used_us is None or self.last_used_us <= now_us - USE_NOTED_EVERY_US


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord:
    """A token as the register has it; one of `user` and `service` is the row of whose it is."""

    row: int
    user: int | None
    service: int | None
    scopes: frozenset[str]
    times: TokenTimes
    note: str
    purpose: str
    issued_by: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token as it is shown, once: `secret` is kept nowhere, `number` names it for revoking."""

    number: int
    secret: str

    def __repr__(self) -> str:
        return f"NewToken(number={self.number})"


def create_token(
    connection: Connection, author: Author, holder: UserRecord | ServiceRecord, terms: TokenTerms
) -> NewToken:
    """Make a token. The journal gets its number only."""
    secret = _PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
    scopes = sorted(set(map(str, terms.scopes)))
    kind = "user" if isinstance(holder, UserRecord) else "service"
    number = insert_row(
        connection,
        token,
        tenant=tenant_row(connection, author.access.tenant),
        digest=_digest(secret),
        scopes=_SCOPES_JOINED.join(scopes),
        created_us=author.access.at_us,
        expires_us=terms.expires_us,
        note=terms.note,
        purpose=terms.purpose,
        issued_by=author.user_or_none,
        **{kind: holder.row},
    )
    detail: dict[str, Detail] = {"token": number, "scopes": scopes, "until_us": terms.expires_us}
    append(connection, author.entry("token_created", _name_of(holder), detail))
    return NewToken(number=number, secret=secret)


def revoke_token(connection: Connection, author: Author, number: int) -> None:
    """End a token now; raises `UnknownToken` where the tenant has none that is still in force."""
    own = (
        token.c.row == number,
        token.c.tenant == tenant_row(connection, author.access.tenant),
        token.c.revoked_us.is_(None),
    )
    ended = update_rows(connection, token, own, revoked_us=author.access.at_us)
    if not ended:
        raise UnknownToken(f"no token {number}")
    whose = _holder_name(connection, ended[0].user, ended[0].service)
    append(connection, author.entry("token_revoked", whose, {"token": number}))


def revoke_own_tokens(connection: Connection, author: Author, of: UserRecord) -> None:
    """End all of a person's own; those of services stay, whoever issued them."""
    wanted = (token.c.user == of.row, token.c.revoked_us.is_(None))
    in_force = token.c.expires_us > author.access.at_us
    rows = connection.scalars(select(token.c.row).where(*wanted, in_force).order_by(token.c.row))
    for number in rows.all():
        revoke_token(connection, author, number)


def token_of(connection: Connection, secret: str) -> tuple[TenantId, TokenRecord] | None:
    """The token whose secret that is, in force or not, and whose tenant's; None for none."""
    if len(secret) > MAX_TOKEN_LENGTH:
        return None
    digest = _digest(secret)
    found = connection.execute(_BY_DIGEST, {"of_secret": digest}).one_or_none()
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    if not believed(connection, token, [found]):
        return None
    return TenantId(found.tenant_id), _record(found)


def token_numbered(connection: Connection, tenant_id: TenantId, number: int) -> TokenRecord:
    """The token of that number, in force or not; raises `UnknownToken`."""
    of_it = (token.c.row == number, token.c.tenant == tenant_row(connection, tenant_id))
    found = believed(connection, token, connection.execute(select(token).where(*of_it)))
    if not found:
        raise UnknownToken(f"no token {number}")
    return _record(found[0])


def tokens(connection: Connection, tenant_id: TenantId, now_us: int) -> tuple[TokenRecord, ...]:
    """Every token that is in force, in the order of their making."""
    rows = connection.execute(
        select(token)
        .where(
            token.c.tenant == tenant_row(connection, tenant_id),
            token.c.revoked_us.is_(None),
            token.c.expires_us > now_us,
        )
        .order_by(token.c.row)
    )
    return tuple(map(_record, believed(connection, token, rows)))


def is_in_force(connection: Connection, number: int, now_us: int) -> bool:
    """Whether a token is neither revoked nor expired at `now_us`."""
    in_force = (token.c.revoked_us.is_(None), token.c.expires_us > now_us)
    rows = connection.execute(select(token).where(token.c.row == number, *in_force))
    return bool(believed(connection, token, rows))


def note_use(connection: Connection, number: int, now_us: int) -> None:
    """Keep when a token was used; `is_use_due` says whether it is time to."""
    note_rows(connection, token, (token.c.row == number,), last_used_us=now_us)


def _holder_name(connection: Connection, user_row: int | None, service_row: int | None) -> str:
    if service_row is not None:
        return _name_of(service_in(connection, service_row))
    assert user_row is not None
    return _name_of(user_in(connection, user_row))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _name_of(holder: UserRecord | ServiceRecord) -> str:
    return holder.name if isinstance(holder, UserRecord) else SERVICE_PREFIX + holder.name


def _record(row: Row[tuple[object, ...]]) -> TokenRecord:
    return TokenRecord(
        row=row.row,
        user=row.user,
        service=row.service,
        scopes=frozenset(scope for scope in row.scopes.split(_SCOPES_JOINED) if scope),
        times=TokenTimes(
            created_us=row.created_us,
            expires_us=row.expires_us,
            revoked_us=row.revoked_us,
            last_used_us=row.last_used_us,
        ),
        note=row.note,
        purpose=row.purpose,
        issued_by=row.issued_by,
    )
