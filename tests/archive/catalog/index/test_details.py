"""What hangs on a recording beside its legs is written anew with each part."""

from pathlib import Path

from sqlalchemy import select

from archive.call.events import CallIdKnown, Tolerated
from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import call_id, tolerance
from tests.archive.catalog.examples import STARTED_US, adopt, adoption, inbound, new_catalog

UCID = CallIdKnown(at_us=STARTED_US, kind="ucid", value="00025000160955721139")
ODD = Tolerated(at_us=STARTED_US, code="TOL-001")


def test_a_part_that_comes_later_changes_the_rows_and_doubles_none(tmp_path: Path) -> None:
    """Its events are more, or the same again."""
    engine = new_catalog(tmp_path)
    first = adoption(1, inbound(), is_last=False)
    second = adoption(1, (*inbound(), UCID, ODD), part=1)
    adopt(engine, first, second)
    with reading(engine) as connection:
        ids = connection.execute(select(call_id.c.kind, call_id.c.value)).all()
        codes = connection.scalars(select(tolerance.c.code)).all()

    assert sorted(map(tuple, ids)) == [
        ("recording_session", "call-id"), ("ucid", "00025000160955721139"),
    ]  # fmt: skip
    assert list(codes) == ["TOL-001"]
