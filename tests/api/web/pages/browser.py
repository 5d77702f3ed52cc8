"""A browser without a screen over the pages; as whom it is signed in is said, not done."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx2
from sqlalchemy import Engine

from api.health.seen import Seen
from api.locate.column_keeper import ColumnKeeper
from api.operation.job_runner import JobRunner
from api.permissions.accounts import Account
from api.permissions.roles import Role
from api.services import Application, DaemonClients, Place
from api.sign_in.page_session import SignedIn
from api.web.app import create_app
from api.web.pages.cookies import SESSION
from api.words.texts import Words, in_english
from archive.catalog.accounts.sessions import SessionRecord
from archive.certificates.folder import CertificateFolder
from archive.ids import DEFAULT_TENANT
from tests.api.actors import person
from tests.api.clock_keys import MemoryClockKeys
from tests.api.examples import (
    LIMITS,
    SOUND,
    MemoryNode,
    MemoryRendering,
    MemorySource,
    column_keeper,
    small_archive,
)
from tests.api.sign_in_terms import TERMS
from tests.archive.catalog.examples import MINUTE_US, NOW_US, same_catalog
from tests.archive.hold_clients import MemoryClient
from tests.support.services import NobodyThere, services

ORIGIN = "http://127.0.0.1:8080"
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN}
KEY = "the-key-of-the-forms-of-this-session"
SECRET = "what-the-browser-holds"  # noqa: S105  # of no session that there is

NOTHING_SEEN = Seen(at_us=0)


@dataclass
class SaidSessions:
    """One session, as whom a test says it is; what is done to it is kept."""

    account: Account | None
    purpose: str = "technical"
    stage: Any = "full"
    done: list[str] = field(default_factory=list)

    async def signed_in_by(self, secret: str) -> SignedIn | None:
        """The one session by its one secret."""
        if secret != SECRET:
            return None
        return SignedIn(
            number=1,
            account=self.account,
            stage=self.stage,
            form_key=KEY,
            ends_us=NOW_US + 30 * MINUTE_US,
            purpose=self.purpose,
        )

    async def seen_by(self, secret: str) -> SignedIn | None:
        """The same."""
        return await self.signed_in_by(secret)

    async def state_purpose(self, _session: SignedIn, purpose: str) -> None:
        """Keep it."""
        self.purpose = purpose

    async def listed(self, _session: SignedIn) -> tuple[SessionRecord, ...]:
        """None is in the register."""
        return ()

    async def end(self, _session: SignedIn, number: int) -> None:
        """Keep that it was asked for."""
        self.done.append(f"ended {number}")

    async def end_others(self, _session: SignedIn) -> None:
        """Keep that it was asked for."""
        self.done.append("ended the others")

    async def sign_out(self, _session: SignedIn) -> None:
        """Keep that it was asked for."""
        self.done.append("signed out")


@dataclass
class Browser:
    """What a person has before it, and what lies behind."""

    client: httpx2.AsyncClient
    engine: Engine
    sessions: SaidSessions
    node: MemoryNode
    source: MemorySource
    runner: JobRunner
    key_client: MemoryClient
    clock_keys: MemoryClockKeys
    keeper: ColumnKeeper

    def make_columns(self) -> None:
        """All of what is ranked."""
        while self.keeper.step():
            pass

    async def see(self, path: str, **headers: str) -> httpx2.Response:
        """Open a page."""
        return await self.client.get(path, headers=headers)

    async def send(self, path: str, fields: dict[str, str], **headers: str) -> httpx2.Response:
        """Send a form as a page of ours does."""
        sent = {"form_key": KEY, **fields}
        origin = str(self.client.base_url).rstrip("/")
        return await self.client.post(
            path, data=sent, headers={**FORM, "Origin": origin, **headers}
        )

    async def fill_in(self, at: str, to: str, fields: dict[str, str]) -> httpx2.Response:
        """Open a page and send its form, with the key that stands in it."""
        key = key_in(await self.see(at))
        return await self.send(to, {"form_key": key, **fields})


@asynccontextmanager
async def browser(  # noqa: PLR0913  # all but the first are named
    folder: Path,
    *roles: Role,
    language: str = "en",
    words: Words = in_english,
    signed_in: bool = True,
    origin: str = ORIGIN,
    address: str = "127.0.0.1",
    seen: Seen = NOTHING_SEEN,
) -> AsyncIterator[Browser]:
    """A person with these roles (every one unless said) before the pages of a small archive.

    Who is not signed in may sign in: then nothing is said, and all is done.
    """
    engine = small_archive(folder)
    catalog = same_catalog(engine)
    node, source = MemoryNode(), MemorySource(MemoryRendering(SOUND, None))
    key_client, clock_keys = MemoryClient(), MemoryClockKeys()
    keeper = column_keeper(catalog.engine, folder)
    needs = services(
        engine=catalog,
        audio=source,
        clock_us=lambda: NOW_US,
        node=node,
        sign_in=TERMS,
        limits=LIMITS,
        place=Place(
            country="JP", zone="Asia/Tokyo", hosts=frozenset({"rokuon.example"}), local_browser=True
        ),
        keys=key_client,
        daemon=DaemonClients(NobodyThere(), clock_keys),
        certificates=CertificateFolder(folder),
        keepers={DEFAULT_TENANT: keeper},
        words=words,
        look=lambda: seen,
    )
    sessions = SaidSessions(person(*(roles or tuple(Role))))
    app = create_app(needs)
    application: Application = app.state.application
    if signed_in:
        app.state.application = replace(application, sessions=sessions)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app=app, client=(address, 50_000)),
        base_url=origin,
        headers={"Accept-Language": language},
        cookies={SESSION: SECRET} if signed_in else {},
    ) as client:
        yield Browser(
            client,
            engine,
            sessions,
            node,
            source,
            application.runner,
            key_client,
            clock_keys,
            keeper,
        )
    await catalog.dispose()
    engine.dispose()


def key_in(page: httpx2.Response) -> str:
    """The key of the forms of a page."""
    found = re.search(r'name="form_key" value="([^"]+)"', page.text)
    assert found is not None, page.text
    return found[1]


def text_of(page: httpx2.Response) -> str:
    """What is read on a page, without its markup."""
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", page.text, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))
