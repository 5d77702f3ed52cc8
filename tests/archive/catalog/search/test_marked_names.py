"""The names that recordings have of a kind, each once."""

from pathlib import Path

from sqlalchemy import insert

from archive.catalog.database.engine import reading, writing
from archive.catalog.search.marked_names import MOST_NAMES, names_of_kind
from archive.catalog.tables.catalog import mark
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import OTHER_TENANT, new_catalog


def test_each_name_is_told_once_and_only_of_this_kind_and_tenant(tmp_path: Path) -> None:
    """However many recordings have it."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        own, other = (ensure_tenant(connection, each) for each in (DEFAULT_TENANT, OTHER_TENANT))
        rows = [
            *((own, "queue", name) for name in ("support", "解約", "support", "sales")),
            (own, "tag", "vip"),
            (other, "queue", "elsewhere"),
        ]
        connection.execute(
            insert(mark),
            [
                {"tenant": tenant, "recording": at, "started_us": at, "kind": kind, "folded": name}
                for at, (tenant, kind, name) in enumerate(rows, 1)
            ],
        )
        assert names_of_kind(connection, own, "queue") == ("sales", "support", "解約")
        assert names_of_kind(connection, own, "controller") == ()


def test_there_is_an_end_to_names(tmp_path: Path) -> None:
    """Who names a queue after each call has no list of them."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        own = ensure_tenant(connection, DEFAULT_TENANT)
        connection.execute(
            insert(mark),
            [
                {
                    "tenant": own,
                    "recording": at,
                    "started_us": at,
                    "kind": "queue",
                    "folded": f"{at:05}",
                }
                for at in range(MOST_NAMES + 1)
            ],
        )
    with reading(engine) as connection:
        assert len(names_of_kind(connection, own, "queue")) == MOST_NAMES
