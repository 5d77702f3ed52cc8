"""What must become of a small archive, worked out in a few lines of their own.

Knows nothing of Rokuon: no rule, hold, calendar or brake of it is asked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta, timezone
from fractions import Fraction
from math import ceil

TOKYO = timezone(timedelta(hours=9))
NEVER = datetime.max.replace(tzinfo=TOKYO)
DAY = timedelta(days=1)
Clue = tuple[str, str]


@dataclass(frozen=True)
class ModelRule:
    """Years that audio is kept at least, and after which it goes; 0 says nothing."""

    own: str
    rank: str
    match: tuple[Clue, ...]
    at_least: int
    after: int


@dataclass
class ModelCall:
    """One recording; without its last part nothing is known of it."""

    number: int
    ended: date
    queue: str = ""
    tag: str = ""
    customer: str = ""
    extension: str = ""
    group: str = ""
    is_whole: bool = True

    def fits(self, clue: Clue, seats: Mapping[str, str]) -> bool | None:
        """None: nobody knows."""
        kind, value = clue
        if kind == "agent":
            return seats[self.extension] == value if self.extension in seats else None
        return (
            bool(value)
            and {"queue": self.queue, "tag": self.tag, "number": self.customer}[kind] == value
        )

    @property
    def conversation(self) -> tuple[str, date]:
        """Of a group; a client may use its name again years later."""
        return self.group, self.ended

    def is_over(self, years: int) -> datetime:
        """The day of the call does not count; what begins on a day ends before that day."""
        first = self.ended + DAY
        end = first.replace(year=first.year + years)
        return datetime(end.year, end.month, end.day, tzinfo=TOKYO)


@dataclass
class ModelHold:
    """`named` None: by its clues; `until` None: in force."""

    clues: tuple[Clue, ...]
    named: frozenset[int] | None
    future: bool
    whole: bool
    has: set[int] = field(default_factory=set)
    until: datetime | None = None


@dataclass(frozen=True)
class Fate:
    """`destroy` by rules or cases, or why not."""

    says: str
    grounds: frozenset[str] = frozenset()


@dataclass
class Model:
    """An archive: `frozen` and `erased` are cases by call, `seats` who sits at an extension."""

    now: datetime
    calls: dict[int, ModelCall] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)
    rules: tuple[ModelRule, ...] = ()
    holds: list[ModelHold] = field(default_factory=list)
    frozen: dict[int, set[str]] = field(default_factory=dict)
    erased: dict[int, set[tuple[str, str]]] = field(default_factory=dict)
    seats: dict[str, str] = field(default_factory=dict)

    @property
    def there(self) -> dict[int, ModelCall]:
        """What is left."""
        return {own: each for own, each in self.calls.items() if own not in self.gone}

    def changed(self) -> None:
        """After whatever may have changed: holds take on, and never let go of what they have."""
        for each in self.holds:
            if each.until is None:
                self._grow(each)

    def place(self, own: ModelHold) -> None:
        """Whatever it means now, it has; the id of one of several is also that of their call."""
        self.holds.append(own)
        own.has |= {one for one in self.there if self._is_meant(own, one)}
        self._grow(replace(own, whole=own.whole or own.named is not None))

    def is_held(self, call: int) -> bool:
        """In force, or in its time of grace."""
        return any(
            call in each.has and (each.until is None or self.now < each.until)
            for each in self.holds
        )

    def fate(self, call: int) -> Fate:
        """What becomes of it now: unknown keeps; holds; freezes; courts; grants; rules."""
        own = self.calls[call]
        said = [each for each in self.rules if self._means(each, own) is not False]
        if said and (not own.is_whole or any(self._means(each, own) is None for each in said)):
            return Fate("unknown")
        if self.is_held(call):
            return Fate("held")
        if self.frozen.get(call):
            return Fate("frozen")
        return self._ordered(own, said) or self._ruled(own, said)

    def fates(self) -> dict[int, Fate]:
        """Of all that is left."""
        return {own: self.fate(own) for own in self.there}

    def due(self) -> dict[int, frozenset[str]]:
        """What must go now, and on what grounds."""
        return {own: each.grounds for own, each in self.fates().items() if each.says == "destroy"}

    def allowed(self, share: Fraction, today: int) -> int:
        """How many more may go on a day on which so many went."""
        return ceil(share * (len(self.there) + today)) - today

    def _is_meant(self, own: ModelHold, call: int) -> bool:
        if own.named is not None:
            return call in own.named
        return all(self.calls[call].fits(each, self.seats) for each in own.clues)

    def _grow(self, own: ModelHold) -> None:
        if own.future:
            own.has |= {one for one in self.there if self._is_meant(own, one)}
        if own.whole:
            grouped = {one: each for one, each in self.there.items() if each.group}
            held = {each.conversation for one, each in grouped.items() if one in own.has}
            own.has |= {one for one, each in grouped.items() if each.conversation in held}

    def _means(self, rule: ModelRule, call: ModelCall) -> bool | None:
        answers = [call.fits(each, self.seats) if call.is_whole else None for each in rule.match]
        return False if False in answers else None if None in answers else True

    def _ordered(self, call: ModelCall, said: list[ModelRule]) -> Fate | None:
        """What a court orders goes; what is granted yields to the law alone."""
        cases = self.erased.get(call.number, set())
        court = {f"case:{case}" for case, kind in cases if kind == "court"}
        if court or not cases:
            return Fate("destroy", frozenset(court)) if court else None
        by_law = [
            call.is_over(each.at_least) for each in said if each.rank == "law" and each.at_least
        ]
        if any(self.now < end for end in by_law):
            return Fate("restricted")
        return Fate("destroy", frozenset(f"case:{case}" for case, _ in cases))

    def _ruled(self, call: ModelCall, said: list[ModelRule]) -> Fate:
        """The latest minimum counts, and the earliest maximum; of policies the most specific."""
        minima = [call.is_over(each.at_least) for each in _counted(said, "at_least")]
        maxima = {each.own: call.is_over(each.after) for each in _counted(said, "after")}
        first = min(maxima.values(), default=NEVER)
        if self.now < first:
            return Fate("not_due")
        if any(self.now < end for end in minima):
            return Fate("restricted")
        return Fate("destroy", frozenset(own for own, end in maxima.items() if end == first))


def _counted(said: Iterable[ModelRule], what: str) -> list[ModelRule]:
    asked = [each for each in said if getattr(each, what)]
    most = max((len(each.match) for each in asked if each.rank == "policy"), default=0)
    return [each for each in asked if each.rank != "policy" or len(each.match) == most]
