"""Rows of the catalog that nobody can read, and its triggers that are amiss: each is a finding.

What is behind it is read on. Knows nothing of what the rows should say.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from archive.catalog.checks import cell_walk
from archive.catalog.database.database_errors import OF_ONE_CALL, is_away, words
from archive.catalog.database.engine import reading
from archive.catalog.database.guards import look_at_guards
from archive.errors import KeyUnavailable
from archive.verification.faults import Fault, Finding


def unreadable_rows(engine: Engine) -> Iterator[Finding]:
    """One for each row that has a cell of which nothing can be made, by table and key."""
    for each in cell_walk.unreadable_rows(engine):
        columns = ", ".join(f"{name} {flaw}" for name, flaw in each.columns)
        yield Finding(f"{each.table} {each.row}", Fault.ROW_UNREADABLE, columns)


@contextmanager
def odd_rows_named(findings: list[Finding], about: str) -> Iterator[None]:
    """Make a finding about something of what its rows raise; what is true of all ends it.

    Raises `KeyUnavailable`, and what a database that is not there raises.
    """
    try:
        yield
    except OF_ONE_CALL as failed:
        if isinstance(failed, KeyUnavailable) or is_away(failed):
            raise
        findings.append(Finding(about, Fault.ROW_UNREADABLE, words(failed)))


def guard_findings(engine: Engine) -> Iterator[Finding]:
    """One for each trigger that guards the catalog and is not there, or says something else."""
    with reading(engine) as connection:
        guards = look_at_guards(connection)
    for name in guards.missing:
        yield Finding(name, Fault.GUARD_MISSING)
    for name in guards.changed:
        yield Finding(name, Fault.GUARD_CHANGED)
