"""The text of a table."""

import pytest

from archive.csv_text import csv_line, csv_text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_what_a_spreadsheet_saves_is_read(encoding: str) -> None:
    """Excel in Japan saves Shift-JIS, and UTF-8 with a mark in front of it."""
    assert csv_text("契約,高".encode(encoding)) == "契約,高"


def test_what_is_neither_is_no_text() -> None:
    """Guessing further would tell other keys than those that were written."""
    assert csv_text(b"\x81\x20") is None


def test_what_is_written_for_a_spreadsheet_is_text_in_it() -> None:
    """A caller may call himself a formula; a quote or a line in his name ends no cell."""
    line = csv_line(["=1+1", "+8190", 'a "b"', "two\nlines", "高橋"])

    assert line == '"\'=1+1","\'+8190","a ""b""","two\nlines","高橋"\r\n'
