"""Results for people and for programs."""

import json
from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest

from rokuon.cli.terminal.output import Output, Row, exact, moment, show_pages, show_rows, show_value

TOKYO = ZoneInfo("Asia/Tokyo")
ROWS: list[Row] = [{"a": 1, "b": ["x", "y"], "c": None}, {"a": "長" * 300, "b": [], "c": "[red]"}]


def test_json_has_every_key_and_japanese_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    """A program picks what it needs."""
    show_rows(ROWS, {"a": "A"}, Output.JSON)
    told = capsys.readouterr().out

    assert json.loads(told) == ROWS
    assert "長" in told


def test_a_table_in_a_pipe_folds_nothing_and_reads_no_markup(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """grep wants whole lines, and a name in brackets is a name."""
    show_rows(ROWS, {"a": "A", "b": "B", "c": "C"}, Output.TABLE)
    lines = capsys.readouterr().out.splitlines()

    assert [len(lines), lines[0].split()] == [3, ["A", "B", "C"]]
    assert lines[1].split() == ["1", "x,", "y"]
    assert "長" * 300 in lines[2]
    assert "[red]" in lines[2]


def test_one_thing_is_a_line_for_each_of_its_keys(capsys: pytest.CaptureFixture[str]) -> None:
    """And the same thing in JSON."""
    show_value({"a": 1, "b": None}, Output.TABLE)
    show_value({"a": 1}, Output.JSON)
    told = capsys.readouterr().out

    assert told.split()[:3] == ["a", "1", "b"]
    assert told.endswith('{\n  "a": 1\n}\n')


@pytest.mark.parametrize("pages", [[[]], [ROWS], [ROWS[:1], ROWS[1:]], [ROWS, []]])
def test_pages_are_the_same_json_as_all_rows_at_once(
    pages: list[list[Row]], capsys: pytest.CaptureFixture[str]
) -> None:
    """A program does not see how much was read at a time."""
    show_pages(pages, {"a": "A"}, Output.JSON)
    told = capsys.readouterr().out
    show_rows([row for page in pages for row in page], {"a": "A"}, Output.JSON)

    assert told == capsys.readouterr().out


def test_a_page_is_shown_before_the_next_is_read(capsys: pytest.CaptureFixture[str]) -> None:
    """A year of calls is never in memory at once."""
    shown: list[str] = []

    def pages() -> Iterator[list[Row]]:
        yield ROWS[:1]
        shown.append(capsys.readouterr().out)
        yield ROWS[:1]

    show_pages(pages(), {"a": "A"}, Output.TABLE)

    assert [text.split() for text in (*shown, capsys.readouterr().out)] == [["A", "1"], ["A", "1"]]


def test_times_are_shown_in_the_zone() -> None:
    """None is an empty text."""
    assert moment("2026-10-29T08:42:10Z", TOKYO) == "2026-10-29T17:42:10+09:00"
    assert exact("2026-10-29T08:42:10.000001Z", TOKYO) == "2026-10-29T17:42:10.000001+09:00"
    assert (moment(None), exact(None)) == ("", "")


def test_what_a_stranger_calls_himself_does_nothing_to_the_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A caller chooses his name: a title of the window, a colour, a line that runs backwards."""
    name = "\x1b]0;root\x07\x1b[31mTanaka\x9b2J\u202e田中"
    show_rows([{"customer": name}], {"customer": "customer"}, Output.TABLE)
    show_value({"parties": [{"names": [name], "numbers": [], "side": "agent"}]}, Output.TABLE)
    shown = capsys.readouterr().out

    assert not set(shown) & {"\x1b", "\x07", "\x9b", "\u202e"}
    assert shown.count(r"\x1b]0;root\x07\x1b[31mTanaka\x9b2J\u202e田中") == 2
