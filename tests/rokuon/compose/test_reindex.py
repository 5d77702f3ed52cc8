"""The index built anew."""

from datetime import UTC, datetime, timedelta

import pytest

from archive.catalog.engine import reading
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from rokuon.compose.calls import CallQuery, find_calls
from rokuon.compose.catalog import open_catalog
from rokuon.compose.exports import trace_call
from rokuon.compose.keeper import recover
from rokuon.compose.reindex import rebuild_index
from rokuon.config.load import parse
from tests.archive.reading.scenes import START_US
from tests.rokuon.compose.test_exports import refused, said
from tests.rokuon.installation import Installation, installation


def calls(site: Installation) -> list[dict[str, object]]:
    """All calls of the day."""
    begin = datetime.fromtimestamp(START_US / 1e6, UTC)
    query = CallQuery(
        since=begin - timedelta(hours=1),
        until=begin + timedelta(hours=1),
        number="",
        id="",
        direction=None,
        min_duration_s=0,
        max_duration_s=None,
        limit=10,
    )
    return find_calls(site.config, query, shown_in=None)


def test_the_index_is_the_same_when_it_is_built_from_the_recordings_alone() -> None:
    """A lost catalog loses no call; the journal tells of the rebuild."""
    with installation() as made:
        made.put_call()
        recover(made.config)
        before = calls(made)
        for file in made.config.catalog_path.iterdir():
            file.unlink()

        assert rebuild_index(made.config, lambda *_: None) == (1, [])

        assert calls(made) == before
        with reading(open_catalog(made.config)) as connection:
            assert entries(connection, DEFAULT_TENANT)[0].entry.detail == {"what": "index rebuild"}


def test_a_ledger_page_is_one_again_when_the_index_is_built_anew() -> None:
    """Its calls are traced as before."""
    with installation() as made:
        made.put_page(refused("one@x"), said("one@x"))
        recover(made.config)
        before = trace_call(made.config, "one@x", None)
        for file in made.config.catalog_path.iterdir():
            file.unlink()

        assert rebuild_index(made.config, lambda *_: None) == (1, [])
        assert trace_call(made.config, "one@x", None) == before
        assert calls(made) == []


def test_a_damaged_part_is_named_and_the_others_are_indexed() -> None:
    """One bad file must not hide all the others."""
    with installation() as made:
        made.put_call()
        made.put_call()
        recover(made.config)
        first = made.archived()[0]
        first.chmod(0o600)
        first.write_bytes(first.read_bytes()[:-1])

        parts, damaged = rebuild_index(made.config, lambda *_: None)

    assert parts == 1
    assert [str(row["part"]).rpartition("/")[2] for row in damaged] == [first.name]


def test_without_keys_the_index_stays_as_it_is(site: Installation) -> None:
    """Nothing can be read, so nothing is replaced."""
    text = f'[keys]\npath = "{site.folder}/none"\n[node]\ndata = "{site.config.node.data}"'

    with pytest.raises(KeyUnavailable):
        rebuild_index(parse(text, name="-", base=site.folder), lambda *_: None)

    assert len(calls(site)) == 1
