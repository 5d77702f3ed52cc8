"""The keys of what a hold has, many at a time."""

from pathlib import Path

from archive.catalog.database.engine import writing
from archive.catalog.holds.held_keys import keys_had, keys_meant
from archive.catalog.register.kept_facts import SealedFacts, keep_facts
from archive.ids import DEFAULT_TENANT, KeyId
from archive.lifecycle.kept_facts import FactsName
from tests.archive.catalog.examples import adopt, adoption, new_catalog, recording_id
from tests.support.hold_scenes import held

ONE, TWO, GONE = recording_id(1), recording_id(2), recording_id(9)
FACTS = KeyId(b"k" * 16)


def test_keys_are_those_of_all_parts_and_of_kept_facts(tmp_path: Path) -> None:
    """What is not in the catalog has none, and is named all the same."""
    engine = new_catalog(tmp_path)
    second = adoption(1, part=1)
    adopt(engine, adoption(1, is_last=False), second, adoption(2))
    own = held(engine, ONE, TWO, GONE, state="meant")
    name = FactsName(DEFAULT_TENANT, TWO, FACTS)
    with writing(engine) as connection:
        keep_facts(connection, 1, [SealedFacts(name=name, kept_us=1, until_us=None, sealed=b"a")])
        found = keys_meant(connection, 1, own, 10)
        first = keys_meant(connection, 1, own, 1)
        behind = keys_had(connection, 1, own, ONE.raw, 1)

    assert {each: sorted(keys) for each, keys in found.items()} == {
        ONE.raw: sorted((adoption(1, is_last=False).key_id.raw, second.key_id.raw)),
        TWO.raw: sorted((adoption(2).key_id.raw, FACTS.raw)),
        GONE.raw: [],
    }
    assert list(first) == [ONE.raw]
    assert list(behind) == [TWO.raw]
