"""That persons are who they say: given by root or another person, over with the next way in.

Each is in the journal in the same transaction. Knows nothing of whose confirmation counts.
"""

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import Connection, select

from archive.access.lineage import ROOT
from archive.catalog.accounts.persons import UserRecord
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import append
from archive.catalog.journal.sealed_rows import believed, insert_row, update_rows
from archive.catalog.tables.catalog import confirmation, credential, os_name
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationRecord:
    """A confirmation in force; `by` is the row of a user, or `ROOT`."""

    user: int
    by: int
    at_us: int


def confirm(connection: Connection, author: Author, of: UserRecord) -> None:
    """Say that a person is who it says; by root where the author is nobody."""
    insert_row(
        connection,
        confirmation,
        tenant=tenant_row(connection, author.access.tenant),
        user=of.row,
        given_us=author.access.at_us,
        given_by=author.user_or_none,
    )
    append(connection, author.entry("user_confirmed", of.name, {}))


def end_confirmations(connection: Connection, user: int, now_us: int) -> None:
    """End those of a person for whom another way in is laid; who calls writes of that."""
    in_force = (confirmation.c.user == user, confirmation.c.ended_us.is_(None))
    update_rows(connection, confirmation, in_force, ended_us=now_us)


def confirmations(connection: Connection, tenant: TenantId) -> tuple[ConfirmationRecord, ...]:
    """Those in force, latest first."""
    in_force = (
        confirmation.c.tenant == tenant_row(connection, tenant),
        confirmation.c.ended_us.is_(None),
    )
    rows = connection.execute(
        select(confirmation).where(*in_force).order_by(confirmation.c.row.desc())
    )
    return tuple(
        ConfirmationRecord(user=row.user, by=row.given_by or ROOT, at_us=row.given_us)
        for row in believed(connection, confirmation, rows)
    )


def confirmed_by(connection: Connection, tenant: TenantId) -> dict[int, frozenset[int]]:
    """By whom each person is confirmed now."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    for each in confirmations(connection, tenant):
        found[each.user].add(each.by)
    return {user: frozenset(by) for user, by in found.items()}


def was_let_in(connection: Connection, user: int) -> bool:
    """Whether a person has ever had a way in: who lays another one takes its place."""
    by_name = select(os_name.c.row).where(os_name.c.user == user).limit(1)
    return _has_set(connection, user) or connection.scalar(by_name) is not None


def lay_way_in(connection: Connection, author: Author, of: UserRecord, *, ends_all: bool) -> bool:
    """End what was confirmed of a person before a way in is laid; whether that is a reset.

    What root lays beside what there is is root's word, and what one lays for oneself one's own;
    where it `ends_all` that the person had set, it is a reset whoever does it.
    """
    if author.user not in (ROOT, of.row):
        end_confirmations(connection, of.row, author.access.at_us)
        return was_let_in(connection, of.row)
    is_reset = ends_all and _has_set(connection, of.row)
    if is_reset:
        end_confirmations(connection, of.row, author.access.at_us)
    return is_reset


def _has_set(connection: Connection, user: int) -> bool:
    ever = (credential.c.user == user, credential.c.set_us.is_not(None))
    return connection.scalar(select(credential.c.row).where(*ever).limit(1)) is not None
