"""What signing in is made of: key, lifetimes, hashes, limits; and the step that a session takes.

Knows nothing of what is asked at which step.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Self

from sqlalchemy import Connection

from api.access.access_alarms import Alarms
from api.permissions.errors import SignInBusy, SignInRefused
from api.sign_in.attempts import AttemptOrigin, Attempts, Browsers, Taken
from api.sign_in.page_session import SignedIn, Stage
from api.sign_in.password_hashes import Cost, Hashing
from api.sign_in.password_rules import LONGEST, normalized
from api.sign_in.sessions import author_of, present
from api.sign_in.sign_in_key import SignInKey
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.accounts.persons import UserRecord, users
from archive.catalog.accounts.sessions import (
    Lifetime,
    SignedInBy,
    begin_session,
    end_session,
    note_shown,
    state_purpose,
    tell_signed_in,
)
from archive.catalog.database.engine import AsyncEngine, write
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.tables.tenants import touch
from archive.ids import DEFAULT_TENANT

_MINUTE_US: Final = 60_000_000
_HOUR_US: Final = 60 * _MINUTE_US
# How long somebody may take for the steps of signing in.
STEPS_US: Final = 30 * _MINUTE_US
# By whom an entry is where nobody has proved to be somebody.
NOBODY_PROVED: Final = "rokuon"
MAX_PERSONS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTerms:
    """What an installation says of it: its key, how long sessions live, what a hash costs."""

    key: SignInKey
    idle_us: int = 30 * _MINUTE_US
    longest_us: int = 12 * _HOUR_US
    cost: Cost = field(default_factory=Cost)

    def lifetime(self, stage: Stage, now_us: int) -> Lifetime:
        """Of a session that begins now."""
        longest_us = self.longest_us if stage == "full" else min(STEPS_US, self.longest_us)
        return Lifetime(idle_us=self.idle_us, expires_us=now_us + longest_us)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInStep:
    """A step that was taken: the secret of the session that has begun by it, and its stage.

    `browser` is what the browser's own cookie is to be from now on; "" where it has none.
    """

    secret: str = field(repr=False)
    stage: Stage
    browser: str = field(default="", repr=False)


@dataclass(slots=True)
class FailureCounts:
    """How often signing in has failed for each person and is not in the journal yet."""

    _by_name: OrderedDict[str, tuple[int, int]] = field(default_factory=OrderedDict)

    def count(self, name: str, now_us: int) -> int:
        """One more: how many are to be written now, 0 while it is not a minute since the last."""
        waiting, written_us = self._by_name.pop(name, (0, now_us - _MINUTE_US))
        is_due = now_us - written_us >= _MINUTE_US
        self._by_name[name] = (0, now_us) if is_due else (waiting + 1, written_us)
        while len(self._by_name) > MAX_PERSONS:
            self._by_name.popitem(last=False)
        return waiting + 1 if is_due else 0

    def left(self, name: str) -> int:
        """How many have not been written, once the person has signed in."""
        return self._by_name.pop(name, (0, 0))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInGround:
    """What the use cases of signing in share."""

    engine: AsyncEngine
    clock_us: Callable[[], int]
    terms: SignInTerms
    hashing: Hashing
    attempts: Attempts
    alarms: Alarms
    failures: FailureCounts = field(default_factory=FailureCounts)

    @classmethod
    def of(
        cls,
        engine: AsyncEngine,
        clock_us: Callable[[], int],
        terms: SignInTerms,
        alarms: Alarms,
    ) -> Self:
        """With nothing tried yet."""
        return cls(
            engine=engine,
            clock_us=clock_us,
            terms=terms,
            hashing=Hashing(terms.cost),
            attempts=Attempts(browsers=Browsers(terms.key), clock_us=clock_us),
            alarms=alarms,
        )

    async def require_password(
        self, password: str, kept: bytes | None, name: str, client: AttemptOrigin
    ) -> None:
        """Check a password, which costs the same where there is none to check it against.

        Raises `SignInRefused`, `TooManyRequests`, `SignInBusy`.
        """
        taken = self.attempts.admit(name, client)
        try:
            # What is longer is no password, and no more of it is looked at.
            wanted = normalized(password[: LONGEST + 1])
            is_right = await self.hashing.is_right(wanted, kept)
        except SignInBusy:
            taken.give_back(self.clock_us())
            raise
        if not is_right:
            self.alarms.authentication_failed("password")
            await self.write_failed(name)
            raise SignInRefused("name or password is wrong")
        taken.give_back(self.clock_us())

    def admit(self, name: str, client: AttemptOrigin) -> Taken:
        """Count an attempt before it is looked at; raises `TooManyRequests`."""
        return self.attempts.admit(name, client)

    async def write_failed(self, name: str) -> None:
        """Put what failed into the journal, at most once a minute; of names that exist alone."""
        count = self.failures.count(name, self.clock_us())
        if count:
            await write(self.engine, lambda c: self._tell_failed(c, name, count))

    def begin(
        self,
        connection: Connection,
        of: UserRecord,
        stage: Stage,
        by: SignedInBy,
        client: AttemptOrigin,
    ) -> SignInStep:
        """Begin a session; where it is full, that is written, and the browser known from then.

        By what it begins was shown now; a code is nothing that a person keeps.
        """
        number, step = self._begun(connection, of, stage, by, client)
        note_shown(connection, number, None if by == "code" else self.clock_us())
        return step

    def go_on(
        self,
        connection: Connection,
        who: SignedIn,
        stage: Stage,
        by: SignedInBy,
        client: AttemptOrigin,
    ) -> SignInStep:
        """End the session of a step that is done, and begin the next one."""
        before, user = present(connection, who)
        end_session(connection, who.number, self.clock_us())
        number, step = self._begun(connection, user, stage, by, client)
        note_shown(connection, number, before.times.shown_us)
        return step

    def _begun(
        self,
        connection: Connection,
        of: UserRecord,
        stage: Stage,
        by: SignedInBy,
        client: AttemptOrigin,
    ) -> tuple[int, SignInStep]:
        now_us = self.clock_us()
        author = author_of(of, now_us)
        lifetime = self.terms.lifetime(stage, now_us)
        row, secret = begin_session(connection, author, of, stage, lifetime)
        if stage != "full":
            return row, SignInStep(secret=secret, stage=stage, browser=client.browser)
        left = self.failures.left(of.name)
        if left:
            self._tell_failed(connection, of.name, left)
        tell_signed_in(connection, author, of, row, by)
        browser = self.attempts.browsers.with_person(client.browser, of.name)
        return row, SignInStep(secret=secret, stage=stage, browser=browser)

    def renew(self, connection: Connection, who: SignedIn, client: AttemptOrigin) -> SignInStep:
        """The same session with another secret and another number; it ends when it would have."""
        session, user = present(connection, who)
        now_us = self.clock_us()
        end_session(connection, who.number, now_us)
        author, times = author_of(user, now_us), session.times
        lifetime = Lifetime(idle_us=times.idle_us, expires_us=times.expires_us)
        row, secret = begin_session(connection, author, user, session.stage, lifetime)
        state_purpose(connection, row, session.purpose)
        note_shown(connection, row, times.shown_us)
        return SignInStep(secret=secret, stage=session.stage, browser=client.browser)

    def _tell_failed(self, connection: Connection, name: str, count: int) -> None:
        if name in {each.name for each in users(connection, DEFAULT_TENANT)}:
            entry = nobody_s(self.clock_us()).entry("sign_in_failed", name, {"count": count})
            append(connection, entry)
        else:
            touch(connection, DEFAULT_TENANT)


def nobody_s(now_us: int) -> Author:
    """Who writes where nobody has proved to be somebody."""
    access = Access(tenant=DEFAULT_TENANT, actor=NOBODY_PROVED, at_us=now_us, within=WHOLE_TENANT)
    return Author(access=access)
