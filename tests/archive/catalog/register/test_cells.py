"""What a cell may hold."""

import pytest

from archive.catalog.register.cells import CellFlaw, cell_flaws, is_readable
from archive.catalog.tables.catalog import journal, recording

ENTRY = {
    "seq": 1,
    "tenant": 1,
    "at_us": 1,
    "actor": "田中",
    "action": "read",
    "target": "",
    "reason": "",
    "detail": "{}",
    "shown": None,
    "text_digest": None,
    "opening": bytes(16),
}


def test_a_row_as_it_is_written_can_be_read() -> None:
    """Nothing in it is odd, whatever language it is in."""
    assert is_readable(journal, ENTRY)


@pytest.mark.parametrize(
    ("column", "value", "flaw"),
    [
        ("at_us", "1", CellFlaw.NO_NUMBER),
        ("at_us", 1.0, CellFlaw.NO_NUMBER),
        ("at_us", -1, CellFlaw.OUT_OF_RANGE),
        ("at_us", 1 << 62, CellFlaw.OUT_OF_RANGE),
        ("actor", None, CellFlaw.MISSING),
        ("actor", b"x", CellFlaw.NO_TEXT),
        ("actor", "a\0", CellFlaw.HAS_NUL),
        ("actor", "a\udcff", CellFlaw.NOT_UTF8),
        ("action", "x", CellFlaw.UNKNOWN_WORD),
        ("detail", "", CellFlaw.NO_JSON),
        ("detail", "[" * 100_000, CellFlaw.NO_JSON),
        ("opening", "0" * 16, CellFlaw.NO_BYTES),
        ("opening", b"", CellFlaw.WRONG_LENGTH),
        ("shown", b"", CellFlaw.WRONG_LENGTH),
    ],
)
def test_what_cannot_be_read_is_named_by_its_column(
    column: str, value: object, flaw: CellFlaw
) -> None:
    """The value itself is not repeated: it may be a number or a name."""
    assert list(cell_flaws(journal, ENTRY | {column: value})) == [(column, flaw)]


def test_a_row_that_was_put_aside_can_be_read() -> None:
    """Its form is below zero."""
    (derived,) = (each for each in recording.c if each.name == "derived")
    odd = {each.name: None for each in recording.c} | {derived.name: -2}

    assert "derived" not in dict(cell_flaws(recording, odd))
