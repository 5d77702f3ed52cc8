"""What somebody asks the archive: a window of time and the clues that are remembered.

Pure. Knows nothing of SQL or of the web.
"""

import struct
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as Base64Broken
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo

from archive.attributes import MarkKind
from archive.call.direction import Direction
from archive.call.mentions import ToldAs
from archive.call.numbers import NumberClue, NumberClueRefused, read_clue
from archive.flaws import Flaw, PartRefused
from archive.folded_names import fold_name, tokens
from archive.ids import ID_BYTES, ConversationId, RecordingId
from archive.moments import EPOCH, microseconds

# One page; whoever wants more goes on with the cursor.
MAX_LIMIT: Final = 500
DEFAULT_LIMIT: Final = 50
# As many clues as a person remembers of one call; each costs a look into an index.
MAX_CLUES: Final = 8
# Words of a name that are looked for; no name has more.
MAX_NAME_WORDS: Final = 6
# Call-IDs of chains of proxies are long.
MAX_ID_CHARS: Final = 256
# Names that somebody has written into a configuration.
MAX_MARK_CHARS: Final = 256
# Recordings that were never read for what they mention; more are said to be more.
MOST_UNREAD: Final = 10_000
_SERVERS_OWN: Final = "localtime"
_CURSOR: Final = struct.Struct(f">?q{ID_BYTES}s")


class QueryRefused(PartRefused):
    """The question cannot be answered as it is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From a moment until just before another, and the zone in which the answers are shown.

    A call is in the window if any of it is. Raises `QueryRefused` for times without an offset
    and for a window that ends before it begins.
    """

    start_at: datetime
    end_at: datetime
    zone: ZoneInfo

    def __post_init__(self) -> None:
        for field, moment in (("window.from", self.start_at), ("window.to", self.end_at)):
            if moment.utcoffset() is None:
                raise QueryRefused(field, Flaw.NO_OFFSET)
        if self.start_us > self.end_us:
            raise QueryRefused("window.to", Flaw.ENDS_FIRST)

    @property
    def start_us(self) -> int:
        """The beginning, µs since 1970 UTC."""
        return microseconds(self.start_at)

    @property
    def end_us(self) -> int:
        """The end, itself outside, µs since 1970 UTC."""
        return microseconds(self.end_at)


# Of all times that a call can have been.
ALWAYS: Final = Window(
    start_at=EPOCH, end_at=datetime(9000, 1, 1, tzinfo=UTC), zone=ZoneInfo("UTC")
)


@dataclass(frozen=True, slots=True)
class AgentClue:
    """An agent as remembered: id, name, reading, romaji or alias; words may be cut short."""

    text: str

    def __post_init__(self) -> None:
        if not 0 < len(self.words) <= MAX_NAME_WORDS:
            raise QueryRefused("clues", Flaw.AGENT_WORDS, most=MAX_NAME_WORDS)

    @property
    def words(self) -> tuple[str, ...]:
        """The words to look for, folded."""
        return tokens(self.text)

    @property
    def agents(self) -> "tuple[AgentClue, ...]":
        return (self,)


@dataclass(frozen=True, slots=True)
class AnyAgentClue:
    """One agent or another: what is remembered is the team, or one of two."""

    agents: tuple[AgentClue, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.agents) <= MAX_CLUES:
            raise QueryRefused("clues", Flaw.AGENTS, most=MAX_CLUES)


@dataclass(frozen=True, slots=True)
class CustomerClue:
    """A customer by name, as the call has it: who is not known to be an agent."""

    text: str

    def __post_init__(self) -> None:
        if not 0 < len(self.words) <= MAX_NAME_WORDS:
            raise QueryRefused("clues", Flaw.CUSTOMER_WORDS, most=MAX_NAME_WORDS)

    @property
    def words(self) -> tuple[str, ...]:
        """The words to look for, folded."""
        return tokens(self.text)


@dataclass(frozen=True, slots=True)
class PhoneClue:
    """A number of either side, or one that the source tells of the call, read by `parse`.

    With `told_as` only one that it tells as this.
    """

    number: NumberClue
    told_as: ToldAs | Literal[""] = ""

    @classmethod
    def parse(cls, text: str, country: str, told_as: ToldAs | Literal[""] = "") -> Self:
        """Read what was typed; raises `QueryRefused`."""
        try:
            return cls(read_clue(text, country), told_as)
        except NumberClueRefused as refused:
            raise QueryRefused("clues", refused.flaw, **refused.values) from refused


@dataclass(frozen=True, slots=True)
class DirectionClue:
    direction: Direction


@dataclass(frozen=True, slots=True, kw_only=True)
class DurationClue:
    """How long the call was, both ends included, in ms."""

    min_ms: int
    max_ms: int

    def __post_init__(self) -> None:
        if self.min_ms > self.max_ms:
            raise QueryRefused("clues", Flaw.DURATIONS)


@dataclass(frozen=True, slots=True)
class IdClue:
    """An id by which anybody knows the call: ours, a Call-ID, a Session-ID, a vendor's.

    In any case.
    """

    text: str

    def __post_init__(self) -> None:
        if not 0 < len(self.folded) <= MAX_ID_CHARS:
            raise QueryRefused("clues", Flaw.ID_LENGTH, most=MAX_ID_CHARS)

    @property
    def folded(self) -> str:
        return self.text.strip().casefold()

    @property
    def own(self) -> bytes | None:
        """The id of a recording or call of ours that it may be; None: it has another form."""
        with suppress(ValueError):
            return ConversationId.parse(self.folded).raw
        return None


@dataclass(frozen=True, slots=True)
class MarkClue:
    """What the route of an inline call says of its recordings: its queue, a tag; in any writing.

    Or what became of its notices, as `archive.call.notices` has it.
    """

    kind: MarkKind
    text: str

    def __post_init__(self) -> None:
        if not 0 < len(self.folded) <= MAX_MARK_CHARS:
            raise QueryRefused("clues", Flaw.MARK_LENGTH, most=MAX_MARK_CHARS)

    @property
    def folded(self) -> str:
        return fold_name(self.text)


Clue = (
    AgentClue
    | AnyAgentClue
    | CustomerClue
    | PhoneClue
    | DirectionClue
    | DurationClue
    | IdClue
    | MarkClue
)
# By which name the register keeps each, for years.
CLUE_KINDS: Final[Mapping[str, type[Clue]]] = {
    "agent": AgentClue,
    "agents": AnyAgentClue,
    "customer": CustomerClue,
    "number": PhoneClue,
    "direction": DirectionClue,
    "duration": DurationClue,
    "id": IdClue,
    "mark": MarkClue,
}


class Fit(Enum):
    """How the clues of people fit: as it is known on which side somebody is, or perhaps."""

    KNOWN = 0
    GUESSED = 1  # and not as it is known
    EITHER = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """The last call that was shown; the page after it is older.

    Behind all that is known to fit comes what fits by a guess (`is_guess`), newest first again.
    """

    started_us: int
    recording: RecordingId
    is_guess: bool = False

    def __str__(self) -> str:
        packed = _CURSOR.pack(self.is_guess, self.started_us, self.recording.raw)
        return urlsafe_b64encode(packed).decode()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a cursor as `str` gives it; raises `QueryRefused`."""
        try:
            packed = b64decode(text.encode("ascii"), altchars=b"-_", validate=True)
            is_guess, started_us, raw = _CURSOR.unpack(packed)
        except (Base64Broken, struct.error, UnicodeEncodeError) as broken:
            raise QueryRefused("cursor", Flaw.CURSOR) from broken
        return cls(started_us=started_us, recording=RecordingId(raw), is_guess=is_guess)


# Before every call: the page that begins with the newest.
NEWEST: Final = Cursor(started_us=(1 << 62) - 1, recording=RecordingId(b"\xff" * ID_BYTES))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """All clues must hold; newest first, `limit` at most, behind `after`.

    Of a side that is not known, or a guess, nobody can say that a clue does not hold (`fit`).
    """

    window: Window
    clues: tuple[Clue, ...] = ()
    limit: int = DEFAULT_LIMIT
    after: Cursor = NEWEST
    fit: Fit = Fit.EITHER

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise QueryRefused("limit", Flaw.PAGE, most=MAX_LIMIT)
        if len(self.clues) > MAX_CLUES:
            raise QueryRefused("clues", Flaw.CLUES, most=MAX_CLUES)

    @property
    def people(self) -> tuple[Clue, ...]:
        """The clues that ask for somebody on a side."""
        asked = (AgentClue, AnyAgentClue, CustomerClue)
        return tuple(each for each in self.clues if isinstance(each, asked))


def zone_named(name: str, field: str = "window.zone") -> ZoneInfo:
    """An IANA time zone by its name, never the server's own; raises `QueryRefused`."""
    try:
        if name == _SERVERS_OWN:
            raise ValueError(name)
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise QueryRefused(field, Flaw.NO_ZONE) from unknown
