"""Rows of a call as a pattern: what two calls of one shape have alike, and where each has its own.

Found by comparing what the keeper wrote of two calls. Knows columns by what stands in them: one
that differs between the two by nothing that is known is refused, so that a new column is either
filled as the keeper fills it, or said to be missing here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from sqlalchemy import Column, Table

from archive.catalog.tables.catalog import (
    ROW,
    agent_period,
    catalog,
    naming,
    naming_word,
    retention_class,
    text_piece,
)
from eval.loading.own_values import NamingRow, PeriodRow, Value

# Rows that several calls share are not copied, but pointed to; pieces are as many as texts have.
APART: Final = (retention_class, naming, naming_word, text_piece)
# Columns that hold rows of a table of another name.
_OF_TABLE: Final = {"merged_into": "conversation", "changed_row": "recording"}
# At random in each row; a world that is loaded has one history.
_DRAWN: Final = "drawn"
# Rows that are not a call's own, each of a kind of value.
_KINDS: Final = {agent_period.name: PeriodRow, naming.name: NamingRow}
# A value within a text is as long as this at least; where each stands until the text is made.
_LEAST: Final = 4
_FIRST_MARK: Final = 0xE000
# Bytes that are no text are compared as well.
_ANY: Final = "surrogateescape"

Row = tuple[Value, ...]
# The values of a row among all of a call.
_Pick = Callable[[Sequence[Value]], Row]
# Where a value of a row is from, and which one of these it is.
_Cell = tuple[str, object]
Rows = Mapping[str, Sequence[Row]]


class NotLike(Exception):
    """Rows of two calls of one shape differ by something that is not known of them."""


@dataclass(frozen=True, slots=True)
class Written:
    """What the keeper wrote of a call, by table in the order of keys, and what it had of its own.

    `classes` are the contents of the classes of its recordings.
    """

    rows: Rows
    own: tuple[Value, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A text or bytes with values of a call's own in it."""

    form: str
    is_bytes: bool = False

    def filled(self, own: Sequence[Value]) -> str | bytes:
        """Of this call."""
        text = self.form.format(*own)
        return text.encode(errors=_ANY) if self.is_bytes else text


@dataclass(frozen=True, slots=True)
class Pattern:
    """Of a shape: texts to be filled, rows by table, each as places among all values of a call.

    These are its own, then its texts, the keys of its rows, those of its classes, what is constant.
    """

    texts: tuple[Text, ...]
    classes: tuple[Text, ...]
    constants: tuple[Value, ...]
    rows: Mapping[str, Sequence[_Pick]]

    def rows_of(
        self, own: Sequence[Value], keys: Mapping[str, int], classes: Sequence[int]
    ) -> Mapping[str, Sequence[Row]]:
        """Those of a call; `keys` are the last ones that each table has given."""
        values = [*own, *(each.filled(own) for each in self.texts)]
        for table, rows in self.rows.items():
            values += range(keys[table] + 1, keys[table] + 1 + len(rows))
        values += classes
        values += self.constants
        return {table: [row(values) for row in rows] for table, rows in self.rows.items()}


def pattern_of(one: Written, other: Written) -> Pattern:
    """What they have in common; raises `NotLike`."""
    return _Comparison(one, other).pattern()


class _Comparison:
    def __init__(self, one: Written, other: Written) -> None:
        self._one, self._other = one, other
        self._counts = {name: len(rows) for name, rows in one.rows.items()}
        if self._counts != {name: len(rows) for name, rows in other.rows.items()}:
            raise NotLike(f"{self._counts} rows")
        if len(one.own) != len(other.own):
            raise NotLike(f"{len(one.own)} values")
        self._texts: dict[Text, None] = {}
        self._constants: dict[tuple[type, Value], None] = {}

    def pattern(self) -> Pattern:
        """All rows of it."""
        found: dict[str, list[list[_Cell]]] = {}
        for name in self._one.rows:
            table = catalog.tables[name]
            found[name] = [
                [self._cell(table, column, at, which) for which, column in enumerate(table.columns)]
                for at in range(self._counts[name])
            ]
        classes = tuple(
            self._text(one, other, "class")
            for one, other in zip(self._one.classes, self._other.classes, strict=True)
        )
        places = self._places(len(classes))
        return Pattern(
            texts=tuple(self._texts),
            classes=classes,
            constants=tuple(value for _, value in self._constants),
            rows={
                name: [_pick([places[cell] for cell in row]) for row in rows]
                for name, rows in found.items()
            },
        )

    def _places(self, classes: int) -> dict[_Cell, int]:
        cells: list[_Cell] = [("own", at) for at in range(len(self._one.own))]
        cells += [("text", each) for each in self._texts]
        cells += [
            ("key", (name, at)) for name, count in self._counts.items() for at in range(count)
        ]
        cells += [("class", at) for at in range(classes)]
        cells += [("constant", each) for each in self._constants]
        return {cell: place for place, cell in enumerate(cells)}

    def _cell(self, table: Table, column: Column[object], at: int, which: int) -> _Cell:
        """What stands in a row's column."""
        one, other = (each.rows[table.name][at][which] for each in (self._one, self._other))
        if column.name == _DRAWN:
            one = other = 0
        if column.primary_key:
            return "key", (table.name, at)
        if _points(column) and one is not None:
            return self._pointing(column.name, (one, other), at)
        if one == other:
            self._constants[type(one), one] = None
            return "constant", (type(one), one)
        if (one, other) == self._keys(table.name, at):
            return "key", (table.name, at)
        return self._differing(f"{table.name}.{column.name}", one, other)

    def _pointing(self, column: str, two: tuple[Value, Value], at: int) -> _Cell:
        name = _OF_TABLE.get(column, column)
        if name == retention_class.name:
            return "class", at
        if name in _KINDS:
            return self._differing(column, *two, kinds=(_KINDS[name],))
        for each in range(self._counts.get(name, 0)):
            if self._keys(name, each) == two:
                return "key", (name, each)
        raise NotLike(f"{column} points to no row of the call")

    def _keys(self, name: str, at: int) -> tuple[Value, Value]:
        (key,) = catalog.tables[name].primary_key.columns
        place = list(catalog.tables[name].columns).index(key)
        return self._one.rows[name][at][place], self._other.rows[name][at][place]

    def _differing(
        self, name: str, one: Value, other: Value, *, kinds: tuple[type, ...] = (int, str, bytes)
    ) -> _Cell:
        for at, two in enumerate(zip(self._one.own, self._other.own, strict=True)):
            if two == (one, other) and type(two[0]) in kinds:
                return "own", at
        text = self._text(one, other, name)
        self._texts[text] = None
        return "text", text

    def _text(self, one: Value, other: Value, name: str) -> Text:
        forms = (self._form(one, self._one.own), self._form(other, self._other.own))
        if forms[0] != forms[1]:
            raise NotLike(f"{name}: {forms[0]!r}, {forms[1]!r}")
        return Text(forms[0], isinstance(one, bytes))

    def _form(self, value: Value, own: Sequence[Value]) -> str:
        """With the places of the values that are in it, the longest found first."""
        text = value.decode(errors=_ANY) if isinstance(value, bytes) else str(value)
        alike = (a == b for a, b in zip(self._one.own, self._other.own, strict=True))
        within = [
            (str(each), at)
            for at, (each, is_alike) in enumerate(zip(own, alike, strict=True))
            if not is_alike and isinstance(each, int | str) and len(str(each)) >= _LEAST
        ]
        for each, at in sorted(within, key=lambda told: -len(told[0])):
            text = text.replace(each, chr(_FIRST_MARK + at))
        text = text.replace("{", "{{").replace("}", "}}")
        for at in range(len(own)):
            text = text.replace(chr(_FIRST_MARK + at), f"{{{at}}}")
        return text


def _pick(places: Sequence[int]) -> _Pick:
    return itemgetter(*places)


def _points(column: Column[object]) -> bool:
    """Whether it holds a row of a call's own or one that is shared, by its number."""
    return column.name in _OF_TABLE or (column.type is ROW and column.name != "tenant")
