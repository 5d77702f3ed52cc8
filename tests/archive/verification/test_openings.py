"""What the key daemon opened beside what the journal says, by a daemon in a process of its own."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine

from archive.catalog.access.grants import Ask, ListenGrant, grant
from archive.catalog.database.engine import writing
from archive.ids import KeyId, RecordingId
from archive.keys.client.key_client import KeyClient
from archive.keys.store.schema import open_database
from archive.verification.faults import Fault
from archive.verification.openings import Compared, compare_openings
from tests.archive.catalog.examples import access, new_catalog
from tests.archive.keys.daemon_process import daemon_process
from tests.archive.keys.entries import entry_text
from tests.archive.keys.scene import NOW_US, Scene

FREE_TO_CHANGE = "DROP TRIGGER journal_keeps_its_words"


@dataclass
class House:
    """A catalog, a key daemon, and a recording whose key it has."""

    engine: Engine
    keys: KeyClient
    keystore: Path
    key: KeyId
    recording: RecordingId

    def ask(self) -> ListenGrant:
        """The entry, committed."""
        asked = Ask(access=access(at_us=NOW_US), target=self.recording)
        return grant(self.engine, ListenGrant, asked)

    def listen(self) -> ListenGrant:
        """As the API does: the entry is committed, then the key is opened."""
        granted = self.ask()
        assert len(self.keys.open(self.key, granted.line.told)) == 32
        return granted

    def lie(self, opening: bytes = b"") -> bytes:
        """As an API does that was taken over: no journal has the entry."""
        told = entry_text(self.recording, at_us=NOW_US, action="listened", opening=opening)
        assert len(self.keys.open(self.key, told)) == 32
        return told

    def change(self, *statements: str) -> None:
        """As whoever has the catalog's file does."""
        with writing(self.engine) as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def compared(self) -> Compared:
        return compare_openings(self.engine, self.keys)

    def faults(self) -> list[Fault]:
        return [each.fault for each in self.compared().findings]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    scene = Scene(tmp_path)
    scene.daemon.close()
    blocks = scene.node.first_blocks()
    with daemon_process(tmp_path) as config:
        with closing(KeyClient(config.keeper_socket)) as keeper:
            keeper.adopt(blocks.page, blocks.block)
        engine = new_catalog(tmp_path)
        with closing(KeyClient(config.api_socket)) as keys:
            own = blocks.header
            yield House(engine, keys, config.keystore, own.key, own.recording)
        engine.dispose()


def test_what_was_listened_to_is_in_both(house: House) -> None:
    """Twice by the same person are two entries; one that opened nothing is counted alone."""
    house.listen()
    house.listen()
    house.ask()

    assert house.compared() == Compared(findings=[], opened=2, unopened=1)


def test_an_opening_without_an_entry_is_named(house: House) -> None:
    """From the daemon's list to the journal: whoever lied left the id that he made up."""
    house.listen()
    house.lie(b"e" * 16)

    (found,) = house.compared().findings
    assert (found.part, found.fault) == ((b"e" * 16).hex(), Fault.OPENING_WITHOUT_ENTRY)
    assert found.detail.startswith("listened 2026-11-25T00:00")


CHANGES = {
    "who": "UPDATE journal SET actor = 'nobody'",
    "why": "UPDATE journal SET reason = 'technical'",
    "what": "UPDATE journal SET shown = zeroblob(16)",
    "when": "UPDATE journal SET at_us = at_us - 86400000000",
    "how": "UPDATE journal SET detail = '{}'",
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_entry_that_was_changed_since_is_named(house: House, change: str) -> None:
    """Whatever stands in it: the daemon has its digest."""
    granted = house.listen()
    house.change(FREE_TO_CHANGE, CHANGES[change])

    (found,) = house.compared().findings
    assert (found.part, found.fault) == (granted.line.opening.hex(), Fault.ENTRY_CHANGED)


def test_an_entry_that_was_deleted_is_named(house: House) -> None:
    """The opening is there still."""
    house.listen()
    house.change(
        "DROP TRIGGER journal_text_keeps_its_rows",
        "DROP TRIGGER journal_keeps_its_rows",
        "DELETE FROM journal_text",
        "DELETE FROM journal",
    )

    assert house.faults() == [Fault.OPENING_WITHOUT_ENTRY]


def test_an_entry_under_another_id_shows_from_both_sides(house: House) -> None:
    """From the journal to the daemon's list: one more entry that opened nothing."""
    house.listen()
    house.change(FREE_TO_CHANGE, "UPDATE journal SET opening = zeroblob(16)")

    compared = house.compared()
    assert (len(compared.findings), compared.unopened) == (1, 1)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_an_opening_that_was_taken_out_of_the_keystore_is_missed(house: House, number: int) -> None:
    """The first, one in the middle, the last: numbers have no gaps."""
    for _ in range(3):
        house.listen()
    with closing(open_database(house.keystore)) as keystore:
        keystore.execute("DELETE FROM opening WHERE entry = ?", (number,))
        keystore.execute("DELETE FROM opening_entry WHERE number = ?", (number,))

    compared = house.compared()
    assert [(each.fault, each.detail) for each in compared.findings] == [
        (Fault.OPENING_MISSING, str(number))
    ]
    assert compared.unopened == 1
