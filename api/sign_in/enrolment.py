"""What a person sets of its own: a password, and an app for one-time passwords.

While it enrols, or later at its own page. Knows nothing of the web, nor of how somebody signs in.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from api.permissions.errors import OneTimeRefused, StageRefused
from api.sign_in.attempts import AttemptOrigin
from api.sign_in.one_time_passwords import address_for_app, new_app_secret, step_of
from api.sign_in.page_session import SignedIn
from api.sign_in.password_rules import require_password
from api.sign_in.sessions import author_of, present, require_stage
from api.sign_in.sign_in_key import SealBroken
from api.sign_in.steps import whose_app
from api.sign_in.terms import SignInGround, SignInStep
from archive.catalog.accounts.credentials import (
    CredentialKind,
    CredentialRecord,
    begin_credential,
    begun_credential,
    credential_of,
    prove_credential,
    set_credential,
    use_step,
)
from archive.catalog.accounts.persons import UserRecord
from archive.catalog.accounts.sessions import end_sessions, note_shown
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.database.engine import read, write
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolled:
    """What a person has, and whether an app may be left out here."""

    has_password: bool
    has_app: bool
    may_leave_app_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPassword:
    """The password that is to be, and the present one ("" where there is none)."""

    wanted: str = field(repr=False)
    present: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppOffer:
    """The secret for an app: as text to type, and as the address that a picture holds."""

    secret: str = field(repr=False)
    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The acts; each raises `StageRefused` at another step, and returns the step that follows."""

    ground: SignInGround

    async def state(self, who: SignedIn) -> Enrolled:
        """What the person has set."""
        require_stage(who, "enrol", "full")
        return await read(self.ground.engine, lambda c: _enrolled(c, who))

    async def set_password(
        self, who: SignedIn, wish: NewPassword, client: AttemptOrigin
    ) -> SignInStep:
        """Set a password; all other sessions of the person end. Who has one shows it first.

        Raises `PasswordRefused`, `SignInRefused`, `TooManyRequests`, `SignInBusy`.
        """
        require_stage(who, "enrol", "full")
        wanted = require_password(wish.wanted, who.name)
        if who.stage == "full":
            await self._require_present(who, wish.present, client)
        secret = await self.ground.hashing.hashed(wanted)

        def done(connection: Connection) -> SignInStep:
            user, author = self._own(connection, who, "password")
            set_credential(connection, author, user, "password", secret)
            end_sessions(connection, user.row, author.access.at_us, but=who.number)
            if who.stage == "enrol":
                note_shown(connection, who.number, author.access.at_us)
            return self._go_on(connection, who, client)

        return await write(self.ground.engine, done)

    async def begin_app(self, who: SignedIn, client: AttemptOrigin, password: str = "") -> AppOffer:
        """A secret for an app, in force when one of its passwords was typed.

        Who is signed in shows the present password first. Raises as `set_password`.
        """
        require_stage(who, "enrol", "full")
        if who.stage == "full":
            await self._require_present(who, password, client)
        secret = new_app_secret()

        def begun(connection: Connection) -> None:
            user, author = self._own(connection, who, "app")
            sealed = self.ground.terms.key.seal(secret.encode(), _begun_in(who, user))
            begin_credential(connection, author, user, "app", sealed)

        await write(self.ground.engine, begun)
        return AppOffer(secret=secret, address=address_for_app(secret, who.name))

    async def offered_app(self, who: SignedIn) -> AppOffer | None:
        """The secret that was begun in this very session; None where none was.

        Who has mistyped need not scan another one.
        """

        def begun(connection: Connection) -> AppOffer | None:
            _, user = present(connection, who)
            secret = self._begun_app(connection, who, user)[1]
            if not secret:
                return None
            return AppOffer(secret=secret, address=address_for_app(secret, who.name))

        return await read(self.ground.engine, begun)

    async def confirm_app(self, who: SignedIn, one_time: str, client: AttemptOrigin) -> SignInStep:
        """Put the app in force that was begun in this session; all others of the person end.

        Raises `OneTimeRefused`, `TooManyRequests`.
        """
        require_stage(who, "enrol", "full")
        taken = self.ground.admit(who.name, client)

        def done(connection: Connection) -> SignInStep:
            user, author = self._own(connection, who, "app")
            app, secret = self._begun_app(connection, who, user)
            step = step_of(secret, one_time, author.access.at_us) if secret else None
            if app is None or step is None:
                raise OneTimeRefused("the one-time password is wrong")
            sealed = self.ground.terms.key.seal(secret.encode(), whose_app(user))
            prove_credential(connection, author, user, replace(app, secret=sealed))
            end_sessions(connection, user.row, author.access.at_us, but=who.number)
            use_step(connection, app.row, step)
            return self._go_on(connection, who, client)

        step = await write(self.ground.engine, done)
        taken.give_back(self.ground.clock_us())
        return step

    async def leave_app_out(self, who: SignedIn, client: AttemptOrigin) -> SignInStep:
        """Sign in without an app where the installation is one person's."""
        require_stage(who, "enrol")

        def done(connection: Connection) -> SignInStep:
            self._own(connection, who, "app")
            has = _enrolled(connection, who)
            if not (has.has_password and has.may_leave_app_out):
                raise StageRefused("something has to be set first")
            return self.ground.go_on(connection, who, "full", "password", client)

        return await write(self.ground.engine, done)

    async def _require_present(self, who: SignedIn, password: str, client: AttemptOrigin) -> None:
        def kept(connection: Connection) -> CredentialRecord | None:
            _, user = present(connection, who)
            return credential_of(connection, user.row, "password")

        found = await read(self.ground.engine, kept)
        if found is not None:
            await self.ground.require_password(password, found.secret, who.name, client)

    def _own(
        self, connection: Connection, who: SignedIn, kind: CredentialKind
    ) -> tuple[UserRecord, Author]:
        """Whose session it is, and the same as who changes what is its own.

        Who enrols sets what is missing: what is in force is replaced by who is signed in alone.
        """
        _, user = present(connection, who)
        if who.stage == "enrol" and credential_of(connection, user.row, kind) is not None:
            raise StageRefused("it is set already")
        return user, author_of(user, self.ground.clock_us())

    def _begun_app(
        self, connection: Connection, who: SignedIn, user: UserRecord
    ) -> tuple[CredentialRecord | None, str]:
        """The app that was begun, and its secret: "" where that was in another session."""
        app = begun_credential(connection, user.row, "app")
        secret = ""
        if app is not None:
            with suppress(SealBroken):
                secret = self.ground.terms.key.open(app.secret, _begun_in(who, user)).decode()
        return app, secret

    def _go_on(self, connection: Connection, who: SignedIn, client: AttemptOrigin) -> SignInStep:
        """Full once all is there; else the same stage under another secret."""
        has = _enrolled(connection, who)
        if who.stage == "enrol" and has.has_password and has.has_app:
            return self.ground.go_on(connection, who, "full", "password and app", client)
        return self.ground.renew(connection, who, client)


def _begun_in(who: SignedIn, user: UserRecord) -> bytes:
    """What a sealed secret is bound to until it is in force: no other session opens it."""
    return whose_app(user) + f" begun in session {who.number}".encode()


def _enrolled(connection: Connection, who: SignedIn) -> Enrolled:
    row = present(connection, who)[1].row
    return Enrolled(
        has_password=credential_of(connection, row, "password") is not None,
        has_app=credential_of(connection, row, "app") is not None,
        may_leave_app_out=is_one_person_enough(connection, DEFAULT_TENANT),
    )
