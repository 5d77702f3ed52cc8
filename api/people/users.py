"""Persons, what roles and names of the operating system they have, and who may change that.

Knows nothing of the web, nor of how an account is proved.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from sqlalchemy import Connection

from api.access.authorization import Door
from api.access.credential_strength import require_proof
from api.permissions.actor import Actor
from api.permissions.errors import AnotherPersonNeeded
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.purposes import Purpose
from archive.access.reach import ReachRule
from archive.catalog.access.grants import PeopleGrant
from archive.catalog.accounts.given_roles import (
    GiftRecord,
    OsNameRecord,
    gifts,
    give_os_name,
    give_role,
    os_names,
    take_os_name,
    take_role,
)
from archive.catalog.accounts.lineage import lineage
from archive.catalog.accounts.persons import UserRecord, add_user, disable_user, user_named, users
from archive.catalog.accounts.sessions import end_sessions, last_signed_in
from archive.catalog.accounts.tokens import revoke_own_tokens
from archive.catalog.database.engine import read, write
from archive.catalog.journal.authors import Author
from archive.ids import TenantId

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """A role as it was given; `given_by` is a user's name, "" for nobody's doing: root's."""

    number: int
    role: str
    reach: ReachRule
    given_us: int
    given_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with all that it was given; `created_by` is a user's name, "" for nobody's.

    `signed_in_us` is when it signed in last at a page, None where it never did.
    """

    name: str
    purpose: str
    created_us: int
    created_by: str
    disabled_us: int | None
    gifts: tuple[Gift, ...]
    os_names: tuple[str, ...]
    signed_in_us: int | None = None


@dataclass(frozen=True, slots=True)
class Users:
    """The acts; each raises `Refused` where the actor may not."""

    door: Door

    async def listed(self, actor: Actor) -> tuple[Person, ...]:
        """Everybody, also who is disabled."""
        seen = await self.door.grant(actor, PeopleGrant, detail={"what": "users"})
        return await read(self.door.engine, lambda c: _everybody(c, seen.tenant))

    async def show(self, actor: Actor, name: str) -> Person:
        """One person; raises `UnknownAccount`."""
        seen = await self.door.grant(actor, PeopleGrant, name, {"what": "user"})
        return await read(self.door.engine, lambda c: _person(c, seen.tenant, name))

    async def add(self, actor: Actor, name: str, purpose: str = "") -> Person:
        """A person who may do nothing yet; `purpose` is stated where a request says none.

        Raises `NameRefused`, `NameTaken`, `PurposeUnknown`.
        """
        author = await self._author(actor)
        if purpose:
            Purpose.parse(purpose, self.door.purposes)

        def added(connection: Connection) -> Person:
            add_user(connection, author, name, purpose)
            return _person(connection, author.access.tenant, name)

        return await write(self.door.engine, added)

    async def disable(self, actor: Actor, name: str) -> None:
        """End a person for good, its sessions and own tokens; raises `UnknownAccount`."""
        author = await self._author(actor)

        def disabled(connection: Connection) -> None:
            disable_user(connection, author, name)
            of = user_named(connection, author.access.tenant, name)
            end_sessions(connection, of.row, author.access.at_us)
            revoke_own_tokens(connection, author, of)

        await write(self.door.engine, disabled)

    async def give_role(self, actor: Actor, name: str, role: Role, reach: ReachRule) -> Gift:
        """Give a role; nobody gets one by its own hand. Raises `UnknownAccount`."""
        author = await self._author(actor)

        def given(connection: Connection) -> Gift:
            to = user_named(connection, author.access.tenant, name)
            _require_another(connection, actor, to)
            number = give_role(connection, author, to, role, reach)
            person = _person(connection, author.access.tenant, name)
            return next(gift for gift in person.gifts if gift.number == number)

        try:
            return await write(self.door.engine, given)
        except AnotherPersonNeeded as refusal:
            await self.door.write_down(actor, Verb.PEOPLE_MANAGE, refusal, name)
            raise

    async def take_role(self, actor: Actor, name: str, gift: int) -> None:
        """End a gift; raises `UnknownAccount`, `UnknownGift`."""
        author = await self._author(actor)
        await self._change(author, name, lambda c, of: take_role(c, author, of, gift))

    async def give_os_name(self, actor: Actor, name: str, os_name: str) -> None:
        """Let a user of the operating system be this person; raises `NameTaken`, …."""
        author = await self._author(actor)
        await require_proof(self.door, actor, Verb.PEOPLE_MANAGE)
        await self._change(author, name, lambda c, to: give_os_name(c, author, to, os_name))

    async def take_os_name(self, actor: Actor, name: str, os_name: str) -> None:
        """Let a user of the operating system be nobody; raises `UnknownGift`, …."""
        author = await self._author(actor)
        await self._change(author, name, lambda c, of: take_os_name(c, author, of, os_name))

    async def _author(self, actor: Actor) -> Author:
        access = await self.door.access(actor, Verb.PEOPLE_MANAGE)
        return Author(access=access, user=actor.account.user)

    async def _change(
        self, author: Author, name: str, change: Callable[[Connection, UserRecord], _T]
    ) -> _T:
        def changed(connection: Connection) -> _T:
            return change(connection, user_named(connection, author.access.tenant, name))

        return await write(self.door.engine, changed)


def _require_another(connection: Connection, actor: Actor, to: UserRecord) -> None:
    """Neither the person itself gives it a role, nor whom it has made; root may."""
    account = actor.account
    if account.kind == "os" or not account.user:
        return
    behind = lineage(connection, account.tenant).behind(account.user)
    if to.row in behind | {account.user}:
        raise AnotherPersonNeeded("nobody gives itself a role")


def _person(connection: Connection, tenant: TenantId, name: str) -> Person:
    wanted = user_named(connection, tenant, name)
    return next(each for each in _everybody(connection, tenant) if each.name == wanted.name)


def _everybody(connection: Connection, tenant: TenantId) -> tuple[Person, ...]:
    known = users(connection, tenant)
    names = {each.row: each.name for each in known}
    given, mapped = gifts(connection, tenant), os_names(connection, tenant)
    signed_in = last_signed_in(connection, tenant)
    return tuple(
        replace(_told(each, names, given, mapped), signed_in_us=signed_in.get(each.row))
        for each in known
    )


def _told(
    user: UserRecord,
    names: dict[int, str],
    given: Iterable[GiftRecord],
    mapped: Iterable[OsNameRecord],
) -> Person:
    return Person(
        name=user.name,
        purpose=user.purpose,
        created_us=user.created_us,
        created_by=names.get(user.created_by or 0, ""),
        disabled_us=user.disabled_us,
        gifts=tuple(_gift(each, names) for each in given if each.user == user.row),
        os_names=tuple(each.name for each in mapped if each.user == user.row),
    )


def _gift(gift: GiftRecord, names: dict[int, str]) -> Gift:
    return Gift(
        number=gift.row,
        role=gift.role,
        reach=gift.reach,
        given_us=gift.given_us,
        given_by=names.get(gift.given_by or 0, ""),
    )
