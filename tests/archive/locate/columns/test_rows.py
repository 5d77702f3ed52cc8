"""Rows of a month: what is kept of them, and what their codes stand for."""

import numpy as np
import pytest

from archive.locate.columns.errors import ColumnsOverfull
from archive.locate.columns.layout import ROW_BYTES
from archive.locate.columns.rows import decode_rows, encode_rows
from archive.locate.columns.source import Source, month_begin_us
from tests.archive.locate.columns.examples import OCTOBER, Row, source

BEGIN = month_begin_us(OCTOBER)
ROWS = (
    Row(3, BEGIN + 9_000, number=b"8877", agent='{"p":7}', group='{"q":["sales"]}'),
    Row(1, BEGIN + 2_000, number=b"8877", agent='{"n":"田中"}', group="{}"),
    Row(2, BEGIN + 2_000, number=b"", agent="", group='{"q":["sales"]}', flags=255),
)


def test_a_row_has_24_bytes() -> None:
    """Ten million of them are read in a tenth of a second."""
    assert ROW_BYTES == 24


def test_codes_point_into_the_months_own_dictionaries() -> None:
    """Each word once, in order, nobody first."""
    kept = encode_rows(source(ROWS), OCTOBER)

    assert kept.columns["recording"].tolist() == [1, 2, 3]
    assert kept.dictionaries["numbers"].tolist() == [b"", b"8877"]
    assert list(kept.dictionaries["agents"]) == ["", '{"n":"田中"}', '{"p":7}']
    assert list(kept.dictionaries["groups"]) == ["", '{"q":["sales"]}', "{}"]
    assert kept.columns["agent"].tolist() == [1, 0, 2]
    assert kept.columns["group"].tolist() == [2, 1, 1]


def test_rows_are_counted_by_code_and_reach() -> None:
    """The chance of a value is that among the rows that the asker may see."""
    kept = encode_rows(source(ROWS), OCTOBER)

    assert kept.counts("number").tolist() == [1, 2]
    assert kept.counts("agent", np.array([True, True, False])).tolist() == [1, 0, 1]
    assert kept.counts("agent", np.array([True, False, True])).tolist() == [0, 1, 0]
    assert kept.counts("flags").sum() == len(ROWS)


def test_texts_that_nobody_points_to_are_not_kept() -> None:
    """A source may hand in the texts of all months with the rows of one."""
    rows = source(ROWS)
    own = Source(rows.rows[:1], rows.agents, rows.groups)

    assert list(encode_rows(own, OCTOBER).dictionaries["agents"]) == ["", '{"p":7}']


def test_sources_one_behind_the_other_keep_their_texts() -> None:
    """Each part's integers point into its own lists."""
    whole = Source.joined([source(ROWS[:1]), source(ROWS[1:])])
    kept, at_once = encode_rows(whole, OCTOBER), encode_rows(source(ROWS), OCTOBER)

    assert list(kept.dictionaries["agents"]) == list(at_once.dictionaries["agents"])
    assert kept.columns["agent"].tolist() == at_once.columns["agent"].tolist()


def test_what_is_decoded_encodes_to_the_same() -> None:
    """A month that is written anew for its tail does not drift."""
    once = encode_rows(source(ROWS), OCTOBER)
    twice = encode_rows(decode_rows(once, OCTOBER), OCTOBER)

    for name, values in once.columns.items():
        assert values.tolist() == twice.columns[name].tolist(), name


@pytest.mark.parametrize("recording", [-1, 1 << 32])
def test_a_number_without_room_is_refused(recording: int) -> None:
    """Cut to 32 bits it would be another recording."""
    with pytest.raises(ColumnsOverfull):
        encode_rows(source([Row(recording, BEGIN)]), OCTOBER)
