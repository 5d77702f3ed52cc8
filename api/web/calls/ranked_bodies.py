"""What is sent to have calls ranked: a text, clues as a person types them, when that was said.

Knows nothing of how they are read. Input that is not exactly as documented is refused.
"""

from typing import Annotated, Final, Literal
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr

from api.locate.question import LocateQuery, TypedClue
from api.permissions.errors import Unfit
from api.web.http.models import MAX_DURATION_MS, DurationMs, Text, WindowBody
from api.web.http.times import Moment
from archive.access.query import (
    DEFAULT_LIMIT,
    MAX_CLUES as MAX_AGENTS,
    MAX_LIMIT,
    DurationClue,
    QueryRefused,
    zone_named,
)
from archive.call.mentions import ToldAs
from archive.locate.answer.question import Question
from archive.locate.clues import MAX_CLUES, MAX_TEXT, AgentClue, Clue, LengthClue

# Of a cursor of a ranking; it holds the state of adoption too.
_MAX_CURSOR: Final = 120
# Control characters are refused where it is read.
Typed = Annotated[StrictStr, Field(min_length=1, max_length=MAX_TEXT)]
# What a text may say, of which nobody types more than one into a field.
TextKind = Literal[
    "when", "agent", "team", "extension", "number", "dialled", "direction", "queue", "length",
    "happened", "customer", "id", "gist",
]  # fmt: skip


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _ClueBody(_Body):
    """A clue narrows to what fits it, unless it is only `likely`."""

    likely: StrictBool = False


class TypedClueBody(_ClueBody):
    """A clue as a person types it into a field of its own; a tag is read as a gist."""

    kind: Literal[
        "when", "agent", "team", "extension", "dialled", "direction", "queue", "length",
        "customer", "id", "gist", "tag", "not",
    ]  # fmt: skip
    value: Typed

    def clue(self, _place: int) -> TypedClue:
        """The clue that this is."""
        kind = "gist" if self.kind == "tag" else self.kind
        return TypedClue(kind=kind, value=self.value, likely=self.likely)


class RankedNumberBody(_ClueBody):
    """The outside party's number as it is remembered, or that it was withheld."""

    kind: Literal["number"]
    value: Typed
    told_as: ToldAs | Literal[""] = ""

    def clue(self, place: int) -> TypedClue:
        """The clue that this is; raises `QueryRefused`."""
        if self.told_as:
            raise QueryRefused(f"clues.{place}.told_as", Unfit.NOT_RANKED, kind="told_as")
        return TypedClue(kind=self.kind, value=self.value, likely=self.likely)


class HappenedBody(_ClueBody):
    """Whether it was transferred, held or called back, or (`was` false) was not."""

    kind: Literal["happened"]
    value: Typed
    was: StrictBool = True

    def clue(self, _place: int) -> TypedClue:
        """The clue that this is."""
        return TypedClue(kind=self.kind, value=self.value, likely=self.likely, was=self.was)


class BesideBody(_ClueBody):
    """A call of the same party before or after the one with this id of ours."""

    kind: Literal["beside"]
    value: Typed
    side: Literal["before", "after"]

    def clue(self, _place: int) -> TypedClue:
        """The clue that this is."""
        return TypedClue(kind=self.kind, value=self.value, likely=self.likely, side=self.side)


class RankedAgentsBody(_ClueBody):
    """Agents of whom any one was in the call."""

    kind: Literal["agents"]
    values: Annotated[list[Text], Field(min_length=1, max_length=MAX_AGENTS)]

    def clue(self, _place: int) -> Clue:
        """The clue that this is."""
        return Clue(value=AgentClue(tuple(self.values)), certain=not self.likely)


class RankedDurationBody(_ClueBody):
    """How long the call was, both ends included."""

    kind: Literal["duration"]
    min_ms: DurationMs = 0
    max_ms: DurationMs = MAX_DURATION_MS

    def clue(self, _place: int) -> Clue:
        """The clue that this is; raises `QueryRefused`."""
        ends = DurationClue(min_ms=self.min_ms, max_ms=self.max_ms)
        length = LengthClue(min_ms=ends.min_ms, max_ms=ends.max_ms)
        return Clue(value=length, certain=not self.likely)


class ListedClueBody(_ClueBody):
    """A clue by which calls are listed and never ranked: it is refused."""

    kind: Literal["notice", "route", "purpose", "controller"]
    value: Text

    def clue(self, place: int) -> TypedClue:
        """Raise `QueryRefused`."""
        raise QueryRefused(f"clues.{place}", Unfit.NOT_RANKED, kind=self.kind)


RankedClueBody = Annotated[
    TypedClueBody
    | RankedNumberBody
    | HappenedBody
    | BesideBody
    | RankedAgentsBody
    | RankedDurationBody
    | ListedClueBody,
    Field(discriminator="kind"),
]


class AskedPageBody(_Body):
    """At most so many calls, behind those of the cursor that a page before gave."""

    limit: Annotated[StrictInt, Field(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT
    cursor: Annotated[StrictStr, Field(max_length=_MAX_CURSOR)] | None = None


class RankedSearchBody(AskedPageBody):
    """What is remembered of a call, in a sentence and by clue; with a window that is certain.

    It ranks by `text`, a clue that is `likely`, or one of a kind that lists know nothing of. What
    the text says is likely, but for the kinds that are `certain`. `zone` is that of what is read
    and shown; where none is told it is the one that a browser keeps, else the site's, and a note
    says which. `as_of`: when it was said, null for now. `asked` are questions of earlier answers,
    which are not asked again.
    """

    text: Annotated[StrictStr, Field(max_length=MAX_TEXT)] = ""
    certain: Annotated[list[TextKind], Field(max_length=MAX_CLUES)] = []
    clues: Annotated[list[RankedClueBody], Field(max_length=MAX_CLUES)] = []
    window: WindowBody | None = None
    zone: Annotated[Text | None, Field(examples=["Asia/Tokyo"])] = None
    as_of: Moment | None = None
    asked: Annotated[list[Question], Field(max_length=len(Question))] = []

    @property
    def tells_zone(self) -> bool:
        """Is it told by which zone times are read?"""
        return self.window is not None or self.zone is not None

    def query(self, usual: ZoneInfo) -> LocateQuery:
        """The question that this is, by the usual zone where none is told; or `QueryRefused`."""
        window = None if self.window is None else self.window.window()
        named = usual if self.zone is None else zone_named(self.zone, "zone")
        zone = window.zone if window else named
        return LocateQuery(
            zone=zone,
            text=self.text,
            certain=frozenset(self.certain),
            clues=tuple(each.clue(place) for place, each in enumerate(self.clues)),
            window=window,
            as_of=self.as_of,
            limit=self.limit,
            cursor=self.cursor or "",
            asked=tuple(self.asked),
        )
