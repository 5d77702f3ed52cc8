"""Recordings whose stored events cannot be read, as the doctor asks for them."""

from pathlib import Path

from sqlalchemy import update

from archive.catalog.database.engine import writing
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.derived_forms import ASIDE
from rokuon.compose.archive.catalog import prepare_catalog
from rokuon.config.load import parse
from rokuon.doctor.unread_recordings import unread_recordings
from tests.archive.catalog.examples import adopt, adoption, recording_id
from tests.rokuon.installation import put_catalog


def test_what_was_put_aside_is_named(tmp_path: Path) -> None:
    """By its id, with which it can be shown and exported."""
    config = parse("", name="-", base=tmp_path)
    put_catalog(config)
    engine = prepare_catalog(config)
    adopt(engine, adoption(1), adoption(2))
    with writing(engine) as connection:
        connection.execute(update(recording).where(recording.c.row == 2).values(derived=ASIDE))

    assert unread_recordings(config) == (str(recording_id(2)),)


def test_before_the_first_start_there_is_none(tmp_path: Path) -> None:
    """The doctor is asked before there is a catalog."""
    assert unread_recordings(parse("", name="-", base=tmp_path)) == ()
