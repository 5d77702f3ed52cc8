"""Copies replayed into an index that is made anew: which, when, and what does not open."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.tombstones import Tombstone, place_tombstone
from archive.catalog.index.facts_rows import facts_of
from archive.catalog.index.rebuild import Rebuilt
from archive.catalog.register.kept_facts import SealedFacts, keep_facts
from archive.catalog.tables.catalog import recording
from archive.errors import KeyRefused
from archive.ids import DEFAULT_TENANT, KeyId
from archive.lifecycle.kept_facts import FactsName, FactsUnread, KeptFacts
from tests.archive.catalog.examples import adopt, adoption, new_catalog, recording_id
from tests.archive.catalog.rebuilding import rebuild

OWN, GONE = recording_id(1), recording_id(2)
FACTS: dict[object, KeptFacts] = {}


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Copies of two recordings, of which one was destroyed."""
    made = new_catalog(tmp_path)
    adopt(made, adoption(1), adoption(2))
    with writing(made) as connection:
        FACTS.update(facts_of(connection, 1, [OWN, GONE]))
        names = [FactsName(DEFAULT_TENANT, each, KeyId(each.raw)) for each in (OWN, GONE)]
        copies = [SealedFacts(name=each, kept_us=1, until_us=None, sealed=b"") for each in names]
        keep_facts(connection, 1, copies)
        place_tombstone(connection, 1, Tombstone(recording=GONE, destroyed_us=1, journal=1))
    return made


def states(engine: Engine) -> dict[bytes, str]:
    with reading(engine) as connection:
        return {each.id: each.state for each in connection.execute(select(recording))}


def test_what_was_destroyed_comes_from_its_copy_and_the_rest_from_its_parts(
    engine: Engine,
) -> None:
    """A copy of what is there all the same says nothing."""
    parts = [adoption(1), adoption(2)]
    rebuilt = rebuild(engine, parts, opening=lambda copy: FACTS[copy.name.recording])

    assert rebuilt == Rebuilt(1, [parts[1].part_name])
    assert states(engine) == {OWN.raw: "complete", GONE.raw: "destroyed"}


@pytest.mark.parametrize("failed", [FactsUnread("no"), KeyRefused("key_unknown")])
def test_a_copy_that_does_not_open_is_named(engine: Engine, failed: Exception) -> None:
    """The keystore may be older than it."""

    def refuse(_copy: SealedFacts) -> KeptFacts:
        raise failed

    assert rebuild(engine, [adoption(1)], opening=refuse) == Rebuilt(1, unread=(GONE,))
    assert states(engine) == {OWN.raw: "complete"}
