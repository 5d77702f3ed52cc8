"""A recording's rows go, and nothing of anybody else's."""

from pathlib import Path

from sqlalchemy import select

from archive.catalog.database.engine import writing
from archive.catalog.index.removal import remove_recording
from archive.catalog.tables.catalog import recording
from tests.archive.catalog.examples import adopt, adoption, index_dump, new_catalog, recording_id
from tests.support.catalog.joining import told


def remove(engine: object, number: int) -> None:
    """One recording, by its number among the examples."""
    with writing(engine) as connection:  # type: ignore[arg-type]  # an engine
        row = connection.execute(
            select(recording.c.row, recording.c.tenant).where(
                recording.c.id == recording_id(number).raw
            )
        ).first()
        assert row is not None
        remove_recording(connection, row.tenant, row.row)


def test_nothing_is_left_of_it(tmp_path: Path) -> None:
    """As if it had never been adopted."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(2))
    before = index_dump(engine)
    adopt(engine, adoption(1))
    remove(engine, 1)

    assert index_dump(engine) == before


def test_the_others_of_its_conversation_keep_it(tmp_path: Path) -> None:
    """With the names that it has had."""
    engine = new_catalog(tmp_path)
    adopt(engine, *(adoption(n, told((("ucid", "u"),))) for n in (1, 2)))
    conversations = index_dump(engine)["conversation"]
    remove(engine, 1)

    assert len(index_dump(engine)["recording"]) == 1
    assert index_dump(engine)["conversation"] == conversations
