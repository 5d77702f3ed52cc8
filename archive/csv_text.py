"""The text of a table: read as a spreadsheet saves it (UTF-8, or Shift-JIS), written for one.

Pure. Knows no column.
"""

from collections.abc import Iterable
from typing import Final

_ENCODINGS: Final = ("utf-8-sig", "cp932")
# With these a spreadsheet begins to calculate: a caller may call himself so.
_WORKED_OUT: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_text(content: bytes) -> str | None:
    """The text; None where it is in neither."""
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def csv_line(cells: Iterable[str]) -> str:
    """A line of a table, its cells quoted (RFC 4180); what a spreadsheet would work out is text."""
    return ",".join(f'"{_harmless(cell)}"' for cell in cells) + "\r\n"


def _harmless(cell: str) -> str:
    text = f"'{cell}" if cell.startswith(_WORKED_OUT) else cell
    return text.replace('"', '""')
