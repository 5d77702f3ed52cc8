"""How a server counts many recordings: by several workers, from one index alone."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, event

from archive.catalog.database.engine import reading, writing
from archive.catalog.retention.retained_counts import counted
from tests.archive.catalog.examples import adopt, adoption, new_catalog
from tests.support.catalog.retained_counts import grouping

pytestmark = pytest.mark.postgresql

INDEX = "ix_recording_tenant_retention_class_ended_us_size_bytes"
# One with numbers of both sets, and as many as make several workers worth while.
COPIES = """
INSERT INTO recording (tenant, id, conversation, source, mode, started_us, ended_us, duration_ms,
 direction, flags, state, size_bytes, retention_class, derived)
SELECT tenant, decode(md5(n::text), 'hex'), conversation, source, mode, started_us, ended_us + n,
 duration_ms, direction, flags, state, size_bytes, retention_class, derived
FROM recording, generate_series(1, 20000) AS n
"""
AS_OF_MILLIONS = (
    "parallel_setup_cost = 0",
    "min_parallel_index_scan_size = 0",
    "enable_seqscan = off",
)


def test_many_recordings_are_counted_by_several_workers_from_the_index(tmp_path: Path) -> None:
    """A guess of as many groups as moments kept it to one; without its row each would be read."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    with writing(engine) as connection:
        connection.exec_driver_sql(COPIES)
    with create_engine(engine.url, isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM ANALYZE recording")
    asked: list[tuple[str, Any]] = []
    with reading(engine) as connection:
        event.listen(connection, "before_cursor_execute", lambda *args: asked.append(args[2:4]))
        found = list(counted(connection, grouping(connection)))
        (wanted,) = (each for each in asked if "width_bucket" in each[0])
        for each in AS_OF_MILLIONS:
            connection.exec_driver_sql(f"SET LOCAL {each}")
        told = connection.exec_driver_sql(f"EXPLAIN {wanted[0]}", wanted[1]).scalars()
        steps = {each.partition("  (cost")[0].strip(" ->") for each in told if "  (cost" in each}
    engine.dispose()

    assert sorted((each.sets, each.recordings) for each in found) == [(0, 20_000), (0b11, 1)]
    assert {
        "Partial HashAggregate",
        f"Parallel Index Only Scan using {INDEX} on recording",
    } <= steps
