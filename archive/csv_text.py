"""The text of a table as a spreadsheet saves it: UTF-8, or Shift-JIS as Excel writes it.

Pure. Knows no column.
"""

from typing import Final

_ENCODINGS: Final = ("utf-8-sig", "cp932")


def csv_text(content: bytes) -> str | None:
    """The text; None where it is in neither."""
    for encoding in _ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None
