"""Bearer tokens: made once, shown once, kept as a digest; each may do only what its scopes say.

Knows nothing of HTTP. A token is 256 random bits, so a plain SHA-256 of it gives nothing away.
"""

import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import Connection, Engine, insert, select, update

from archive.catalog.engine import writing
from archive.catalog.tables import tenant, token, user
from archive.catalog.tenants import ensure_tenant
from archive.errors import ArchiveError
from archive.grants import Access
from archive.ids import TenantId
from archive.journal import Action, Detail, Entry, append

_PREFIX: Final = "rokuon_"
_TOKEN_BYTES: Final = 32
_SCOPES_JOINED: Final = " "
# What a request may bring; a real token is far shorter.
MAX_TOKEN_LENGTH: Final = 128


class Scope(StrEnum):
    """What a token may be used for; nothing is allowed that no scope names."""

    SEARCH = "calls:search"
    READ = "calls:read"
    CORRECT = "calls:correct"
    LISTEN = "audio:listen"
    EXPORT = "audio:export"
    LIVE = "live:read"
    CONTROL = "live:control"


class UnknownUser(ArchiveError):
    """The tenant has no user of that name."""


class UnknownToken(ArchiveError):
    """The tenant has no token of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Who a token speaks for, and what it may do; `token` is its number."""

    tenant: TenantId
    name: str
    token: int
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewToken:
    """A token as it is shown, once: `secret` is kept nowhere, `number` names it for revoking."""

    number: int
    secret: str

    def __repr__(self) -> str:
        return f"NewToken(number={self.number})"


def ensure_user(engine: Engine, name: str, access: Access) -> int:
    """Make a user unless there is one of that name; returns its number."""
    with writing(engine) as connection:
        tenant_row = ensure_tenant(connection, access.tenant)
        known = _user_row(connection, tenant_row, name)
        if known is not None:
            return known
        new = insert(user).values(tenant=tenant_row, name=name, created_us=access.at_us)
        append(connection, _entry(access, "user_added", name, {}))
        return int(connection.execute(new.returning(user.c.row)).scalar_one())


def create_token(
    engine: Engine, name: str, scopes: Iterable[Scope], *, lifetime_us: int, access: Access
) -> NewToken:
    """Make a token for the user `name`; raises `UnknownUser`. The journal gets its number only."""
    secret = _PREFIX + secrets.token_urlsafe(_TOKEN_BYTES)
    allowed = sorted(set(scopes))
    with writing(engine) as connection:
        tenant_row = ensure_tenant(connection, access.tenant)
        user_row = _user_row(connection, tenant_row, name)
        if user_row is None:
            raise UnknownUser("no such user")
        new = insert(token).values(
            tenant=tenant_row,
            user=user_row,
            digest=_digest(secret),
            scopes=_SCOPES_JOINED.join(allowed),
            created_us=access.at_us,
            expires_us=access.at_us + lifetime_us,
        )
        number = int(connection.execute(new.returning(token.c.row)).scalar_one())
        detail: dict[str, Detail] = {"token": number, "scopes": [str(scope) for scope in allowed]}
        append(connection, _entry(access, "token_created", name, detail))
    return NewToken(number=number, secret=secret)


def revoke_token(engine: Engine, number: int, access: Access) -> None:
    """End a token now; raises `UnknownToken` where the tenant has none that is still in force."""
    with writing(engine) as connection:
        done = connection.execute(
            update(token)
            .where(
                token.c.row == number,
                token.c.tenant == ensure_tenant(connection, access.tenant),
                token.c.revoked_us.is_(None),
            )
            .values(revoked_us=access.at_us)
        )
        if done.rowcount == 0:
            raise UnknownToken(f"no token {number}")
        append(connection, _entry(access, "token_revoked", "token", {"token": number}))


def is_in_force(connection: Connection, number: int, now_us: int) -> bool:
    """Whether a token is neither revoked nor expired at `now_us`."""
    in_force = (token.c.revoked_us.is_(None), token.c.expires_us > now_us)
    found = connection.scalar(select(token.c.row).where(token.c.row == number, *in_force))
    return found is not None


def verify_token(connection: Connection, secret: str, now_us: int) -> Holder | None:
    """Who `secret` speaks for at `now_us`; None for what is unknown, expired or revoked."""
    if len(secret) > MAX_TOKEN_LENGTH:
        return None
    digest = _digest(secret)
    found = connection.execute(
        select(token, tenant.c.id.label("tenant_id"), user.c.name)
        .join_from(token, user, token.c.user == user.c.row)
        .join(tenant, token.c.tenant == tenant.c.row)
        .where(token.c.digest == digest)
    ).one_or_none()
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    if found.revoked_us is not None or now_us >= found.expires_us:
        return None
    return Holder(
        tenant=TenantId(found.tenant_id),
        name=found.name,
        token=found.row,
        scopes=frozenset(Scope(scope) for scope in found.scopes.split(_SCOPES_JOINED) if scope),
    )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _user_row(connection: Connection, tenant_row: int, name: str) -> int | None:
    found = connection.scalar(
        select(user.c.row).where(user.c.tenant == tenant_row, user.c.name == name)
    )
    return None if found is None else int(found)


def _entry(access: Access, action: Action, target: str, detail: dict[str, Detail]) -> Entry:
    return Entry(
        tenant=access.tenant,
        at_us=access.at_us,
        actor=access.actor,
        action=action,
        target=target,
        reason=access.purpose,
        detail=detail,
    )
