"""Codes that begin a session once: made for a person, shown once, kept as a digest.

Each change is in the journal in the same transaction. Knows nothing of who may make one, nor of
what the session that it begins may do.
"""

import hmac
from dataclasses import dataclass
from typing import Final, Literal

from sqlalchemy import Connection, Row, select

from archive.catalog.accounts.confirmations import lay_way_in
from archive.catalog.accounts.credentials import end_credentials
from archive.catalog.accounts.persons import UserRecord
from archive.catalog.accounts.secrets import CODE_BYTES, digest_of, new_secret
from archive.catalog.accounts.sessions import Stage, end_sessions
from archive.catalog.accounts.tokens import revoke_own_tokens
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Detail, append
from archive.catalog.journal.sealed_rows import believed, insert_row, update_rows
from archive.catalog.tables.catalog import sign_in_code
from archive.catalog.tables.tenants import ensure_tenant

# Whoever may make codes, or the start of the server.
CodeMaker = Literal["account", "start"]
CODE_LIFETIME_US: Final = 24 * 3_600 * 1_000_000
# Whom the journal names where nobody has made the person yet.
FIRST_ADMINISTRATOR: Final = "first administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRecord:
    """A code as the register has it; `user` is None for the first administrator's."""

    row: int
    user: int | None
    stage: Stage
    expires_us: int
    ended_us: int | None

    def is_in_force(self, now_us: int) -> bool:
        """Neither used, nor replaced, nor too old."""
        return self.ended_us is None and now_us < self.expires_us


def make_code(connection: Connection, author: Author, of: UserRecord | None) -> str:
    """Make a code for a person, or for the first administrator; it takes the place of another."""
    return _made(connection, author, of, "enrol", "account", {})


def make_start_code(
    connection: Connection, author: Author, of: UserRecord | None, stage: Stage = "enrol"
) -> str:
    """The same for the server that starts; `end_start_codes` ends it at the next start."""
    return _made(connection, author, of, stage, "start", {})


def end_start_codes(connection: Connection, now_us: int) -> None:
    """End those that earlier starts of the server have made and nobody has used."""
    left = (sign_in_code.c.maker == "start", sign_in_code.c.ended_us.is_(None))
    update_rows(connection, sign_in_code, left, ended_us=now_us)


def reset_credentials(connection: Connection, author: Author, of: UserRecord) -> str:
    """End all credentials, sessions and own tokens of a person, and make a code for it."""
    end_credentials(connection, of.row, author.access.at_us)
    end_sessions(connection, of.row, author.access.at_us)
    revoke_own_tokens(connection, author, of)
    return _made(connection, author, of, "enrol", "account", {"reset": 1})


def is_code_open(connection: Connection, of: UserRecord, now_us: int) -> bool:
    """Whether a code of a person can still be used: by whoever has it."""
    in_force = (sign_in_code.c.ended_us.is_(None), sign_in_code.c.expires_us > now_us)
    wanted = select(sign_in_code.c.row).where(sign_in_code.c.user == of.row, *in_force)
    return connection.scalar(wanted.limit(1)) is not None


def code_of(connection: Connection, secret: str) -> CodeRecord | None:
    """The code whose secret that is, in force or not."""
    digest = digest_of(secret)
    found = connection.execute(
        select(sign_in_code).where(sign_in_code.c.digest == digest)
    ).one_or_none()
    if found is None or not hmac.compare_digest(found.digest, digest):
        return None
    if not believed(connection, sign_in_code, [found]):
        return None
    return _record(found)


def use_code(connection: Connection, row: int, now_us: int) -> bool:
    """Use a code up; False where somebody was faster."""
    own = (sign_in_code.c.row == row, sign_in_code.c.ended_us.is_(None))
    return len(update_rows(connection, sign_in_code, own, ended_us=now_us)) == 1


def _made(
    connection: Connection,
    author: Author,
    of: UserRecord | None,
    stage: Stage,
    maker: CodeMaker,
    detail: dict[str, Detail],
) -> str:
    tenant, now_us = ensure_tenant(connection, author.access.tenant), author.access.at_us
    user = None if of is None else of.row
    is_reset = of is not None and lay_way_in(connection, author, of, ends_all="reset" in detail)
    former = (
        sign_in_code.c.tenant == tenant,
        sign_in_code.c.user.is_not_distinct_from(user),
        sign_in_code.c.ended_us.is_(None),
    )
    update_rows(connection, sign_in_code, former, ended_us=now_us)
    secret = new_secret(CODE_BYTES)
    expires_us = now_us + CODE_LIFETIME_US
    insert_row(
        connection,
        sign_in_code,
        tenant=tenant,
        user=user,
        digest=digest_of(secret),
        stage=stage,
        made_us=now_us,
        made_by=author.user_or_none,
        maker=maker,
        is_reset=int(is_reset),
        expires_us=expires_us,
    )
    whose = FIRST_ADMINISTRATOR if of is None else of.name
    told = detail | {"until_us": expires_us}
    append(connection, author.entry("sign_in_code_made", whose, told))
    return secret


def _record(row: Row[tuple[object, ...]]) -> CodeRecord:
    return CodeRecord(
        row=row.row,
        user=row.user,
        stage=row.stage,
        expires_us=row.expires_us,
        ended_us=row.ended_us,
    )
