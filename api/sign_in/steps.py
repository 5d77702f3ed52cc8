"""The steps of signing in: by a code, by name and password, by a one-time password; and out again.

Knows nothing of the web. What a person sets of its own is `enrolment`; the contract is
`docs/signing-in.md`.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import Connection

from api.permissions.errors import CodeRefused, OneTimeRefused, SignInRefused
from api.sign_in.attempts import AttemptOrigin
from api.sign_in.first_administrator import make_first, may_be_first, may_be_welcomed
from api.sign_in.one_time_passwords import step_of
from api.sign_in.page_session import SignedIn, Stage
from api.sign_in.sessions import end_held, present, require_stage
from api.sign_in.sign_in_key import SealBroken
from api.sign_in.terms import MAX_PERSONS, SignInGround, SignInStep, nobody_s
from archive.catalog.accounts.credentials import credential_of, has_credential, use_step
from archive.catalog.accounts.persons import (
    UnknownAccount,
    UserRecord,
    is_name,
    user_in,
    user_named,
)
from archive.catalog.accounts.sessions import end_session, note_shown
from archive.catalog.accounts.sign_in_codes import CodeRecord, code_of, use_code
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.database.engine import read, write
from archive.ids import DEFAULT_TENANT

log = structlog.get_logger("api.sign_in")

# Of one session of the second step; then the password is asked for again.
WRONG_ONE_TIMES: Final = 5
_NOBODY: Final = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeSeen:
    """Whose a code is ("": of the first administrator, who has yet to choose a name), and what it
    begins.
    """

    name: str
    stage: Stage


@dataclass(frozen=True, slots=True)
class SignIn:
    """The acts; each raises `TooManyRequests` where too many of them have failed."""

    ground: SignInGround
    _wrong: Counter[int] = field(default_factory=Counter)

    async def look_at(self, code: str) -> CodeSeen:
        """What a code is for; it is not used up by that. Raises `CodeRefused`."""

        def seen(connection: Connection) -> CodeSeen:
            found = self._usable(connection, code)
            name = "" if found.user is None else user_in(connection, found.user).name
            return CodeSeen(name=name, stage=found.stage)

        # Nothing is counted: a page elsewhere could have a browser look, and lock its address out.
        return await read(self.ground.engine, seen)

    async def with_code(
        self, code: str, client: AttemptOrigin, name: str = "", before: str = ""
    ) -> SignInStep:
        """Use a code up; of the first administrator's, `name` is what it wants to be called.

        `before` is the secret of the session that the browser holds, which ends.

        Raises `CodeRefused`, `NameRefused`, `NameTaken`.
        """

        def used(connection: Connection) -> SignInStep:
            found = self._usable(connection, code)
            now_us = self.ground.clock_us()
            if not use_code(connection, found.row, now_us):
                raise CodeRefused("somebody was faster")
            if found.user is None:
                user = make_first(connection, nobody_s(now_us), name)
            else:
                user = user_in(connection, found.user)
            end_held(connection, before, now_us)
            return self.ground.begin(connection, user, found.stage, "code", client)

        taken = self.ground.attempts.admit_address(client)
        try:
            step = await write(self.ground.engine, used)
        except CodeRefused:
            self.ground.alarms.authentication_failed("code")
            raise
        taken.give_back(self.ground.clock_us())
        return step

    async def with_password(
        self, name: str, password: str, client: AttemptOrigin, before: str = ""
    ) -> SignInStep:
        """The first step of who has a password; `before` as for a code.

        Raises `SignInRefused` whichever of the two is wrong, `SignInBusy`.
        """
        named = _as_kept(name)
        kept = await read(self.ground.engine, lambda c: _kept(c, named))
        await self.ground.require_password(password, kept, named, client)

        def begun(connection: Connection) -> SignInStep:
            # It may have been taken away while it was being worked out.
            if _kept(connection, named) != kept:
                raise SignInRefused("the password was changed")
            user = user_named(connection, DEFAULT_TENANT, named)
            stage = _after_password(connection, user)
            end_held(connection, before, self.ground.clock_us())
            return self.ground.begin(connection, user, stage, "password", client)

        return await write(self.ground.engine, begun)

    async def with_one_time(
        self, who: SignedIn, one_time: str, client: AttemptOrigin
    ) -> SignInStep:
        """The second step; raises `OneTimeRefused`, `StageRefused`.

        The session is over when five were wrong.
        """
        require_stage(who, "second")
        taken = self.ground.admit(who.name, client)

        def checked(connection: Connection) -> SignInStep | None:
            _, user = present(connection, who)
            if not uses_app(self.ground, connection, user, one_time):
                return None
            return self.ground.go_on(connection, who, "full", "password and app", client)

        step = await write(self.ground.engine, checked)
        if step is None:
            self.ground.alarms.authentication_failed("one_time")
            await self._count_wrong(who)
            raise OneTimeRefused("the one-time password is wrong")
        taken.give_back(self.ground.clock_us())
        self._wrong.pop(who.number, None)
        return step

    async def show_again(
        self, who: SignedIn, password: str, one_time: str, client: AttemptOrigin
    ) -> None:
        """Show in a session what the person signs in by: for what outlasts the session.

        Raises `SignInRefused`, `OneTimeRefused`, `SignInBusy`, `StageRefused`.
        """
        require_stage(who, "full")
        kept = await read(self.ground.engine, lambda c: _kept(c, who.name))
        await self.ground.require_password(password, kept, who.name, client)
        taken = self.ground.admit(who.name, client)

        def shown(connection: Connection) -> bool:
            session, user = present(connection, who)
            if _kept(connection, who.name) != kept:
                raise SignInRefused("the password was changed")
            has_app = credential_of(connection, user.row, "app") is not None
            if has_app and not uses_app(self.ground, connection, user, one_time):
                return False
            note_shown(connection, session.row, self.ground.clock_us())
            return True

        if not await write(self.ground.engine, shown):
            self.ground.alarms.authentication_failed("one_time")
            await self.ground.write_failed(who.name)
            raise OneTimeRefused("the one-time password is wrong")
        taken.give_back(self.ground.clock_us())

    async def _count_wrong(self, who: SignedIn) -> None:
        row, now_us = who.number, self.ground.clock_us()
        if len(self._wrong) > MAX_PERSONS:
            self._wrong.clear()
        self._wrong[row] += 1
        if self._wrong[row] >= WRONG_ONE_TIMES:
            await write(self.ground.engine, lambda c: end_session(c, row, now_us))
            del self._wrong[row]
        await self.ground.write_failed(who.name)

    def _usable(self, connection: Connection, code: str) -> CodeRecord:
        found = code_of(connection, code)
        if found is None or not found.is_in_force(self.ground.clock_us()):
            raise CodeRefused("no code in force")
        if not _is_wanted(connection, found):
            raise CodeRefused("the code is not for what there is now")
        return found


def uses_app(ground: SignInGround, connection: Connection, user: UserRecord, one_time: str) -> bool:
    """Whether it is a one-time password of the person's app, which is used up by that."""
    app = credential_of(connection, user.row, "app")
    if app is None:
        return False
    try:
        secret = ground.terms.key.open(app.secret, whose_app(user)).decode()
    except SealBroken:
        log.error("an app was sealed under another key", user=user.row)
        return False
    step = step_of(secret, one_time, ground.clock_us())
    return step is not None and use_step(connection, app.row, step)


def whose_app(user: UserRecord) -> bytes:
    """What the sealed secret of an app in force is bound to."""
    return DEFAULT_TENANT.raw + f" app of user {user.row}".encode()


def _is_wanted(connection: Connection, code: CodeRecord) -> bool:
    if code.user is None:
        return may_be_first(connection, code)
    user = user_in(connection, code.user)
    if code.stage == "full":
        return may_be_welcomed(connection, user)
    return user.disabled_us is None and not has_credential(connection, user.row)


def _after_password(connection: Connection, user: UserRecord) -> Stage:
    if credential_of(connection, user.row, "app") is not None:
        return "second"
    return "full" if is_one_person_enough(connection, DEFAULT_TENANT) else "enrol"


def _as_kept(name: str) -> str:
    """The name as accounts have it; "" for what none can have."""
    typed = name.strip().lower()
    return typed if is_name(typed) else _NOBODY


def _kept(connection: Connection, name: str) -> bytes | None:
    """What the password of an enabled person is checked against."""
    try:
        user = user_named(connection, DEFAULT_TENANT, name)
    except UnknownAccount:
        return None
    found = credential_of(connection, user.row, "password")
    return None if found is None or user.disabled_us is not None else found.secret
