"""What the catalog tells the doctor."""

from pathlib import Path

from sqlalchemy import update

from api.destruction.figures import NO_FIGURES
from archive.catalog.database.engine import writing
from archive.catalog.register.legal_holds import NO_HOLDS
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.derived_forms import ASIDE
from rokuon.compose.archive.catalog import prepare_catalog
from rokuon.config.load import parse
from rokuon.doctor.catalog_facts import legal_holds, retention_figures, unread_recordings
from tests.archive.catalog.examples import adopt, adoption, recording_id
from tests.rokuon.installation import put_catalog


def test_of_a_catalog_that_is_not_there_no_hold_is_known(tmp_path: Path) -> None:
    """The doctor looks before the first start, too."""
    config = parse("", name="test.toml", base=tmp_path)

    assert legal_holds(config, 0) == NO_HOLDS


def test_of_a_catalog_that_is_not_there_nothing_is_overdue(tmp_path: Path) -> None:
    """The doctor looks before the first start, too."""
    config = parse("", name="test.toml", base=tmp_path)

    assert retention_figures(config, 0) == NO_FIGURES


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
