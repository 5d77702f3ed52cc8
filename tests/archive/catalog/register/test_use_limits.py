"""The register of restrictions."""

from pathlib import Path

from archive.catalog.database.engine import reading, writing
from archive.catalog.register.use_limits import LimitChange, UseLimit, limits_of, write_limits
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import NOW_US, OTHER_TENANT, new_catalog, recording_id

OWN = recording_id(1)
FIRST = UseLimit(from_us=NOW_US, purposes=frozenset({"legal_duty", "dispute"}), revision=1)
SECOND = UseLimit(from_us=NOW_US + 1, purposes=frozenset(), revision=2)


def change(limit: UseLimit | None, asset: str = "audio") -> LimitChange:
    return LimitChange(recording=OWN, asset=asset, limit=limit)


def test_what_is_written_last_of_a_thing_is_what_is_stored(tmp_path: Path) -> None:
    """Of the same recording the audio and what is told of it are two things."""
    engine = new_catalog(tmp_path)
    stored = []
    with writing(engine) as connection:
        tenant = ensure_tenant(connection, DEFAULT_TENANT)
        other = ensure_tenant(connection, OTHER_TENANT)
        write_limits(connection, other, [change(SECOND)])
        for changes in (
            [change(FIRST), change(FIRST, "metadata")],
            [change(SECOND)],
            [change(None), change(None)],
        ):
            write_limits(connection, tenant, changes)
            stored.append(dict(limits_of(connection, tenant, [OWN])))
    with reading(engine) as connection:
        others = limits_of(connection, other, [OWN])

    assert stored == [
        {OWN: {"audio": FIRST, "metadata": FIRST}},
        {OWN: {"audio": SECOND, "metadata": FIRST}},
        {OWN: {"metadata": FIRST}},
    ]
    assert others == {OWN: {"audio": SECOND}}
