"""How two texts of policies differ, line by line, each rule whole.

Pure text, of the form of `policy_text`. Knows nothing of what a line means.
"""

import difflib
from collections.abc import Iterator

_RULE = "[[rule]]"
# What `difflib` writes before the first line of a piece.
_HEADINGS = 3


def difference(older: str, newer: str) -> tuple[str, ...]:
    """The pieces that differ: lines with " ", "-" or "+" before them; the same text has none."""
    was, now = _pieces(older), _pieces(newer)
    told: list[str] = []
    for key in _in_order(was, now):
        if was.get(key) != now.get(key):
            told += ["", *_of_piece(was.get(key, []), now.get(key, []))]
    return tuple(told[1:])


def _pieces(text: str) -> dict[str, list[str]]:
    """Head, limits and rules, each by what names it."""
    pieces = (piece.splitlines() for piece in text.split("\n\n"))
    return {_key(lines): lines for lines in pieces if lines}


def _key(lines: list[str]) -> str:
    return lines[1] if lines[0] == _RULE else lines[0]


def _in_order(was: dict[str, list[str]], now: dict[str, list[str]]) -> Iterator[str]:
    yield from was
    yield from (key for key in now if key not in was)


def _of_piece(was: list[str], now: list[str]) -> Iterator[str]:
    whole = len(was) + len(now)
    lines = list(difflib.unified_diff(was, now, lineterm="", n=whole))
    yield from lines[_HEADINGS:]
