"""A browser whose person and session are in the register, as they are after signing in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2
from sqlalchemy import Engine

from api.permissions.roles import Role
from api.web.pages.cookies import SESSION
from archive.access.reach import WHOLE
from archive.catalog.accounts.given_roles import give_role
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.accounts.sessions import (
    Lifetime,
    begin_session,
    note_shown,
    session_numbered,
    state_purpose,
    tell_signed_in,
)
from archive.catalog.database.engine import reading, writing
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Entry
from archive.ids import DEFAULT_TENANT
from tests.api.web.pages.browser import FORM, Browser, browser
from tests.archive.catalog.examples import MINUTE_US, NOW_US, access
from tests.told import all_told

# As the answers of the server set it.
HOST = "127.0.0.1"
LIFETIME = Lifetime(idle_us=30 * MINUTE_US, expires_us=NOW_US + 600 * MINUTE_US)


@dataclass(frozen=True, kw_only=True)
class RealSession:
    """A session of a person: what its browser holds, and the key of its forms."""

    number: int
    secret: str
    key: str


@dataclass(kw_only=True)
class RealBrowser:
    """What a person has before it, and what lies behind."""

    page: Browser
    session: RealSession

    @property
    def engine(self) -> Engine:
        """The catalog."""
        return self.page.engine

    async def see(self, path: str) -> httpx2.Response:
        """Open a page."""
        return await self.page.see(path)

    async def send(self, path: str, fields: dict[str, str | list[str]]) -> httpx2.Response:
        """Send a form as a page of ours does."""
        sent = {"form_key": self.session.key, **fields}
        return await self.page.client.post(path, data=sent, headers=FORM)

    def hold(self, session: RealSession) -> None:
        """Go on with another session."""
        self.session = session
        self.page.client.cookies.set(SESSION, session.secret, HOST)

    def journal(self, *actions: str) -> list[Entry]:
        """The entries of these actions."""
        with reading(self.engine) as connection:
            found = all_told(connection)
        return [each.entry for each in found if each.entry.action in actions]


def new_person(engine: Engine, name: str, *roles: Role, by: int = 0) -> int:
    """A person with these roles, made by root unless told; its row."""
    author = Author(access=access(), user=by)
    with writing(engine) as connection:
        row = add_user(connection, author, name)
        user = user_named(connection, DEFAULT_TENANT, name)
        for role in roles:
            give_role(connection, author, user, role, WHOLE)
    return row


def new_session(
    engine: Engine, name: str, purpose: str = "technical", *, has_shown: bool = True
) -> RealSession:
    """A person signs in; or did so long ago."""
    with writing(engine) as connection:
        user = user_named(connection, DEFAULT_TENANT, name)
        author = Author(access=access(), user=user.row)
        row, secret = begin_session(connection, author, user, "full", LIFETIME)
        note_shown(connection, row, author.access.at_us if has_shown else None)
        state_purpose(connection, row, purpose)
        tell_signed_in(connection, author, user, row, "password and app")
        key = session_numbered(connection, row).form_key.hex()
    return RealSession(number=row, secret=secret, key=key)


@asynccontextmanager
async def real_browser(
    folder: Path, *roles: Role, language: str = "en", name: str = "yamada"
) -> AsyncIterator[RealBrowser]:
    """A person with these roles (none unless said), signed in."""
    async with browser(folder, signed_in=False, language=language) as page:
        new_person(page.engine, name, *roles)
        session = new_session(page.engine, name)
        page.client.cookies.set(SESSION, session.secret, HOST)
        yield RealBrowser(page=page, session=session)
