"""Services, and the tokens of persons and services: who may issue, see and revoke which.

Knows nothing of the web, nor of how a token proves an account.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection

from api.access.authorization import Door
from api.access.credential_strength import require_proof
from api.permissions.actor import Actor
from api.permissions.errors import LifetimeRefused, NotAllowed, PersonNeeded, Unfit
from api.permissions.verbs import Verb
from archive.access.purposes import Purpose
from archive.access.reach import ReachRule
from archive.catalog.access.grants import PeopleGrant
from archive.catalog.accounts.persons import (
    SERVICE_PREFIX,
    ServiceRecord,
    UserRecord,
    add_service,
    service_named,
    services,
    user_in,
    users,
)
from archive.catalog.accounts.tokens import (
    TokenRecord,
    TokenTerms,
    TokenTimes,
    UnknownToken,
    create_token,
    revoke_token,
    token_numbered,
    tokens,
)
from archive.catalog.database.engine import read, write
from archive.catalog.journal.authors import Author
from archive.ids import TenantId

DEFAULT_DAYS: Final = 90
MAX_DAYS: Final = 365
_DAY_US: Final = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenWish:
    """What a token is to be for; no scopes: all that the person may do. `days` until it ends."""

    scopes: frozenset[Verb] = frozenset()
    days: int = DEFAULT_DAYS
    note: str = ""
    purpose: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token without its secret: whose it is, as the journal has it, and who issued it."""

    number: int
    holder: str
    scopes: tuple[str, ...]
    times: TokenTimes
    note: str
    purpose: str
    issued_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedToken:
    """A token with its secret, which is kept nowhere."""

    token: Token
    secret: str

    def __repr__(self) -> str:
        return f"IssuedToken(token={self.token})"


@dataclass(frozen=True, slots=True)
class Tokens:
    """The acts; each raises `Refused` where the actor may not."""

    door: Door

    async def services(self, actor: Actor) -> tuple[ServiceRecord, ...]:
        """Every service."""
        seen = await self.door.grant(actor, PeopleGrant, detail={"what": "services"})
        return await read(self.door.engine, lambda c: services(c, seen.tenant))

    async def add_service(self, actor: Actor, name: str, reach: ReachRule) -> ServiceRecord:
        """A service that has no token yet; raises `NameRefused`, `NameTaken`."""
        author = await self._author(actor, Verb.PEOPLE_MANAGE)

        def added(connection: Connection) -> ServiceRecord:
            add_service(connection, author, name, reach)
            return service_named(connection, author.access.tenant, name)

        return await write(self.door.engine, added)

    async def listed(self, actor: Actor) -> tuple[Token, ...]:
        """The tokens that are in force: everybody's for who sees the people, else one's own."""
        sees_all = Verb.PEOPLE_READ in actor.account.authority.verbs
        if sees_all:
            access = (await self.door.grant(actor, PeopleGrant, detail={"what": "tokens"})).access
        else:
            access = await self.door.access(actor, Verb.OWN_TOKENS)
        found = await read(
            self.door.engine,
            lambda c: _told(c, access.tenant, tokens(c, access.tenant, access.at_us)),
        )
        return tuple(each for each in found if sees_all or each.holder == actor.account.name)

    async def issue(self, actor: Actor, wish: TokenWish) -> IssuedToken:
        """A token for who asks by its login or a page; raises `NotByToken`, `PasswordWanted`, ….

        Raises `LifetimeRefused`, `PurposeUnknown`, too.
        """
        author = await self._author(actor, Verb.OWN_TOKENS)
        await require_proof(self.door, actor, Verb.OWN_TOKENS)
        scopes = wish.scopes or actor.account.authority.verbs
        await self._require_own(actor, scopes)
        terms = terms_of(self.door, author, replace(wish, scopes=scopes))

        def made(connection: Connection) -> IssuedToken:
            return issued(connection, author, user_in(connection, actor.account.person), terms)

        return await write(self.door.engine, made)

    async def revoke(self, actor: Actor, number: int) -> None:
        """End a token: one's own, or with `people:manage` any; raises `UnknownToken`."""
        own = await read(self.door.engine, lambda c: _is_own(c, actor, number))
        manages = Verb.PEOPLE_MANAGE in actor.account.authority.verbs
        verb = Verb.PEOPLE_MANAGE if manages or not own else Verb.OWN_TOKENS
        author = await self._author(actor, verb)
        await write(self.door.engine, lambda c: revoke_token(c, author, number))

    async def _author(self, actor: Actor, verb: Verb) -> Author:
        access = await self.door.access(actor, verb)
        return Author(access=access, user=actor.account.user)

    async def _require_own(self, actor: Actor, scopes: Iterable[Verb]) -> None:
        """Only who acts as itself has tokens of its own, and none that may do more than it."""
        beyond = sorted(set(scopes) - actor.account.authority.verbs)
        if actor.account.person and not beyond:
            return
        nobody = PersonNeeded("only a person has tokens of its own")
        refusal = NotAllowed(beyond[0]) if beyond else nobody
        await self.door.write_down(actor, Verb.OWN_TOKENS, refusal, "")
        raise refusal


def terms_of(door: Door, author: Author, wish: TokenWish) -> TokenTerms:
    """What a token is for; raises `LifetimeRefused`, `PurposeUnknown`."""
    if not 1 <= wish.days <= MAX_DAYS:
        raise LifetimeRefused("days", Unfit.LIFETIME, most=MAX_DAYS)
    if wish.purpose:
        Purpose.parse(wish.purpose, door.purposes)
    return TokenTerms(
        scopes=wish.scopes,
        expires_us=author.access.at_us + wish.days * _DAY_US,
        note=wish.note,
        purpose=wish.purpose,
    )


def issued(
    connection: Connection, author: Author, holder: UserRecord | ServiceRecord, terms: TokenTerms
) -> IssuedToken:
    """A new token of a person or a service."""
    tenant = author.access.tenant
    new = create_token(connection, author, holder, terms)
    record = token_numbered(connection, tenant, new.number)
    return IssuedToken(token=_told(connection, tenant, (record,))[0], secret=new.secret)


def _is_own(connection: Connection, actor: Actor, number: int) -> bool:
    try:
        found = token_numbered(connection, actor.account.tenant, number)
    except UnknownToken:
        return False
    return bool(actor.account.person) and found.user == actor.account.person


def _told(
    connection: Connection, tenant: TenantId, records: tuple[TokenRecord, ...]
) -> tuple[Token, ...]:
    persons = {each.row: each.name for each in users(connection, tenant)}
    known = {each.row: SERVICE_PREFIX + each.name for each in services(connection, tenant)}
    return tuple(
        Token(
            number=each.row,
            holder=persons.get(each.user or 0) or known.get(each.service or 0, ""),
            scopes=tuple(sorted(each.scopes)),
            times=each.times,
            note=each.note,
            purpose=each.purpose,
            issued_by=persons.get(each.issued_by or 0, ""),
        )
        for each in records
    )
