"""What an answer may be about: within whose reach, and for which purpose.

Pure. Knows nothing of roles, of people or of SQL. What lies outside does not exist for who asks.
"""

import json
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final, Self

from archive.access.use import EVERY_USE, NO_USE, Use
from archive.flaws import Flaw, PartRefused
from archive.folded_names import fold_name

# One gift of a role; whoever needs more values than that means all of them.
MAX_VALUES: Final = 100
_KINDS: Final = ("queues", "teams", "controllers", "numbers")

_NUMBERS: Final = re.compile(
    r"(?P<first>\+?[0-9]{1,32})(?:(?P<rest>\*)|-(?P<last>\+?[0-9]{1,32}))?"
)


class ReachRefused(PartRefused):
    """A reach was given that cannot be one."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    """Numbers from one to another of the same length; `+81312*` is all that begin so."""

    first: str
    last: str
    is_prefix: bool

    @classmethod
    def parse(cls, text: str) -> "NumberRange":
        """Read `+81312*`, `1001-1099` or one number; raises `ReachRefused`."""
        found = _NUMBERS.fullmatch(text)
        if found is None:
            raise ReachRefused("numbers", Flaw.NO_RANGE)
        first, last = found["first"], found["last"] or found["first"]
        if len(first) != len(last) or first > last:
            raise ReachRefused("numbers", Flaw.RANGE_ENDS)
        return cls(first, last, is_prefix=found["rest"] is not None)

    def holds(self, number: str) -> bool:
        """Whether a number, as received or in E.164, lies in it."""
        if self.is_prefix:
            return number.startswith(self.first)
        return len(number) == len(self.first) and self.first <= number <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachFacts:
    """What a call that no catalog knows yet says of itself; folded but for the numbers."""

    queues: Collection[str] = ()
    teams: Collection[str] = ()
    controllers: Collection[str] = ()
    numbers: Collection[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachRule:
    """Recordings of which every kind that is named holds; nothing named is the whole tenant.

    Queues, teams and controllers are compared folded. A number range is `+81312*` or `1001-1099`
    and holds where a number of any party lies in it.
    """

    queues: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()
    controllers: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for values in (self.queues, self.teams, self.controllers, self.numbers):
            if len(values) > MAX_VALUES:
                raise ReachRefused("", Flaw.REACH_VALUES, most=MAX_VALUES)
            if not all(values):
                raise ReachRefused("", Flaw.REACH_EMPTY)
        for text in self.numbers:
            NumberRange.parse(text)

    @property
    def ranges(self) -> tuple[NumberRange, ...]:
        return tuple(NumberRange.parse(text) for text in sorted(self.numbers))

    def holds(self, facts: ReachFacts) -> bool:
        """Whether a call with these facts lies within."""
        named = (
            (self.queues, facts.queues),
            (self.teams, facts.teams),
            (self.controllers, facts.controllers),
        )
        in_range = (each.holds(number) for each in self.ranges for number in facts.numbers)
        return all(not wanted or not wanted.isdisjoint(own) for wanted, own in named) and (
            not self.numbers or any(in_range)
        )

    @property
    def is_whole(self) -> bool:
        """Does it hold for every recording of the tenant?"""
        return not (self.queues or self.teams or self.controllers or self.numbers)

    @property
    def folded(self) -> "ReachRule":
        """The same as it is compared; people see it as it was written."""
        return ReachRule(
            queues=frozenset(map(fold_name, self.queues)),
            teams=frozenset(map(fold_name, self.teams)),
            controllers=frozenset(map(fold_name, self.controllers)),
            numbers=self.numbers,
        )

    def encode(self) -> str:
        """As the register keeps it: JSON of the kinds that are named."""
        kinds = {kind: sorted(getattr(self, kind)) for kind in _KINDS}
        named = {kind: values for kind, values in kinds.items() if values}
        return json.dumps(named, ensure_ascii=False, sort_keys=True)

    @classmethod
    def decode(cls, text: str) -> Self:
        """What `encode` wrote."""
        return cls(**{kind: frozenset(values) for kind, values in json.loads(text).items()})


# Any of the rules is enough; () reaches nothing.
Reach = tuple[ReachRule, ...]
WHOLE: Final = ReachRule()
EVERYWHERE: Final[Reach] = (WHOLE,)


def reaches(reach: Reach, facts: ReachFacts) -> bool:
    """Whether a call with these facts lies within any of the rules."""
    return any(rule.holds(facts) for rule in reach)


def is_everywhere(reach: Reach) -> bool:
    """Whether no recording of the tenant lies outside."""
    return any(rule.is_whole for rule in reach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """A reach, and the code of the purpose that recordings must have or have none ("" = any).

    `use` decides of recordings whose use is limited; nothing said opens none of them.
    """

    reach: Reach
    purpose: str = ""
    use: Use = NO_USE

    @property
    def whole_reach(self) -> Self:
        """All that lies within the reach, whatever it may be used for: a bound, not an answer."""
        return replace(self, purpose="", use=EVERY_USE)

    @property
    def timeless(self) -> Self:
        """The same at no moment: what a statement is kept by."""
        return replace(self, use=replace(self.use, at_us=0))


# Of the keeper, of maintenance and of tests.
WHOLE_TENANT: Final = Within(reach=EVERYWHERE, use=EVERY_USE)
