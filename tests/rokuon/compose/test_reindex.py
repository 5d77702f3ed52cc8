"""The index built anew."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest

from archive.catalog.engine import reading, writing
from archive.catalog.tenants import ensure_tenant
from archive.catalog.tombstones import Tombstone, place_tombstone
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.journal import entries
from rokuon.compose.calls import CallQuery, find_calls
from rokuon.compose.catalog import open_catalog
from rokuon.compose.exports import trace_call
from rokuon.compose.keeper import recover
from rokuon.compose.reindex import REASON, Reindexed, rebuild_index
from rokuon.config.load import parse
from tests.archive.reading.scenes import START_US
from tests.rokuon.compose.test_exports import refused, said
from tests.rokuon.installation import Installation, installation


def openings(site: Installation) -> int:
    """How many keys were ever opened for a rebuild."""
    with closing(sqlite3.connect(site.config.keys.path / "keystore.db")) as keystore:
        found = keystore.execute("SELECT count(*) FROM opened WHERE reason = ?", (REASON,))
        return int(found.fetchone()[0])


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

        assert rebuild_index(made.config, lambda *_: None) == Reindexed(1, [], [])

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

        assert rebuild_index(made.config, lambda *_: None) == Reindexed(1, [], [])
        assert trace_call(made.config, "one@x", None) == before
        assert calls(made) == []


def test_what_was_destroyed_is_left_out_and_named_without_its_key() -> None:
    """A copy of the store was brought back: of what has a tombstone nobody asks for a key."""
    with installation() as made:
        gone = made.put_call()
        made.put_call()
        recover(made.config)
        before = calls(made)
        catalog = open_catalog(made.config)
        with writing(catalog) as connection:
            tenant = ensure_tenant(connection, DEFAULT_TENANT)
            placed = Tombstone(recording=gone, destroyed_us=1, journal=1)
            place_tombstone(connection, tenant, placed)
        opened = openings(made)
        built = rebuild_index(made.config, lambda *_: None)

        left = [call for call in before if str(gone) != call["recording"]]
        assert (built.parts, built.damaged) == (1, [])
        assert [str(gone) in str(row["part"]) for row in built.left_out] == [True]
        assert (calls(made), len(before)) == (left, 2)
        assert openings(made) == opened + 1


def test_a_damaged_part_is_named_and_the_others_are_indexed() -> None:
    """One bad file must not hide all the others."""
    with installation() as made:
        made.put_call()
        made.put_call()
        recover(made.config)
        first = made.archived()[0]
        first.chmod(0o600)
        first.write_bytes(first.read_bytes()[:-1])

        built = rebuild_index(made.config, lambda *_: None)
        parts, damaged = built.parts, built.damaged

    assert parts == 1
    assert [str(row["part"]).rpartition("/")[2] for row in damaged] == [first.name]


def test_without_keys_the_index_stays_as_it_is(site: Installation) -> None:
    """Nothing can be read, so nothing is replaced."""
    text = f'[keys]\npath = "{site.folder}/none"\n[node]\ndata = "{site.config.node.data}"'

    with pytest.raises(KeyUnavailable):
        rebuild_index(parse(text, name="-", base=site.folder), lambda *_: None)

    assert len(calls(site)) == 1
