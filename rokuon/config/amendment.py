"""A configuration's text with more `internal_numbers` of a source, and nothing else changed.

Pure. Knows nothing of files, nor of where the numbers came from.
"""

import tomllib
from collections.abc import Sequence
from typing import Any, Final

from rokuon.config.positions import Position, PositionIndex

_KEY: Final = "internal_numbers"


class NotAmendable(Exception):
    """The text is written so that whoever wrote it has to change it."""


def line_of(entries: Sequence[str]) -> str:
    """The setting as it is written."""
    return f"{_KEY} = [{', '.join(map(_quoted, entries))}]"


def with_internal_numbers(text: str, number: int, entries: Sequence[str]) -> str:
    """The text in which the source of that number has these too; raises `NotAmendable`.

    A line is added behind the name of the source, or that which is there is made longer.
    """
    index, lines = PositionIndex.of(text), text.split("\n")
    there = index.values.get(("source", number, _KEY))
    name = index.keys.get(("source", number, "name"))
    if there is not None:
        _lengthen(lines, there, entries)
    elif name is not None:
        lines.insert(name.line, _line_like(lines[name.line - 1], name, entries))
    amended = "\n".join(lines)
    if not _is_all_that_changed(text, amended, number, entries):
        raise NotAmendable
    return amended


def _line_like(beside: str, name: Position, entries: Sequence[str]) -> str:
    end = "\r" if beside.endswith("\r") else ""
    return beside[: name.column - 1] + line_of(entries) + end


def _lengthen(lines: list[str], there: Position, entries: Sequence[str]) -> None:
    """With the entries before the bracket that closes the list."""
    line = lines[there.line - 1]
    start, end = there.column - 1, there.column - 1 + there.width
    inside = line[start:end].removesuffix("]").rstrip().removesuffix(",")
    comma = "" if inside.rstrip().endswith("[") else ", "
    longer = inside + comma + ", ".join(map(_quoted, entries)) + "]"
    lines[there.line - 1] = line[:start] + longer + line[end:]


def _is_all_that_changed(before: str, after: str, number: int, entries: Sequence[str]) -> bool:
    wanted: dict[str, Any] = tomllib.loads(before)
    try:
        found = tomllib.loads(after)
        source = wanted["source"][number]
        source[_KEY] = [*source.get(_KEY, []), *entries]
    except (tomllib.TOMLDecodeError, KeyError, IndexError, TypeError):
        return False
    return bool(found == wanted)


def _quoted(entry: str) -> str:
    return f'"{entry}"'
