"""How far a round is."""

from dataclasses import replace
from pathlib import Path

from archive.catalog.database.engine import writing
from archive.catalog.register.use_limits import LimitChange, UseLimit, write_limits
from archive.catalog.retention.limit_rounds import (
    LimitRound,
    every_tenant,
    is_any_limited,
    last_round,
    write_round,
)
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, new_catalog, recording_id


def test_a_round_goes_on_where_it_was_said_to_be(tmp_path: Path) -> None:
    """Also behind a restart; each tenant has its own."""
    engine = new_catalog(tmp_path)
    begun = LimitRound(revisions="0 1~", begun_us=NOW_US, total=3)
    with writing(engine) as connection:
        own, other = (ensure_tenant(connection, each) for each in (DEFAULT_TENANT, OTHER_TENANT))
        assert last_round(connection, own) is None
        write_round(connection, own, begun)
        write_round(connection, other, replace(begun, total=9))
        later = replace(begun, after=2, done=2, ended_us=NOW_US + 1)
        write_round(connection, own, later)

        assert last_round(connection, own) == later
        assert set(every_tenant(connection)) == {DEFAULT_TENANT, OTHER_TENANT}


def test_a_tenant_without_restrictions_is_known_as_such(tmp_path: Path) -> None:
    """Nothing is judged for who restricts nothing."""
    engine = new_catalog(tmp_path)
    limit = UseLimit(from_us=0, purposes=frozenset(), revision=1)
    with writing(engine) as connection:
        own, other = (ensure_tenant(connection, each) for each in (DEFAULT_TENANT, OTHER_TENANT))
        change = LimitChange(recording=recording_id(1), asset="audio", limit=limit)
        write_limits(connection, own, [change])

        assert (is_any_limited(connection, own), is_any_limited(connection, other)) == (True, False)
