"""What somebody asks of ranked calls, as it was typed, and what is answered.

Values alone. Knows nothing of the web, nor of how an answer comes about.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from archive.access.query import DEFAULT_LIMIT, MAX_LIMIT, QueryRefused, Window
from archive.access.use import Limit
from archive.catalog.search.calls import FoundRecording
from archive.catalog.search.ledger import LedgerRow
from archive.flaws import Flaw, PartRefused
from archive.ids import ConversationId, RecordingId
from archive.lifecycle.tombstone import FoundTombstone
from archive.locate.answer.bursts import Burst
from archive.locate.answer.facets import Facet, Histogram
from archive.locate.answer.facts import State
from archive.locate.answer.question import Question
from archive.locate.answer.relaxations import Relaxations
from archive.locate.answer.verdict import Verdict
from archive.locate.clues import MAX_CLUES, Clue
from archive.locate.ranking.ranked_calls import Chances
from archive.locate.traced_text import Span
from archive.locate.when.values import Note

# Beside the recorded ones of a page, of those without a recording, the likeliest.
MAX_LOST: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedClue:
    """A clue of a kind of `archive.locate.clues.KINDS`, as a person types it into its field."""

    kind: str
    value: str
    likely: bool = False
    was: bool = True
    side: str = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedPage:
    """At most so many calls, behind those of a cursor."""

    limit: int = DEFAULT_LIMIT
    cursor: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocateQuery(AskedPage):
    """Texts and clues of which the best fits are wanted; a window is certain.

    `certain` are the kinds of clues of which the text is. `as_of`: when it was said, None for now.
    `forgives`: a field that cannot be read is left out also where it is certain, for who asks sees
    it beside the field. Raises `QueryRefused`.
    """

    zone: ZoneInfo
    text: str = ""
    certain: frozenset[str] = frozenset()
    clues: tuple[TypedClue | Clue, ...] = ()
    window: Window | None = None
    as_of: datetime | None = None
    asked: tuple[Question, ...] = ()
    forgives: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.limit <= MAX_LIMIT:
            raise QueryRefused("limit", Flaw.PAGE, most=MAX_LIMIT)
        if len(self.clues) > MAX_CLUES:
            raise QueryRefused("clues", Flaw.CLUES, most=MAX_CLUES)


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedCall:
    """A recorded call: its recordings within reach, oldest first, the other calls of its party.

    `weights` are what each clue says of it in the ranking, in their order; 0 is nothing.
    """

    conversation: ConversationId
    calls: tuple[FoundRecording, ...]
    burst: Burst
    weights: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedCall:
    """One that may be meant; `verdicts` are those of the clues, in their order.

    What is stored of it: recordings, else the row of the ledger, or the tombstone.
    """

    state: State
    chance: float
    verdicts: tuple[Verdict, ...]
    score: float = 0.0
    is_confirmed: bool = False
    recorded: RankedCall | None = None
    unrecorded: LedgerRow | None = None
    destroyed: FoundTombstone | None = None

    @property
    def calls(self) -> tuple[FoundRecording, ...]:
        """Its recordings; () where there are none."""
        return self.recorded.calls if self.recorded else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """What was made of a question: clues, in a text where they stand; what was not used; notes.

    `fields` are the places in the question of those of its own fields, in their order; `unread` is
    why nothing was made of the others, by their places.
    """

    clues: tuple[Clue, ...]
    fields: tuple[int, ...] = ()
    unread: Mapping[int, PartRefused] = field(default_factory=dict)
    unused: tuple[Span, ...] = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCounts:
    """Calls without a recording that may be meant, of which the likeliest `MAX_LOST` are shown.

    `is_cut`: older ones were not looked at.
    """

    total: int = 0
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of all candidates, `total` of them; `is_cut`: others fit as well and were not counted.

    `has_less_likely`: behind the last page come calls that no page lists.
    """

    facets: tuple[Facet, ...]
    histogram: Histogram
    total: int
    is_cut: bool
    has_less_likely: bool = False
    lost: LostCounts = LostCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What helps: which certain clue to drop where nothing fits, what to ask next."""

    relaxations: Relaxations
    question: Question | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """A page of candidates, the likeliest first; `knows_agents`: there is a table of agents.

    `limits`: which recordings who asks may not hear for what he stated, and why not.
    """

    understood: Understood
    candidates: tuple[LocatedCall, ...]
    chances: Chances
    counts: Counts
    advice: Advice
    next_cursor: str
    knows_agents: bool
    limits: Mapping[RecordingId, Limit] = field(default_factory=dict)
