"""Results for people and for programs."""

import json

import pytest

from rokuon.cli.output import Output, Row, show_rows, show_value

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
