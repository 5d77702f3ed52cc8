"""Under which entry of the journal a key is opened, and what is left of it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.access.opening_text import MAX_TEXT_BYTES, OPENING_ACTS, encode_text, text_digest
from archive.errors import KeyRefused
from archive.ids import ID_BYTES, KeyId, RecordingId
from archive.keys.errors import Refusal
from archive.keys.guard.openings import AGAIN_US, FRESH_US, Openings, WantedKey, read_text
from archive.keys.store.schema import open_database
from archive.keys.wire.opening_messages import MAX_OPENINGS, OpeningRow
from tests.archive.keys.entries import entry_text
from tests.archive.keys.scene import NOW_US

OWN, OTHER = RecordingId(b"r" * ID_BYTES), RecordingId(b"o" * ID_BYTES)
WANTED = WantedKey(KeyId(b"k" * ID_BYTES), OWN)
OPENING = b"e" * ID_BYTES


@dataclass
class Scene:
    """Openings of an empty keystore, and the daemon's clock."""

    openings: Openings
    now_us: int = NOW_US

    def ask(self, text: bytes, wanted: WantedKey = WANTED) -> str:
        """What is answered: "opens", or why not."""
        try:
            self.openings.allow("api", wanted, text)
        except KeyRefused as refused:
            return str(refused)
        return "opens"

    def rows(self) -> tuple[OpeningRow, ...]:
        return self.openings.listed(0).rows

    def noted(self) -> int:
        """How many keys were ever opened."""
        return sum(row.keys for row in self.rows())


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    made: Scene
    made = Scene(Openings(open_database(tmp_path / "keystore.db"), lambda: made.now_us))
    return made


def some_text(**said: object) -> bytes:
    """An entry that opens the key, but for what is said otherwise."""
    usual = {"id": OPENING.hex(), "at_us": NOW_US, "action": "listened", "recordings": [str(OWN)]}
    return encode_text(usual | said)


@pytest.mark.parametrize("act", sorted(OPENING_ACTS))
def test_an_entry_that_has_just_been_committed_opens_the_key_of_its_recording(
    scene: Scene, act: str
) -> None:
    """Its digest is that of the text; the list says when the entry was written."""
    text = some_text(action=act)

    assert scene.ask(text) == "opens"
    assert scene.rows() == (
        OpeningRow(
            number=1, entry=OPENING, digest=text_digest(text), act=act, at_us=NOW_US, keys=1
        ),
    )


REFUSED: dict[str, tuple[bytes, Refusal]] = {
    "another recording": (some_text(recordings=[str(OTHER)]), Refusal.ENTRY_OF_OTHER_RECORDING),
    "no recording": (some_text(recordings=[]), Refusal.ENTRY_OF_OTHER_RECORDING),
    "an act that shows": (some_text(action="read"), Refusal.ENTRY_OF_OTHER_ACT),
    "an act that finds": (some_text(action="searched"), Refusal.ENTRY_OF_OTHER_ACT),
    "an act that nobody knows": (some_text(action=""), Refusal.ENTRY_OF_OTHER_ACT),
    "stale": (some_text(at_us=NOW_US - FRESH_US - 1), Refusal.ENTRY_STALE),
    "from the future": (some_text(at_us=NOW_US + FRESH_US + 1), Refusal.ENTRY_STALE),
    "the number of a row": (b"999999999", Refusal.ENTRY_MALFORMED),
    "a number for an id": (some_text(id=999_999_999), Refusal.ENTRY_MALFORMED),
    "a short id": (some_text(id="00"), Refusal.ENTRY_MALFORMED),
    "an id that is no number": (some_text(id="x" * 32), Refusal.ENTRY_MALFORMED),
    "an id with blanks": (some_text(id="  " + "00" * 15), Refusal.ENTRY_MALFORMED),
    "no id": (some_text(id=""), Refusal.ENTRY_MALFORMED),
    "a time that is none": (some_text(at_us="now"), Refusal.ENTRY_MALFORMED),
    "nothing": (b"", Refusal.ENTRY_MALFORMED),
    "no text": (b"\xff\xfe", Refusal.ENTRY_MALFORMED),
    "too much": (some_text(reason="x" * MAX_TEXT_BYTES), Refusal.ENTRY_MALFORMED),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_with_an_entry_has_a_name_and_opens_nothing(scene: Scene, case: str) -> None:
    """Nothing is noted either: the list has what was opened."""
    text, refusal = REFUSED[case]

    assert scene.ask(text) == refusal
    assert scene.rows() == ()


CHANGED: dict[str, bytes] = {
    "another act": some_text(action="exported"),
    "a later time": some_text(at_us=NOW_US + 1),
    "one recording more": some_text(recordings=[str(OWN), str(OTHER)]),
    "another reason": some_text(reason="curiosity"),
}


@pytest.mark.parametrize("case", CHANGED)
def test_an_id_that_came_before_opens_nothing_with_another_text(scene: Scene, case: str) -> None:
    """Neither the same key nor another one."""
    scene.ask(some_text())

    assert scene.ask(CHANGED[case]) == Refusal.ENTRY_DIFFERS
    another = WantedKey(KeyId(b"2" * ID_BYTES), OWN)
    assert scene.ask(CHANGED[case], another) == Refusal.ENTRY_DIFFERS
    assert scene.noted() == 1


def test_the_same_listening_opens_its_key_again_for_half_a_day(scene: Scene) -> None:
    """Whoever comes back the next morning says anew why."""
    text = some_text()
    scene.ask(text)

    scene.now_us = NOW_US + AGAIN_US
    assert scene.ask(text) == "opens"
    scene.now_us += 1
    assert scene.ask(text) == Refusal.ENTRY_STALE
    assert scene.noted() == 1


def test_a_key_that_was_not_opened_within_the_minute_is_not_opened_under_that_entry(
    scene: Scene,
) -> None:
    """However many others it opened: an entry is no stock of openings."""
    text = some_text()
    scene.ask(text)

    scene.now_us = NOW_US + FRESH_US + 1
    assert scene.ask(text, WantedKey(KeyId(b"2" * ID_BYTES), OWN)) == Refusal.ENTRY_STALE


def test_a_clock_that_was_put_back_keeps_nobody_from_listening_on(scene: Scene) -> None:
    """The key was opened in time once."""
    text = some_text()
    scene.ask(text)

    scene.now_us = NOW_US - 3_600_000_000
    assert scene.ask(text) == "opens"


def test_an_entry_about_a_call_opens_the_keys_of_all_its_recordings(scene: Scene) -> None:
    """It is listed once, with how many keys it opened."""
    text = some_text(recordings=[str(OWN), str(OTHER)])

    assert scene.ask(text) == "opens"
    assert scene.ask(text, WantedKey(KeyId(b"2" * ID_BYTES), OTHER)) == "opens"
    assert [row.keys for row in scene.rows()] == [2]


def test_a_list_is_read_page_by_page_and_tells_its_last_number(scene: Scene) -> None:
    """Also where the last rows were taken away: numbers are never given twice."""
    for _ in range(MAX_OPENINGS + 2):
        scene.ask(some_text(id=secrets.token_hex(ID_BYTES)))
    scene.openings.connection.execute("PRAGMA foreign_keys=OFF")
    scene.openings.connection.execute(
        "DELETE FROM opening_entry WHERE number = ?", (MAX_OPENINGS + 2,)
    )

    first = scene.openings.listed(0)
    second = scene.openings.listed(first.rows[-1].number)
    assert [len(first.rows), len(second.rows), second.last] == [MAX_OPENINGS, 1, MAX_OPENINGS + 2]


def test_the_text_of_a_journal_entry_is_read_as_it_was_written() -> None:
    """Whatever a person typed stands in it, and none of it is taken for an id."""
    text = entry_text(OWN, OTHER, at_us=NOW_US, action="traced", opening=OPENING)
    read = read_text(text)

    assert (read.raw_id, read.at_us, read.action) == (OPENING, NOW_US, "traced")
    assert read.recordings == (str(OWN), str(OTHER))


def test_the_entry_is_stored_before_the_key_is_opened(tmp_path: Path) -> None:
    """Killed in between, an opening is listed that nobody had; never the other way round."""
    path = tmp_path / "keystore.db"
    clock: Callable[[], int] = lambda: NOW_US  # noqa: E731 - shorter than a function
    Openings(open_database(path), clock).allow("api", WANTED, some_text())

    assert [row.entry for row in Openings(open_database(path), clock).listed(0).rows] == [OPENING]
