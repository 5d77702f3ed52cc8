"""A register with people in it, and the use cases over it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine

from api.access.authorization import Door
from api.access.credentials import account_of_peer
from api.permissions.accounts import Account, Authority
from api.permissions.actor import Actor
from api.permissions.peers import Peer
from api.permissions.roles import Role
from api.permissions.verbs import Verb
from archive.access.reach import EVERYWHERE, WHOLE
from archive.catalog.accounts.given_roles import give_os_name, give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.checks.sealer import KeptSeals
from archive.catalog.database.engine import AsyncEngine, reading, writing
from archive.catalog.journal.entries import Entry
from archive.catalog.journal.sealed_rows import with_seals
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, author, new_catalog, same_catalog
from tests.archive.catalog.seals import sealed
from tests.told import all_told

ROOT = Actor(
    account=Account(
        tenant=DEFAULT_TENANT,
        name="os:root",
        kind="os",
        authority=Authority(own=frozenset({Verb.PEOPLE_MANAGE}), own_reach=EVERYWHERE),
    )
)


def service(*verbs: Verb, user: int = 0) -> Actor:
    """A service whose token somebody issued."""
    scopes = frozenset(verbs)
    return Actor(
        account=Account(
            tenant=DEFAULT_TENANT,
            name="service:crm",
            kind="service",
            authority=Authority(own=scopes, own_reach=EVERYWHERE, scopes=scopes),
            user=user,
        )
    )


@dataclass(kw_only=True)
class Registered:
    """A door over a register; its clock is the one that is set."""

    engine: Engine
    catalog: AsyncEngine
    seals: KeptSeals
    now_us: int = NOW_US

    @property
    def door(self) -> Door:
        """Decides as of now."""
        return Door(engine=self.catalog, clock_us=lambda: self.now_us)

    def person(self, name: str, *roles: Role, by: int = 0) -> Actor:
        """A new person with roles, who logs in by its own name; made by root unless told."""
        with writing(self.engine) as connection:
            add_user(connection, author(user=by), name)
            user = user_named(connection, DEFAULT_TENANT, name)
            for role in roles:
                give_role(connection, author(user=by), user, role, WHOLE)
            give_os_name(connection, author(user=by), user, name)
        return self.now(name)

    def now(self, name: str, uid: int = 1000) -> Actor:
        """Who logs in by that name, as it stands now."""
        with reading(self.engine) as connection:
            return Actor(account=account_of_peer(connection, Peer(uid, name)))

    def journal(self, *actions: str) -> list[Entry]:
        """The entries of these actions."""
        with reading(self.engine) as connection:
            found = all_told(connection)
        return [each.entry for each in found if each.entry.action in actions]


@asynccontextmanager
async def register(folder: Path) -> AsyncIterator[Registered]:
    """An empty register, as the part `api` opens it."""
    engine = new_catalog(folder)
    under, seals = sealed(engine, folder)
    catalog = same_catalog(engine)
    own = AsyncEngine(with_seals(catalog.engine, seals), catalog.threads)
    yield Registered(engine=under, catalog=own, seals=seals)
    await catalog.dispose()
    engine.dispose()
