"""What a person proves itself by: set by the person, one of a kind at a time, ended by a next one.

Each change is in the journal in the same transaction. Knows nothing of hashes or of seals: what is
kept comes as bytes.
"""

from dataclasses import dataclass
from typing import Literal, get_args

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from archive.catalog.accounts.persons import UserRecord
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.journal.sealed_rows import believed, insert_row, update_rows, whole_rows
from archive.catalog.tables.catalog import credential, sign_in_code, user as _user
from archive.catalog.tables.tenants import tenant_row

CredentialKind = Literal["password", "app"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialRecord:
    """A credential as the register has it; `secret` is what it is checked against."""

    row: int
    kind: CredentialKind
    secret: bytes
    begun_us: int
    last_step: int | None


def set_credential(
    connection: Connection, author: Author, of: UserRecord, kind: CredentialKind, secret: bytes
) -> None:
    """Put a credential in force, in the place of what was; the person has shown that it has it."""
    prove_credential(connection, author, of, begin_credential(connection, author, of, kind, secret))


def begin_credential(
    connection: Connection, author: Author, of: UserRecord, kind: CredentialKind, secret: bytes
) -> CredentialRecord:
    """Keep one that the person has yet to show; another one that was begun is ended."""
    begun = (
        credential.c.user == of.row,
        credential.c.kind == kind,
        credential.c.set_us.is_(None),
        credential.c.ended_us.is_(None),
    )
    now_us = author.access.at_us
    update_rows(connection, credential, begun, ended_us=now_us)
    row = insert_row(
        connection,
        credential,
        tenant=tenant_row(connection, author.access.tenant),
        user=of.row,
        kind=kind,
        secret=secret,
        begun_us=now_us,
    )
    return CredentialRecord(row=row, kind=kind, secret=secret, begun_us=now_us, last_step=None)


def prove_credential(
    connection: Connection, author: Author, of: UserRecord, proved: CredentialRecord
) -> None:
    """Put one that was begun in force, kept as `proved` has it.

    What was in force of its kind is ended, and every code of the person: beside a credential a code
    would be a second way in.
    """
    now_us = author.access.at_us
    update_rows(connection, credential, _in_force(of.row, proved.kind), ended_us=now_us)
    own = (credential.c.row == proved.row,)
    update_rows(connection, credential, own, set_us=now_us, secret=proved.secret)
    open_codes = (sign_in_code.c.user == of.row, sign_in_code.c.ended_us.is_(None))
    update_rows(connection, sign_in_code, open_codes, ended_us=now_us)
    append(connection, author.entry("credential_set", of.name, {"kind": proved.kind}))


def use_step(connection: Connection, row: int, step: int) -> bool:
    """Use up a step of time of one-time passwords; False where it or a later one was used."""
    unused = or_(credential.c.last_step.is_(None), credential.c.last_step < step)
    own = (credential.c.row == row, credential.c.ended_us.is_(None), unused)
    return len(update_rows(connection, credential, own, last_step=step)) == 1


def credential_of(
    connection: Connection, user: int, kind: CredentialKind
) -> CredentialRecord | None:
    """The one of that kind that is in force; raises `RowsAltered` where any row is missing.

    Who took an app away would leave the password alone to be shown.
    """
    tenant = connection.scalar(select(_user.c.tenant).where(_user.c.row == user))
    rows = () if tenant is None else whole_rows(connection, credential, tenant)
    own = [each for each in rows if (each.user, each.kind) == (user, kind)]
    found = [each for each in own if each.set_us is not None and each.ended_us is None]
    return _record(found[0]) if found else None


def begun_credential(
    connection: Connection, user: int, kind: CredentialKind
) -> CredentialRecord | None:
    """The one of that kind that the person has yet to show."""
    begun = (
        credential.c.user == user,
        credential.c.kind == kind,
        credential.c.set_us.is_(None),
        credential.c.ended_us.is_(None),
    )
    rows = connection.execute(select(credential).where(*begun))
    found = believed(connection, credential, rows)
    return _record(found[0]) if found else None


def has_credential(connection: Connection, user: int) -> bool:
    """Whether anything that the person has set is in force."""
    return any(credential_of(connection, user, kind) for kind in get_args(CredentialKind))


def end_credentials(connection: Connection, user: int, now_us: int) -> None:
    """End all of a person's, also what was begun; who calls writes why into the journal."""
    own = (credential.c.user == user, credential.c.ended_us.is_(None))
    update_rows(connection, credential, own, ended_us=now_us)


def _in_force(user: int, kind: CredentialKind) -> tuple[ColumnElement[bool], ...]:
    return (
        credential.c.user == user,
        credential.c.kind == kind,
        credential.c.set_us.is_not(None),
        credential.c.ended_us.is_(None),
    )


def _record(row: Row[tuple[object, ...]]) -> CredentialRecord:
    return CredentialRecord(
        row=row.row,
        kind=row.kind,
        secret=row.secret,
        begun_us=row.begun_us,
        last_step=row.last_step,
    )
