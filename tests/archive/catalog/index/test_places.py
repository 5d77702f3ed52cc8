"""Which part may join a recording."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from archive.call.adoption import Adoption
from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import part
from archive.errors import PartOutOfPlace
from archive.ids import NodeId
from tests.archive.catalog.examples import adopt, adoption, new_catalog

FIRST, LAST = adoption(part=0, is_last=False), adoption(part=1)
AFTER = adoption(part=2)
STRANGER = replace(LAST, node=NodeId(b"x" * 16))


@pytest.mark.parametrize(
    "parts",
    [(FIRST, LAST, AFTER), (LAST, AFTER), (FIRST, STRANGER), (FIRST, AFTER, STRANGER)],
)
def test_what_its_recording_cannot_have_is_refused(
    tmp_path: Path, parts: Sequence[Adoption]
) -> None:
    """Behind a last part nothing was recorded; who did not begin a recording does not go on."""
    engine = new_catalog(tmp_path)
    adopt(engine, *parts[:-1])

    with pytest.raises(PartOutOfPlace):
        adopt(engine, parts[-1])


def test_parts_may_come_in_any_order(tmp_path: Path) -> None:
    """The first one is believed whenever it comes; a part that is there already is no news."""
    engine = new_catalog(tmp_path)

    adopt(engine, LAST)
    adopt(engine, replace(FIRST, node=NodeId(b"x" * 16)))
    adopt(engine, LAST)

    with reading(engine) as connection:
        assert sorted(connection.scalars(select(part.c.part))) == [0, 1]
