"""Texts of strangers on a terminal: what would move it, or turn a line round, is seen instead.

Pure. Knows nothing of who wrote a text.
"""

from typing import Final

# What a terminal does instead of showing it, and what turns the order of a line round.
_CONTROLS: Final = {
    code: ascii(chr(code))[1:-1]
    for code in (*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F))
}


def visible(text: str) -> str:
    """A text of strangers, a name that a caller gave himself: its controls are seen as escapes."""
    return text.translate(_CONTROLS)
