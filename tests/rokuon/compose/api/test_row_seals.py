"""The seals of an installation: who makes them, and root's way out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.catalog.database.engine import open_engine, reading, writing
from rokuon.compose.api.row_seals import altered_rows, open_seals, seal_again, sealed_catalog
from rokuon.compose.api.users import make_first_person, make_token
from rokuon.compose.archive.catalog import url_of
from rokuon.config.schema import Config
from rokuon.messages.errors import NotReady
from tests.rokuon.installation import Installation, installation
from tests.told import all_told


@pytest.fixture
def fresh() -> Iterator[Installation]:
    """One that nobody has started yet."""
    with installation() as made:
        yield made


def write(config: Config, statement: str) -> None:
    """As who has the file."""
    engine = open_engine(url_of(config))
    with writing(engine) as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


def test_what_the_first_start_writes_is_believed(fresh: Installation) -> None:
    """It writes beside the API, as the same user."""
    make_first_person(fresh.config)
    make_token(fresh.config, "crm")

    assert altered_rows(fresh.config) == ()
    assert fresh.config.seal_log.stat().st_mode & 0o077 == 0


def test_root_lists_what_is_not_believed_and_settles_it(fresh: Installation) -> None:
    """In the journal by table; who asks again finds nothing to do."""
    make_first_person(fresh.config)
    make_token(fresh.config, "crm")
    write(fresh.config, "UPDATE token SET scopes = 'audio:listen'")
    named = altered_rows(fresh.config)
    found = [seal_again(fresh.config, "os:root") for _ in range(2)]
    with sealed_catalog(fresh.config) as engine, reading(engine) as connection:
        told = [each.entry for each in all_told(connection)][-1]

    assert named == (("token", 1),)
    assert found == [{"token": 1}, {}]
    assert (told.actor, told.action) == ("os:root", "rows_sealed_again")
    assert told.detail == {"count": 1, "what": ["token 1"]}
    assert altered_rows(fresh.config) == ()


def test_where_nothing_was_sealed_root_makes_no_key(fresh: Installation) -> None:
    """It would be root's, and the API could not read it."""
    for asked in (altered_rows, lambda config: seal_again(config, "os:root")):
        with pytest.raises(NotReady):
            asked(fresh.config)
    assert not Path(fresh.config.sign_in_key).exists()
    assert open_seals(fresh.config).altered == ()
