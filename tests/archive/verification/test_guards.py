"""A guard that is gone is a finding."""

from pathlib import Path

from archive.catalog.database.engine import writing
from archive.verification.faults import Fault, Finding
from archive.verification.rows import guard_findings
from tests.archive.catalog.examples import new_catalog
from tests.support.catalog.guards import DROP


def test_each_guard_that_is_gone_is_named(tmp_path: Path) -> None:
    """By its own name, which says what it kept."""
    engine = new_catalog(tmp_path)
    assert list(guard_findings(engine)) == []
    with writing(engine) as connection:
        connection.exec_driver_sql(DROP[engine.dialect.name])

    name = DROP[engine.dialect.name].split()[2]
    assert list(guard_findings(engine)) == [Finding(name, Fault.GUARD_MISSING)]
    engine.dispose()
