"""Persons who sign in, at a clock that is set by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pyotp

from api.access.access_alarms import Alarms
from api.people.sign_in_codes import SignInCodes
from api.permissions.roles import Role
from api.sign_in.attempts import AttemptOrigin
from api.sign_in.enrolment import Enrolment, NewPassword
from api.sign_in.page_session import SignedIn
from api.sign_in.sessions import KeptSessions
from api.sign_in.steps import SignIn
from api.sign_in.terms import SignInGround, SignInStep
from archive.catalog.accounts.persons import user_named
from archive.catalog.accounts.sessions import SessionRecord, session_numbered
from archive.catalog.accounts.sign_in_codes import make_code
from archive.catalog.accounts.single_person import declare_one_person, end_one_person
from archive.catalog.database.engine import read, writing
from archive.ids import DEFAULT_TENANT
from tests.api.register import Registered, register
from tests.api.sign_in_terms import TERMS
from tests.archive.catalog.examples import author

PASSWORD = "correct horse battery"  # noqa: S105  # everybody's
WRONG = "wrong horse battery"
HOME = AttemptOrigin(address="192.0.2.1")
STEP_US = 30_000_000


@dataclass(kw_only=True)
class Signing:
    """The use cases over a register."""

    it: Registered
    ground: SignInGround

    def __post_init__(self) -> None:
        self.sign_in = SignIn(self.ground)
        self.enrolment = Enrolment(self.ground)
        self.sessions = KeptSessions(engine=self.it.catalog, clock_us=self.ground.clock_us)
        self.codes = SignInCodes(self.it.door)

    def later(self, us: int) -> None:
        """Let time pass."""
        self.it.now_us += us

    def code(self, name: str) -> str:
        """A sign-in code that root has made."""
        with writing(self.it.engine) as connection:
            user = user_named(connection, DEFAULT_TENANT, name)
            return make_code(connection, author(at_us=self.it.now_us), user)

    def one_person(self) -> None:
        """Declare the installation one person's."""
        with writing(self.it.engine) as connection:
            declare_one_person(connection, author(), None)

    def two_persons(self) -> None:
        """End that."""
        with writing(self.it.engine) as connection:
            end_one_person(connection, author())

    async def who(self, step: SignInStep) -> SignedIn:
        """Whose session a step has begun."""
        found = await self.sessions.signed_in_by(step.secret)
        assert found is not None
        return found

    async def enrol(self, name: str, *roles: Role) -> tuple[SignInStep, pyotp.TOTP]:
        """A new person that has set a password and an app: its full session, and the app."""
        self.it.person(name, *roles)
        step = await self.sign_in.with_code(self.code(name), HOME)
        return await self.set_both(step)

    async def record(self, who: SignedIn) -> SessionRecord:
        """What is kept of a session."""
        return await read(self.it.catalog, lambda c: session_numbered(c, who.number))

    async def set_both(self, step: SignInStep) -> tuple[SignInStep, pyotp.TOTP]:
        """Set a password and an app."""
        wish = NewPassword(wanted=PASSWORD)
        step = await self.enrolment.set_password(await self.who(step), wish, HOME)
        offer = await self.enrolment.begin_app(await self.who(step), HOME)
        app = pyotp.TOTP(offer.secret)
        who = await self.who(step)
        step = await self.enrolment.confirm_app(who, self.typed(app), HOME)
        # The step is used up.
        self.later(STEP_US)
        return step, app

    def typed(self, app: pyotp.TOTP, steps: int = 0) -> str:
        """What the app shows, or will have shown so many steps later."""
        return str(app.at(self.it.now_us // 1_000_000 + 30 * steps))

    async def signed_in(
        self, name: str, app: pyotp.TOTP, client: AttemptOrigin = HOME
    ) -> SignInStep:
        """Both steps."""
        step = await self.sign_in.with_password(name, PASSWORD, client)
        step = await self.sign_in.with_one_time(await self.who(step), self.typed(app), client)
        self.later(STEP_US)
        return step


@asynccontextmanager
async def signing(folder: Path) -> AsyncIterator[Signing]:
    """With nobody registered."""
    async with register(folder) as it:
        yield Signing(it=it, ground=SignInGround.of(it.catalog, lambda: it.now_us, TERMS, Alarms()))
