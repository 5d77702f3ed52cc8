"""Sessions of persons at pages: a secret kept as a digest, a stage, what was chosen, its times.

Who signs in and out is in the journal in the same transaction. Knows nothing of cookies, nor of how
long a session may be left alone.
"""

from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, or_, select

from archive.catalog.accounts.persons import NotRegistered, UserRecord
from archive.catalog.accounts.secrets import SESSION_BYTES, digest_of, new_secret
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.journal.sealed_rows import (
    believed,
    insert_row,
    note_rows,
    require_believed,
    update_rows,
)
from archive.catalog.tables.catalog import session
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId

Stage = Literal["enrol", "second", "full"]
# What a session was made full by.
SignedInBy = Literal["code", "password", "password and app"]
# Nobody needs to know the last use better, and a write for each request costs one.
USE_NOTED_EVERY_US: Final = 60_000_000
# Long enough to fill in a form; a page that was left open is no proof.
SHOWN_COUNTS_US: Final = 5 * 60_000_000
# Requests that were under way with the secret before; so long an answer with the next may take.
FORMER_COUNTS_US: Final = 60_000_000


# `SessionTimes.awaits_secret`, of those that have a former secret.
_AWAITS_SECRET: Final = session.c.used_us == session.c.rotated_us


class UnknownSession(NotRegistered):
    """The person has no such session in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a session lives: unused, and at the latest until when."""

    idle_us: int
    expires_us: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTimes:
    """When a session began, had its secret changed, was used; when it ends, or was ended.

    Unused it ends after `idle_us`, at the latest at `expires_us`. While `used_us` is `rotated_us`,
    nobody has come with the secret of then: the answer that carried it may be lost. When somebody
    has, `rotated_us` is before `used_us`, by 1 µs at least. `shown_us` is when the person
    last showed in it what it signs in by; None: never.
    """

    began_us: int
    rotated_us: int
    used_us: int
    idle_us: int
    expires_us: int
    ended_us: int | None
    shown_us: int | None = None

    @property
    def end_us(self) -> int:
        """When it ends if nobody uses it any more."""
        ends_us = min(self.expires_us, self.used_us + self.idle_us)
        return ends_us if self.ended_us is None else min(ends_us, self.ended_us)

    @property
    def awaits_secret(self) -> bool:
        """Whether nobody has come yet with the secret that took another one's place."""
        return self.used_us == self.rotated_us != self.began_us

    def is_shown(self, now_us: int) -> bool:
        """Whether the person has just shown what it signs in by; a clock that went back shows
        nothing.
        """
        return self.shown_us is not None and 0 <= now_us - self.shown_us < SHOWN_COUNTS_US

    def is_use_due(self, now_us: int) -> bool:
        """Whether the last use that is kept is a minute ago."""
        return self.used_us <= now_us - USE_NOTED_EVERY_US


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    row: int
    user: int
    stage: Stage
    form_key: bytes
    purpose: str
    times: SessionTimes


def begin_session(
    connection: Connection, author: Author, of: UserRecord, stage: Stage, lifetime: Lifetime
) -> tuple[int, str]:
    """Begin one; its number, and its secret, which is kept nowhere."""
    secret, now_us = new_secret(SESSION_BYTES), author.access.at_us
    row = insert_row(
        connection,
        session,
        tenant=tenant_row(connection, author.access.tenant),
        user=of.row,
        digest=digest_of(secret),
        stage=stage,
        form_key=digest_of(new_secret(SESSION_BYTES)),
        purpose="",
        began_us=now_us,
        rotated_us=now_us,
        used_us=now_us,
        idle_us=lifetime.idle_us,
        expires_us=lifetime.expires_us,
    )
    return row, secret


def session_of(
    connection: Connection, tenant: TenantId, secret: str, now_us: int
) -> SessionRecord | None:
    """The session whose secret that is, ended or not.

    A former secret counts for a minute, and until somebody has come with the present one.
    """
    digest = digest_of(secret)
    of_it = session.c.tenant == tenant_row(connection, tenant)
    present = select(session).where(of_it, session.c.digest == digest)
    former = select(session).where(
        of_it,
        session.c.former_digest == digest,
        or_(session.c.rotated_us > now_us - FORMER_COUNTS_US, _AWAITS_SECRET),
    )
    for wanted in (present, former):
        found = believed(connection, session, connection.execute(wanted))
        if found:
            return _record(found[0])
    return None


def session_numbered(connection: Connection, row: int) -> SessionRecord:
    """The session in that row, which a proof names; raises `RowsAltered`."""
    found = connection.execute(select(session).where(session.c.row == row)).one()
    require_believed(connection, session, [found])
    return _record(found)


def sessions_of(connection: Connection, user: int, now_us: int) -> tuple[SessionRecord, ...]:
    """Those of a person that are in force, latest first."""
    of_it = (
        session.c.user == user,
        session.c.ended_us.is_(None),
        session.c.expires_us > now_us,
        session.c.used_us + session.c.idle_us > now_us,
    )
    rows = connection.execute(select(session).where(*of_it).order_by(session.c.row.desc()))
    return tuple(map(_record, believed(connection, session, rows)))


def last_signed_in(connection: Connection, tenant: TenantId) -> dict[int, int]:
    """When each person that ever signed in did so last, in µs since 1970 UTC."""
    full = (session.c.tenant == tenant_row(connection, tenant), session.c.stage == "full")
    began = func.max(session.c.began_us)
    rows = connection.execute(
        select(session.c.user, began.label("at_us")).where(*full).group_by(session.c.user)
    )
    return {row.user: row.at_us for row in rows}


def note_session_use(connection: Connection, row: int, secret: str, now_us: int) -> None:
    """Keep when a session was used by its present secret; `is_use_due` says if it is time to."""
    before = case((session.c.rotated_us >= now_us, now_us - 1), else_=session.c.rotated_us)
    own = (session.c.row == row, session.c.digest == digest_of(secret))
    note_rows(connection, session, own, used_us=now_us, rotated_us=before)


def note_arrival(connection: Connection, row: int, secret: str) -> None:
    """Keep that the present secret has arrived, without it being a use."""
    own = (session.c.row == row, session.c.digest == digest_of(secret), _AWAITS_SECRET)
    note_rows(connection, session, own, rotated_us=session.c.rotated_us - 1)


def rotate_session(connection: Connection, row: int, secret: str, now_us: int) -> str:
    """Another secret for a session; "" where `secret` is not its present one any more."""
    return _rotated(connection, row, secret, now_us, session.c.digest == digest_of(secret))


def replace_lost_secret(connection: Connection, row: int, secret: str, now_us: int) -> str:
    """Another secret for who has the former one, where its next has not arrived for a minute.

    That one is worth nothing then: of two that have the same secret, one alone goes on. "" where
    there is nothing to replace.
    """
    is_lost = and_(
        session.c.former_digest == digest_of(secret),
        session.c.rotated_us <= now_us - FORMER_COUNTS_US,
        _AWAITS_SECRET,
    )
    return _rotated(connection, row, secret, now_us, is_lost)


def _rotated(
    connection: Connection, row: int, secret: str, now_us: int, where: ColumnElement[bool]
) -> str:
    new = new_secret(SESSION_BYTES)
    done = update_rows(
        connection,
        session,
        (session.c.row == row, session.c.ended_us.is_(None), where),
        digest=digest_of(new),
        former_digest=digest_of(secret),
        rotated_us=now_us,
        used_us=now_us,
    )
    return new if len(done) == 1 else ""


def note_shown(connection: Connection, row: int, shown_us: int | None) -> None:
    """Keep when the person showed in a session what it signs in by."""
    update_rows(connection, session, (session.c.row == row,), shown_us=shown_us)


def state_purpose(connection: Connection, row: int, purpose: str) -> None:
    """Keep for what is acted in a session; "" is the person's own purpose."""
    update_rows(connection, session, (session.c.row == row,), purpose=purpose)


def tell_signed_in(
    connection: Connection, author: Author, who: UserRecord, row: int, by: SignedInBy
) -> None:
    """Write that a session is full, and by what."""
    append(connection, author.entry("signed_in", who.name, {"session": row, "with": by}))


def sign_out(connection: Connection, author: Author, who: UserRecord, row: int) -> None:
    """End one session of a person, by itself; raises `UnknownSession`."""
    own = (session.c.row == row, session.c.user == who.row, session.c.ended_us.is_(None))
    now_us = author.access.at_us
    if not update_rows(connection, session, own, ended_us=now_us):
        raise UnknownSession("the person has no such session")
    append(connection, author.entry("signed_out", who.name, {"session": row}))


def end_session(connection: Connection, row: int, now_us: int) -> bool:
    """End a session whose step is done or lost; False where it was ended before."""
    own = (session.c.row == row, session.c.ended_us.is_(None))
    return len(update_rows(connection, session, own, ended_us=now_us)) == 1


def end_sessions(connection: Connection, user: int, now_us: int, *, but: int = 0) -> None:
    """End all sessions of a person but one; who calls writes why into the journal."""
    own = (session.c.user == user, session.c.row != but, session.c.ended_us.is_(None))
    update_rows(connection, session, own, ended_us=now_us)


def _record(row: Row[tuple[object, ...]]) -> SessionRecord:
    return SessionRecord(
        row=row.row,
        user=row.user,
        stage=row.stage,
        form_key=row.form_key,
        purpose=row.purpose,
        times=SessionTimes(
            began_us=row.began_us,
            rotated_us=row.rotated_us,
            used_us=row.used_us,
            idle_us=row.idle_us,
            expires_us=row.expires_us,
            ended_us=row.ended_us,
            shown_us=row.shown_us,
        ),
    )
