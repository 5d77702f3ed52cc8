"""What happened outside of calls and begins periods of retention: contracts end, agents leave.

Pure: kinds, keys, days, and the table (CSV) in which others tell them. Knows no rule, and nothing
of what was told before.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from archive.csv_text import csv_text
from archive.flaws import Flaw, LineRefused, PartRefused, PartsRefused
from archive.folded_names import fold_name

CONTRACT_END: Final = "contract_end"
CASE_CLOSED: Final = "case_closed"
AGENT_LEFT: Final = "agent_left"
# Before the name of any other, which its key has as a tag.
OTHER: Final = "event:"
KINDS: Final = (CONTRACT_END, CASE_CLOSED, AGENT_LEFT)
COLUMNS: Final = ("kind", "key", "date")
# In the place of a day: it has not happened, whatever was told before.
NONE: Final = "none"
MAX_KEY_CHARS: Final = 200
# No period reaches the end of the calendar from here, and a slip of a century shows.
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
# Contracts of a large lender over many years; a bigger file is a mistake.
MAX_ROWS: Final = 200_000
# So many mistakes are told at once: who has more has another table.
MAX_FAULTS: Final = 100
# Which tag is the key of which event; every other name stands for itself.
_OF_TAGS: Final[Mapping[str, str]] = {"contract": CONTRACT_END, "case": CASE_CLOSED}
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class EventKey(NamedTuple):
    """To whom or what an event happens; folded, as tags are."""

    kind: str
    key: str

    @property
    def tag(self) -> str:
        """The tag that a recording has it by, folded; "": it has it by something else."""
        if self.kind == AGENT_LEFT:
            return ""
        names = {kind: name for name, kind in _OF_TAGS.items()}
        return f"{names.get(self.kind, self.kind.removeprefix(OTHER))}:{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldEvent:
    """Somebody says that it happens on a day; None: that it has not happened."""

    kind: str
    key: str
    day: date | None

    @classmethod
    def of(cls, kind: str, key: str, day: str) -> "ToldEvent":
        """As people write it. Raises `PartRefused` that names the column."""
        cells = {"kind": kind, "key": key, "date": day}
        for column in _wrong(cells):
            raise _refused(column, cells)
        return _event(cells)

    @property
    def about(self) -> EventKey:
        return EventKey(fold_name(self.kind), fold_name(self.key))

    @property
    def written(self) -> tuple[str, str, str]:
        """As a row of a table."""
        return self.kind, self.key, self.day.isoformat() if self.day else NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldTable:
    """What a table tells, each key once; the days of these lines lie out of range: not taken."""

    events: tuple[ToldEvent, ...]
    out_of_range: tuple[int, ...] = ()


def keys_of(tags: Iterable[str], agents: Iterable[str]) -> Iterator[EventKey]:
    """The keys that a recording has, by its tags and by the agents who took part, as compared."""
    for tag in sorted(tags):
        name, _, key = tag.partition(":")
        if name.strip() and key.strip():
            name = name.strip()
            yield EventKey(_OF_TAGS.get(name, OTHER + name), key.strip())
    yield from (EventKey(AGENT_LEFT, each) for each in sorted(agents))


def read_events(content: bytes) -> ToldTable:
    """Read a whole table (UTF-8, or Shift-JIS as Excel writes it).

    A day out of range, as systems write where there is none, is a flaw of its line alone. Raises
    `PartsRefused` with every line that is wrong otherwise, and then with these too.
    """
    text = csv_text(content)
    if text is None:
        raise PartsRefused(LineRefused(1, Flaw.TABLE_ENCODING))
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    faults: list[LineRefused] = []
    found: dict[EventKey, tuple[int, ToldEvent]] = {}
    for line, row in _rows(reader, faults):
        _take(found, line, row, faults)
    late = [each for each in faults if each.flaw is Flaw.TABLE_DAY_RANGE]
    if len(late) < len(faults):
        raise PartsRefused(*faults[:MAX_FAULTS])
    return ToldTable(
        events=tuple(each for _, each in found.values()),
        out_of_range=tuple(each.line for each in late),
    )


def _rows(
    reader: "csv.DictReader[str]", faults: list[LineRefused]
) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row with its line, until there are too many, or faults enough."""
    try:
        if sorted(reader.fieldnames or ()) != sorted(COLUMNS):
            faults.append(LineRefused(1, Flaw.TABLE_HEADER, columns=", ".join(COLUMNS)))
            return
        for count, row in enumerate(reader, 1):
            if count > MAX_ROWS:
                faults.append(LineRefused(reader.line_num, Flaw.TABLE_ROWS, most=MAX_ROWS))
            if _are_many(faults) or count > MAX_ROWS:
                return
            if None in row or None in row.values():
                faults.append(LineRefused(reader.line_num, Flaw.TABLE_FIELDS, count=len(COLUMNS)))
            else:
                yield reader.line_num, {name: row[name].strip() for name in COLUMNS}
    except csv.Error:
        faults.append(LineRefused(reader.reader.line_num, Flaw.TABLE_NOT_CSV))


def _are_many(faults: Sequence[LineRefused]) -> bool:
    """Whether it is another table; one with many days out of range may be the right one."""
    return sum(each.flaw is not Flaw.TABLE_DAY_RANGE for each in faults) >= MAX_FAULTS


def _take(
    found: dict[EventKey, tuple[int, ToldEvent]],
    line: int,
    cells: Mapping[str, str],
    faults: list[LineRefused],
) -> None:
    wrong = [_line_refused(line, column, cells) for column in _wrong(cells)]
    faults += wrong
    if wrong:
        return
    event = _event(cells)
    before, known = found.setdefault(event.about, (line, event))
    if known.day != event.day:
        faults.append(LineRefused(line, Flaw.TABLE_TWICE, other=before))


def _refused(column: str, cells: Mapping[str, str]) -> PartRefused:
    match column:
        case "kind":
            return PartRefused(column, Flaw.EVENT_KIND)
        case "key":
            return PartRefused(column, Flaw.EVENT_KEY)
        case _ if _calendar_day(cells["date"].strip()):
            return PartRefused(column, Flaw.EVENT_DAY_RANGE, first=FIRST_YEAR, last=LAST_YEAR)
        case _:
            return PartRefused(column, Flaw.EVENT_DAY)


def _line_refused(line: int, column: str, cells: Mapping[str, str]) -> LineRefused:
    match column:
        case "kind":
            return LineRefused(line, Flaw.TABLE_KIND)
        case "key":
            return LineRefused(line, Flaw.TABLE_KEY)
        case _ if _calendar_day(cells["date"].strip()):
            return LineRefused(line, Flaw.TABLE_DAY_RANGE, first=FIRST_YEAR, last=LAST_YEAR)
        case _:
            return LineRefused(line, Flaw.TABLE_DAY)


def _wrong(cells: Mapping[str, str]) -> list[str]:
    """The columns that are no such thing."""
    kind, key, day = (cells[column].strip() for column in COLUMNS)
    is_right = {
        "kind": kind in KINDS or (kind.startswith(OTHER) and kind.strip() != OTHER),
        "key": bool(key) and len(key) <= MAX_KEY_CHARS and key.isprintable(),
        "date": day == NONE or _day(day) is not None,
    }
    return [column for column in COLUMNS if not is_right[column]]


def _event(cells: Mapping[str, str]) -> ToldEvent:
    kind, key, day = (cells[column].strip() for column in COLUMNS)
    if kind not in KINDS:
        kind = OTHER + fold_name(kind.removeprefix(OTHER))
    return ToldEvent(kind=kind, key=key, day=_day(day))


def _day(text: str) -> date | None:
    day = _calendar_day(text)
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _calendar_day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
