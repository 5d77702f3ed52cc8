"""Sessions as the register keeps them: who is signed in, for how long, what was chosen meanwhile.

Knows nothing of cookies. What proves somebody is asked in `sign_in` and `enrolment`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Connection

from api.access.credentials import account_of_session, session_in_force
from api.permissions.errors import PurposeRefused, StageRefused
from api.permissions.verbs import Verb
from api.sign_in.page_session import SignedIn, Stage
from archive.access.purposes import DEFAULT_CODES, Purpose, PurposeUnknown
from archive.access.reach import WHOLE_TENANT
from archive.catalog.access.grants import Access
from archive.catalog.accounts.lineage import reset_until
from archive.catalog.accounts.persons import UserRecord, user_in
from archive.catalog.accounts.sessions import (
    SessionRecord,
    SessionTimes,
    note_arrival,
    note_session_use,
    replace_lost_secret,
    rotate_session,
    session_numbered,
    sessions_of,
    sign_out,
    state_purpose,
)
from archive.catalog.database.engine import AsyncEngine, read, write
from archive.catalog.journal.authors import Author
from archive.ids import DEFAULT_TENANT

ROTATES_EVERY_US: Final = 15 * 60 * 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSessions:
    """The acts; `clock_us` tells µs since 1970 UTC."""

    engine: AsyncEngine
    clock_us: Callable[[], int]
    purposes: frozenset[str] = field(default=frozenset(DEFAULT_CODES))

    async def signed_in_by(self, secret: str) -> SignedIn | None:
        """The session whose secret that is; None where none in force is.

        That it was used is kept, to the minute, and every 15 minutes its secret is another one;
        once more where the answer with that was lost.
        """
        now_us = self.clock_us()
        known = await self._known(secret, now_us)
        if known is None:
            return None
        found, times = known
        is_old = now_us - times.rotated_us >= ROTATES_EVERY_US
        if not (is_old or times.awaits_secret or times.is_use_due(now_us)):
            return found

        def used(connection: Connection) -> SignedIn:
            note_session_use(connection, found.number, secret, now_us)
            new = rotate_session(connection, found.number, secret, now_us) if is_old else ""
            new = new or replace_lost_secret(connection, found.number, secret, now_us)
            end_us = session_numbered(connection, found.number).times.end_us
            return replace(found, ends_us=end_us, renewed=new)

        return await write(self.engine, used)

    async def seen_by(self, secret: str) -> SignedIn | None:
        """The same for what a page asks by itself, which is no use."""
        known = await self._known(secret, self.clock_us())
        if known is None:
            return None
        found, times = known
        if times.awaits_secret:
            await write(self.engine, lambda c: note_arrival(c, found.number, secret))
        return found

    async def _known(self, secret: str, now_us: int) -> tuple[SignedIn, SessionTimes] | None:
        """The session in force, and its times, in one look: each page asks for it."""

        def found(connection: Connection) -> tuple[SignedIn, SessionTimes] | None:
            known = session_in_force(connection, secret, now_us)
            if known is None:
                return None
            signed_in = _signed_in(connection, *known)
            until_us = reset_until(connection, DEFAULT_TENANT, known[1].row, now_us)
            return replace(
                signed_in, reset_until_us=until_us, is_shown=known[0].times.is_shown(now_us)
            ), known[0].times

        return await read(self.engine, found)

    async def state_purpose(self, session: SignedIn, purpose: str) -> None:
        """Act for that purpose from now on, "": for one's own; raises `PurposeRefused`."""
        require_stage(session, "full")
        if purpose:
            _require_purpose(session, purpose, self.purposes)
        await write(self.engine, lambda c: state_purpose(c, session.number, purpose))

    async def sign_out(self, session: SignedIn) -> None:
        """End it."""
        await self.end(session, session.number)

    async def listed(self, session: SignedIn) -> tuple[SessionRecord, ...]:
        """All of the same person that are in force, latest first."""
        require_stage(session, "full")
        now_us = self.clock_us()

        def found(connection: Connection) -> tuple[SessionRecord, ...]:
            _, user = present(connection, session)
            return sessions_of(connection, user.row, now_us)

        return await read(self.engine, found)

    async def end(self, session: SignedIn, number: int) -> None:
        """End one of the same person, also this one; raises `UnknownSession`."""

        def ended(connection: Connection) -> None:
            user = user_in(connection, session_numbered(connection, session.number).user)
            sign_out(connection, author_of(user, self.clock_us()), user, number)

        await write(self.engine, ended)

    async def end_others(self, session: SignedIn) -> None:
        """End all of the same person but this one."""
        require_stage(session, "full")
        now_us = self.clock_us()

        def ended(connection: Connection) -> None:
            _, user = present(connection, session)
            for each in sessions_of(connection, user.row, now_us):
                if each.row != session.number:
                    sign_out(connection, author_of(user, now_us), user, each.row)

        await write(self.engine, ended)


def require_stage(session: SignedIn, *stages: Stage) -> None:
    """Raise `StageRefused` unless the session has come so far, and no farther."""
    if session.stage not in stages:
        raise StageRefused("the session is at another step")


def end_held(connection: Connection, secret: str, now_us: int) -> None:
    """End the session that a browser holds and is about to forget for another one."""
    found = session_in_force(connection, secret, now_us) if secret else None
    if found is not None:
        session, user = found
        sign_out(connection, author_of(user, now_us), user, session.row)


def present(connection: Connection, session: SignedIn) -> tuple[SessionRecord, UserRecord]:
    """The session as it is now, and whose; raises `StageRefused` where it was ended meanwhile."""
    record = session_numbered(connection, session.number)
    if record.times.ended_us is not None:
        raise StageRefused("the session is over")
    return record, user_in(connection, record.user)


def author_of(user: UserRecord, now_us: int) -> Author:
    """A person who changes what is its own."""
    access = Access(tenant=DEFAULT_TENANT, actor=user.name, at_us=now_us, within=WHOLE_TENANT)
    return Author(access=access, user=user.row)


def _signed_in(connection: Connection, session: SessionRecord, user: UserRecord) -> SignedIn:
    return SignedIn(
        number=session.row,
        account=account_of_session(connection, session, user),
        stage=session.stage,
        form_key=session.form_key.hex(),
        ends_us=session.times.end_us,
        purpose=session.purpose,
        name=user.name,
    )


def _require_purpose(session: SignedIn, stated: str, codes: frozenset[str]) -> None:
    assert session.account is not None
    try:
        purpose = Purpose.parse(stated, codes)
    except PurposeUnknown as unknown:
        raise PurposeRefused("no such purpose") from unknown
    if purpose.kind != "code" and Verb.CASE not in session.account.authority.verbs:
        raise PurposeRefused("cases and matters are not for these roles")
