"""Where each key and value of a TOML text stands: key path to line and columns.

Reads a text that `tomllib` has already accepted. Knows nothing of settings or their meaning.
"""

import re
from dataclasses import dataclass
from typing import Final

KeyPath = tuple[str | int, ...]

_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_INLINE_BLANK: Final = re.compile(r"[ \t]*")
_BARE_KEY: Final = re.compile(r"[A-Za-z0-9_-]+")
_LITERAL: Final = re.compile(r"[^,\]}#\r\n]+")
_STRINGS: Final = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)


@dataclass(frozen=True, slots=True)
class Position:
    """A stretch of one line; `line` and `column` count from 1, `width` is at least 1."""

    line: int
    column: int
    width: int = 1


class _Scanner:
    """One walk over the text; `keys` and `values` fill as it goes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.keys: dict[KeyPath, Position] = {}
        self.values: dict[KeyPath, Position] = {}
        self.tables_in: dict[KeyPath, int] = {}

    def scan(self) -> None:
        prefix: KeyPath = ()
        self._skip(_BLANK)
        while self.at < len(self.text):
            prefix = self._header() if self.text[self.at] == "[" else self._pair(prefix)
            self._skip(_BLANK)

    def _skip(self, what: re.Pattern[str]) -> None:
        match = what.match(self.text, self.at)
        assert match is not None
        self.at = match.end()

    def _position(self, start: int, end: int) -> Position:
        line_start = self.text.rfind("\n", 0, start) + 1
        line_end = self.text.find("\n", start)
        end = min(end, line_end if line_end >= 0 else len(self.text))
        line = self.text.count("\n", 0, start) + 1
        return Position(line, start - line_start + 1, max(1, end - start))

    def _header(self) -> KeyPath:
        start = self.at
        is_array = self.text.startswith("[[", start)
        self.at += 2 if is_array else 1
        name = self._dotted_key()
        self.at += 2 if is_array else 1
        path = self._within_arrays(name[:-1])
        if is_array:
            count = self.tables_in.get((*path, name[-1]), 0)
            self.tables_in[(*path, name[-1])] = count + 1
            path = (*path, name[-1], count)
        else:
            path = self._within_arrays(name)
        self.keys[path] = self.values[path] = self._position(start, self.at)
        return path

    def _within_arrays(self, name: KeyPath) -> KeyPath:
        """Insert the index of the latest element wherever a name is an array of tables."""
        path: KeyPath = ()
        for piece in name:
            path = (*path, piece)
            if path in self.tables_in:
                path = (*path, self.tables_in[path] - 1)
        return path

    def _pair(self, prefix: KeyPath) -> KeyPath:
        start = self.at
        name = self._dotted_key()
        path = (*prefix, *name)
        for depth in range(1, len(name) + 1):
            self.keys.setdefault((*prefix, *name[:depth]), self._position(start, self.at))
        self._skip(_INLINE_BLANK)
        assert self.text[self.at] == "="
        self.at += 1
        self._skip(_INLINE_BLANK)
        self._value(path)
        return prefix

    def _dotted_key(self) -> KeyPath:
        pieces: list[str | int] = []
        while True:
            self._skip(_INLINE_BLANK)
            pieces.append(self._simple_key())
            end = self.at
            self._skip(_INLINE_BLANK)
            if not self.text.startswith(".", self.at):
                self.at = end if self.text[self.at : self.at + 1] == "=" else self.at
                return tuple(pieces)
            self.at += 1

    def _simple_key(self) -> str:
        if self.text[self.at] in "\"'":
            return self._string()[1:-1]
        match = _BARE_KEY.match(self.text, self.at)
        assert match is not None
        self.at = match.end()
        return match.group()

    def _string(self) -> str:
        for pattern in _STRINGS:
            if match := pattern.match(self.text, self.at):
                self.at = match.end()
                return match.group()
        raise AssertionError("tomllib accepts no unfinished string")

    def _value(self, path: KeyPath) -> None:
        start = self.at
        match self.text[start]:
            case "[":
                self._array(path)
            case "{":
                self._inline_table(path)
            case '"' | "'":
                self._string()
            case _:
                match = _LITERAL.match(self.text, start)
                assert match is not None
                self.at = start + len(match.group().rstrip())
        self.values[path] = self._position(start, self.at)

    def _array(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        self._skip(_BLANK)
        while self.text[self.at] != "]":
            self._value((*path, index))
            index += 1
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(_BLANK)
        self.at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self.at += 1
        self._skip(_BLANK)
        while self.text[self.at] != "}":
            self._pair(path)
            self._skip(_BLANK)
            if self.text[self.at] == ",":
                self.at += 1
                self._skip(_BLANK)
        self.at += 1


@dataclass(frozen=True, slots=True)
class PositionIndex:
    """Answers where a key path stands; array elements are addressed by their number."""

    keys: dict[KeyPath, Position]
    values: dict[KeyPath, Position]

    @classmethod
    def of(cls, text: str) -> "PositionIndex":
        """Index a valid TOML text."""
        scanner = _Scanner(text)
        scanner.scan()
        return cls(scanner.keys, scanner.values)

    def of_key(self, path: KeyPath) -> Position:
        """The key itself; where it is not written, the nearest table that is."""
        return self._nearest(self.keys, path)

    def of_value(self, path: KeyPath) -> Position:
        """The value; where it is not written, the nearest table that is."""
        return self._nearest(self.values, path)

    @staticmethod
    def _nearest(positions: dict[KeyPath, Position], path: KeyPath) -> Position:
        for length in range(len(path), 0, -1):
            if path[:length] in positions:
                return positions[path[:length]]
        return Position(1, 1)
