"""The table of agents as a CSV file brings it: who sat at which extension from when to when.

Pure. Knows nothing of calls or of the catalog.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from archive.csv_text import csv_text
from archive.flaws import Flaw, LineRefused
from archive.moments import microseconds

COLUMNS: Final = (
    "agent_id",
    "name",
    "kana",
    "romaji",
    "aliases",
    "extension",
    "valid_from",
    "valid_to",
)
# Tables of sites without teams lack it.
TEAM: Final = "team"
_REQUIRED: Final = ("agent_id", "name", "extension")
_ALIAS_SEPARATOR: Final = ";"
_DATE_LENGTH: Final = len("2026-04-01")
# The ends of a period that has none: 1970, and the last day of the calendar.
ALWAYS_US: Final = 0
FOREVER_US: Final = microseconds(datetime(9999, 12, 31, tzinfo=UTC))
# Seats of a large centre over many years; a bigger file is a mistake.
MAX_ROWS: Final = 200_000


class AgentTableRefused(LineRefused):
    """The CSV cannot be taken over; says in which line, never whose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPeriod:
    """One agent at one extension, from `valid_from_us` until just before `valid_to_us`."""

    agent_id: str
    name: str
    kana: str
    romaji: str
    aliases: tuple[str, ...]
    extension: str
    valid_from_us: int
    valid_to_us: int
    team: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that the agent goes by."""
        return names_told(self.name, self.kana, self.romaji, *self.aliases)


def split_aliases(joined: str) -> tuple[str, ...]:
    """Those that stand in one cell; spaces around them are theirs."""
    return tuple(filter(None, joined.split(_ALIAS_SEPARATOR)))


def join_aliases(aliases: Iterable[str]) -> str:
    """In one cell."""
    return _ALIAS_SEPARATOR.join(aliases)


def names_told(*cells: str) -> tuple[str, ...]:
    """Those of the cells of names that are filled."""
    return tuple(filter(None, cells))


def read_agents(content: bytes, zone: ZoneInfo) -> tuple[AgentPeriod, ...]:
    """Read a whole table (UTF-8, or Shift-JIS as Excel writes it).

    Times without an offset are in `zone`; a date alone means its first moment in `valid_from` and
    its last in `valid_to`; empty means always and forever. `team` may be left out. Raises
    `AgentTableRefused`, also where two agents sit at one extension at once.
    """
    text = csv_text(content)
    if text is None:
        raise AgentTableRefused(1, Flaw.TABLE_ENCODING)
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    columns = _columns(reader.fieldnames or ())
    rows: list[tuple[int, AgentPeriod]] = []
    try:
        for row in reader:
            cells = _cells(reader.line_num, row, columns)
            rows.append((reader.line_num, _period(reader.line_num, cells, zone)))
            if len(rows) > MAX_ROWS:
                raise AgentTableRefused(reader.line_num, Flaw.TABLE_ROWS, most=MAX_ROWS)
    except csv.Error as broken:
        raise AgentTableRefused(reader.reader.line_num, Flaw.TABLE_NOT_CSV) from broken
    _refuse_overlaps(rows)
    return tuple(period for _, period in rows)


def _columns(header: Sequence[str]) -> tuple[str, ...]:
    """The columns of a table, in whatever order; that of teams may be missing."""
    columns = (*COLUMNS, TEAM) if TEAM in header else COLUMNS
    if sorted(header) != sorted(columns):
        raise AgentTableRefused(1, Flaw.TABLE_COLUMNS, columns=", ".join(COLUMNS), perhaps=TEAM)
    return columns


def _cells(line: int, row: dict[str, str | None], columns: tuple[str, ...]) -> dict[str, str]:
    """What a row says, "" where a column is left out."""
    if None in row or None in row.values():
        raise AgentTableRefused(line, Flaw.TABLE_FIELDS, count=len(columns))
    return {TEAM: ""} | {column: (row[column] or "").strip() for column in columns}


def _period(line: int, cell: dict[str, str], zone: ZoneInfo) -> AgentPeriod:
    for column in _REQUIRED:
        if not cell[column]:
            raise AgentTableRefused(line, Flaw.TABLE_EMPTY, column=column)
    aliases = (alias.strip() for alias in cell["aliases"].split(_ALIAS_SEPARATOR))
    period = AgentPeriod(
        agent_id=cell["agent_id"],
        name=cell["name"],
        kana=cell["kana"],
        romaji=cell["romaji"],
        aliases=tuple(alias for alias in aliases if alias),
        extension=cell["extension"],
        valid_from_us=_moment(line, cell["valid_from"], zone, timedelta()) or ALWAYS_US,
        valid_to_us=_moment(line, cell["valid_to"], zone, timedelta(days=1)) or FOREVER_US,
        team=cell[TEAM],
    )
    if period.valid_from_us >= period.valid_to_us:
        raise AgentTableRefused(line, Flaw.TABLE_PERIOD)
    return period


def _moment(line: int, text: str, zone: ZoneInfo, day: timedelta) -> int:
    """The moment in µs UTC; 0 where nothing is written; `day` is added to a date alone."""
    if not text:
        return 0
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as broken:
        raise AgentTableRefused(line, Flaw.TABLE_TIME) from broken
    if len(text) <= _DATE_LENGTH:
        moment += day
    aware = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    return microseconds(aware)


def _refuse_overlaps(rows: list[tuple[int, AgentPeriod]]) -> None:
    ordered = sorted(rows, key=lambda row: (row[1].extension, row[1].valid_from_us))
    for (_, before), (line, after) in pairwise(ordered):
        if before.extension == after.extension and after.valid_from_us < before.valid_to_us:
            raise AgentTableRefused(line, Flaw.TABLE_TAKEN)
