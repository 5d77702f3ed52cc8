"""Recordings whose stored events cannot be read, as the doctor asks for them."""

from pathlib import Path

from sqlalchemy import update

from archive.catalog.engine import writing
from archive.catalog.forms import ASIDE
from archive.catalog.tables import recording
from rokuon.compose.catalog import prepare_catalog
from rokuon.compose.unread import unread_recordings
from rokuon.config.load import parse
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
