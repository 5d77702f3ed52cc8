"""What somebody asks the ledger: a window of time, one source or all, from which row on.

Pure. Knows nothing of SQL or of the web.
"""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Broken
from dataclasses import dataclass
from typing import Final, Self

from archive.access.query import (
    DEFAULT_LIMIT,
    MAX_LIMIT,
    AgentClue,
    Clue,
    CustomerClue,
    PhoneClue,
    QueryRefused,
    SearchQuery,
    Window,
)
from archive.flaws import Flaw
from archive.ids import ID_BYTES

_CURSOR: Final = struct.Struct(f">q{ID_BYTES}sq")


@dataclass(frozen=True, slots=True, order=True)
class LedgerCursor:
    """The place of a row: when the call began, the id of its recording or page, which event of it.

    It stays the same when the index is built anew.
    """

    at_us: int
    own: bytes
    serial: int

    def __str__(self) -> str:
        packed = _CURSOR.pack(self.at_us, self.own, self.serial)
        return urlsafe_b64encode(packed).decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a cursor as `str` gives it; raises `QueryRefused`."""
        try:
            return cls(*_CURSOR.unpack(urlsafe_b64decode(text.encode("ascii"))))
        except (Base64Broken, struct.error, UnicodeEncodeError) as broken:
            raise QueryRefused("cursor", Flaw.CURSOR) from broken


# Before every call: the page that begins with the oldest.
OLDEST: Final = LedgerCursor(-(1 << 62), bytes(ID_BYTES), -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerQuery:
    """The calls that began in the window, oldest first, `limit` at most, behind `after`.

    `source` is the name of one, "" for all. `without_recording`: only those of which nobody is
    kept. `number` and `name` are of somebody in the call, or told of it ("": whoever).
    """

    window: Window
    source: str = ""
    without_recording: bool = False
    number: PhoneClue | None = None
    name: str = ""
    limit: int = DEFAULT_LIMIT
    after: LedgerCursor = OLDEST

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise QueryRefused("limit", Flaw.PAGE, most=MAX_LIMIT)
        if self.name:
            CustomerClue(self.name)  # which refuses a name without words, or of too many

    @classmethod
    def beside(cls, query: SearchQuery, limit: int) -> Self:
        """Calls without a recording of a search's window, of its number and its one name."""
        people = (each for each in query.clues if isinstance(each, AgentClue | CustomerClue))
        return cls(
            window=query.window,
            without_recording=True,
            number=next((each for each in query.clues if isinstance(each, PhoneClue)), None),
            name=next((each.text for each in people), ""),
            limit=limit,
        )

    @property
    def clues(self) -> tuple[tuple[Clue, ...], ...]:
        """What recorded calls are searched by: any of each."""
        number: tuple[Clue, ...] = () if self.number is None else (self.number,)
        name = (CustomerClue(self.name), AgentClue(self.name)) if self.name else ()
        return tuple(each for each in (number, name) if each)
