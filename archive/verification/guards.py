"""The triggers that guard the catalog, as findings.

Knows nothing of what they guard.
"""

from collections.abc import Iterator

from sqlalchemy import Engine

from archive.catalog.database.engine import reading
from archive.catalog.database.guards import look_at_guards
from archive.verification.faults import Fault, Finding


def guard_findings(engine: Engine) -> Iterator[Finding]:
    """One for each that is not there, or says something else."""
    with reading(engine) as connection:
        guards = look_at_guards(connection)
    for name in guards.missing:
        yield Finding(name, Fault.GUARD_MISSING)
    for name in guards.changed:
        yield Finding(name, Fault.GUARD_CHANGED)
