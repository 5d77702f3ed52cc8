"""The form of ranked search: what was typed into which field, what is certain, what is left aside.

Pure. Knows nothing of what is meant by it, nor of what is found; its address is the search.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal, Self, get_args
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from api.locate.question import LocateQuery, TypedClue
from api.web.pages.forms import Form
from archive.locate.answer.question import Question

AT: Final = "/calls"
TEXT: Final = "text"
# In the order in which they stand; of more than one of a kind a form has a field each.
KINDS: Final = (
    "when", "number", "agent", "customer", "direction", "length", "happened", "gist", "queue",
    "team", "extension", "dialled", "id", "beside", "not",
)  # fmt: skip
# What is seldom remembered stands under "More".
SELDOM: Final = ("team", "extension", "dialled", "id", "beside")
NOT: Final = "not"
# As many as a telephone call leaves time for.
PAGE: Final = 10

Mark = Literal["likely", "certain", "aside"]
_MARKS: Final[Mapping[Mark, str]] = {"certain": "sure", "aside": "aside"}
_STATE: Final = ("sure", "aside", "side", "asked", "cursor", "shown")
NAMES: Final = frozenset({TEXT, *KINDS, *_STATE})
_SIDES: Final = ("before", "after")
_NEGATIVE: Final = "not "
_DIGITS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedValue:
    """What stands in a field; `key` is its own among those of its kind."""

    kind: str
    text: str
    mark: Mark = "likely"
    key: str = ""

    @property
    def is_asked(self) -> bool:
        """Whether it counts."""
        return self.mark != "aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueForm:
    """All of it; `side` is that of `beside`, `shown` how many are on the pages before."""

    text: str = ""
    values: tuple[TypedValue, ...] = ()
    side: str = _SIDES[0]
    asked: tuple[Question, ...] = ()
    cursor: str = ""
    shown: int = 0

    @classmethod
    def read(cls, form: Form) -> Self:
        """What a form sends; what it does not know it leaves."""
        marks = {key: mark for mark, name in _MARKS.items() for key in form.all(name)}
        typed = (
            TypedValue(kind=kind, text=text, mark=marks.get(_key(kind, place), "likely"))
            for kind in KINDS
            for place, text in enumerate(form.all(kind))
        )
        known = {str(each): each for each in Question}
        side, shown = form.text("side"), form.text("shown")
        return cls(
            text=form.text(TEXT),
            values=_keyed(typed),
            side=side if side in _SIDES else _SIDES[0],
            asked=tuple(known[each] for each in form.all("asked") if each in known),
            cursor=form.text("cursor"),
            shown=int(shown) if shown.isdecimal() and len(shown) < _DIGITS else 0,
        )

    @property
    def asks(self) -> bool:
        """Whether anything counts."""
        return bool(self.text) or bool(self.counted)

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not self.text and not self.values

    @property
    def counted(self) -> tuple[TypedValue, ...]:
        """The fields that count, in their order: that of the clues of the question."""
        return tuple(each for each in self.values if each.is_asked)

    def of(self, kind: str) -> tuple[TypedValue, ...]:
        """Those of a kind."""
        return tuple(each for each in self.values if each.kind == kind)

    def query(self, zone: ZoneInfo) -> LocateQuery:
        """What is asked; raises `QueryRefused`."""
        return LocateQuery(
            zone=zone,
            text=self.text,
            clues=tuple(self._clue(each) for each in self.counted),
            limit=PAGE,
            cursor=self.cursor,
            asked=self.asked,
            forgives=True,
        )

    def _clue(self, typed: TypedValue) -> TypedClue:
        # Who says "not this one" has looked at it.
        likely = typed.mark != "certain" and typed.kind != NOT
        if typed.kind == "happened" and typed.text.startswith(_NEGATIVE):
            what = typed.text.removeprefix(_NEGATIVE)
            return TypedClue(kind=typed.kind, value=what, likely=likely, was=False)
        return TypedClue(kind=typed.kind, value=typed.text, likely=likely, side=self.side)

    def changed(self, *values: TypedValue, text: str | None = None) -> "ClueForm":
        """With these values in place of its own; from the first page on."""
        own = self.text if text is None else text
        return replace(self, text=own, values=_keyed(values), cursor="", shown=0)

    def marked(self, key: str, mark: Mark) -> "ClueForm":
        """One of its values more or less sure."""
        return self.changed(
            *(replace(each, mark=mark) if each.key == key else each for each in self.values)
        )

    def without(self, key: str) -> "ClueForm":
        """One of its values taken out."""
        return self.changed(*(each for each in self.values if each.key != key))

    def with_value(self, kind: str, text: str, mark: Mark = "likely") -> "ClueForm":
        """One more; the same once."""
        own = [each for each in self.values if (each.kind, each.text) != (kind, text)]
        return self.changed(*own, TypedValue(kind=kind, text=text, mark=mark))

    def with_only(self, kind: str, text: str) -> "ClueForm":
        """This one of its kind, for certain; a time of day that is likely stays beside a day."""
        own = (
            each
            for each in self.values
            if each.kind != kind or (kind == "when" and each.mark == "likely")
        )
        return self.changed(*own, TypedValue(kind=kind, text=text, mark="certain"))

    def beside(self, call: str, side: str) -> "ClueForm":
        """A call of the same party before or after this one."""
        others = [each for each in self.values if each.kind != "beside"]
        asked = self.changed(*others, TypedValue(kind="beside", text=call))
        return replace(asked, side=side)

    def at(self, cursor: str, shown: int) -> "ClueForm":
        """Another page of the same."""
        return replace(self, cursor=cursor, shown=shown)

    def having_asked(self, question: Question) -> "ClueForm":
        """That has been asked, and is not to be asked again."""
        asked = tuple(dict.fromkeys((*self.asked, question)))
        return replace(self, asked=asked, cursor="", shown=0)

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All of it by the names of a form; the text, also an empty one, says what is asked."""
        return tuple(self._pairs())

    def _pairs(self) -> Iterator[tuple[str, str]]:
        yield TEXT, self.text
        yield from ((each.kind, each.text) for each in self.values)
        yield from self.state()

    def state(self) -> Iterator[tuple[str, str]]:
        """What is no field to be typed into."""
        yield from (
            (name, each.key)
            for mark, name in _MARKS.items()
            for each in self.values
            if each.mark == mark
        )
        if self.of("beside") and self.side != _SIDES[0]:
            yield "side", self.side
        yield from (("asked", str(each)) for each in self.asked)
        if self.cursor:
            yield "cursor", self.cursor
            yield "shown", str(self.shown)

    def address(self) -> str:
        """Where this is asked."""
        return f"{AT}?{urlencode(self.pairs())}"


def _key(kind: str, place: int) -> str:
    return f"{kind}{place + 1}" if place else kind


def _keyed(values: "Iterator[TypedValue] | tuple[TypedValue, ...]") -> tuple[TypedValue, ...]:
    """In the order of the kinds, each with its key."""
    own = sorted(values, key=lambda each: KINDS.index(each.kind))
    counts: dict[str, int] = {}
    found = []
    for each in own:
        place = counts.get(each.kind, 0)
        counts[each.kind] = place + 1
        found.append(replace(each, key=_key(each.kind, place)))
    return tuple(found)


assert get_args(Mark) == ("likely", *_MARKS)
