"""Which route a call takes, and why: the first one whose conditions all hold.

Pure. Reads no clock; knows nothing of SIP messages or of what a route leads to.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from capture.inline.routing.hours import Hours
from capture.inline.routing.patterns import DialledNumber, is_pattern, read_dialled, read_pattern
from capture.inline.routing.route import HeaderCondition, Route


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteQuery:
    """What an INVITE asks for.

    `number` is the user part of the Request-URI as it came, `caller` that of P-Asserted-Identity or
    From; `country` that of the source, by which both are read ("" where nobody knows). Names of
    headers are in lower case.
    """

    source: str
    number: str
    caller: str = ""
    uri: str = ""
    country: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Routes:
    """All routes in their order, and the tables of hours that they name."""

    routes: tuple[Route, ...] = ()
    hours: tuple[Hours, ...] = ()

    def table(self, name: str) -> Hours:
        """The hours of that name; the configuration has seen to it that they exist."""
        return next(each for each in self.hours if each.name == name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The route that a call takes and the number that is dialled there."""

    route: Route
    dialled: str


class Condition(StrEnum):
    """What a route may ask of a call, in the order in which it is looked at."""

    SOURCE = "source"
    NUMBER = "number"
    CALLER = "caller"
    HEADER = "header"
    HOURS = "hours"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """A condition that does not hold: what was wanted, and what the call has."""

    condition: Condition
    wanted: tuple[str, ...]
    seen: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteVerdict:
    """What became of a route: why it does not match, or whether it is the first that does."""

    route: Route
    mismatches: tuple[Mismatch, ...]
    is_taken: bool

    @property
    def matches(self) -> bool:
        """Would it take the call if it stood first?"""
        return not self.mismatches


def decide(routes: Routes, asked: RouteQuery, now: datetime) -> Decision | None:
    """The first route that matches; None: the call has nowhere to go (404)."""
    scene = _Scene.of(routes, asked, now)
    for route in routes.routes:
        if next(_mismatches(scene, route), None) is None:
            return Decision(route=route, dialled=route.dial or asked.number)
    return None


def explain(routes: Routes, asked: RouteQuery, now: datetime) -> tuple[RouteVerdict, ...]:
    """Every route in its order, with each of its conditions that does not hold."""
    decision, scene = decide(routes, asked, now), _Scene.of(routes, asked, now)
    return tuple(
        RouteVerdict(
            route=route,
            mismatches=tuple(_mismatches(scene, route)),
            is_taken=decision is not None and route is decision.route,
        )
        for route in routes.routes
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scene:
    """What every route is compared with; numbers are read once, not for each route."""

    routes: Routes
    asked: RouteQuery
    number: DialledNumber
    caller: DialledNumber
    now: datetime

    @classmethod
    def of(cls, routes: Routes, asked: RouteQuery, now: datetime) -> Self:
        assert now.tzinfo is not None
        return cls(
            routes=routes,
            asked=asked,
            number=read_dialled(asked.number, asked.country),
            caller=read_dialled(asked.caller, asked.country),
            now=now,
        )

    def is_open(self, table: str) -> bool:
        return self.routes.table(table).is_open(self.now)


def _mismatches(scene: _Scene, route: Route) -> Iterator[Mismatch]:
    asked = scene.asked
    if route.source and asked.source not in route.source:
        yield Mismatch(condition=Condition.SOURCE, wanted=route.source, seen=(asked.source,))
    if route.number and not scene.number.is_one_of(route.number, asked.country):
        yield _number_mismatch(Condition.NUMBER, route.number, scene.number)
    if route.caller and not scene.caller.is_one_of(route.caller, asked.country):
        yield _number_mismatch(Condition.CALLER, route.caller, scene.caller)
    yield from _header_mismatches(route, asked)
    if route.hours and not scene.is_open(route.hours):
        yield _hours_mismatch(Condition.HOURS, scene.routes.table(route.hours), scene.now)
    if route.outside and scene.is_open(route.outside):
        yield _hours_mismatch(Condition.OUTSIDE, scene.routes.table(route.outside), scene.now)


def _hours_mismatch(condition: Condition, table: Hours, now: datetime) -> Mismatch:
    """Seen is the time on the wall clock of the table's zone."""
    shown = now.astimezone(table.zone).strftime("%a %Y-%m-%d %H:%M %Z")
    return Mismatch(condition=condition, wanted=(table.name,), seen=(shown,))


def _number_mismatch(
    condition: Condition, wanted: tuple[str, ...], number: DialledNumber
) -> Mismatch:
    """Seen is the number as it came, and in E.164 where it has that form."""
    seen = (number.raw, number.e164) if number.e164 else (number.raw,)
    return Mismatch(condition=condition, wanted=wanted, seen=tuple(dict.fromkeys(seen)))


def _header_mismatches(route: Route, asked: RouteQuery) -> Iterator[Mismatch]:
    """Names must all be there; of one name any of the values that are listed."""
    for name, wanted in _by_name(route).items():
        if not any(condition.matches(asked.headers) for condition in wanted):
            yield Mismatch(
                condition=Condition.HEADER,
                wanted=tuple(map(str, wanted)),
                seen=tuple(f"{name}: {value}" for value in asked.headers.get(name, ())),
            )


def _by_name(route: Route) -> dict[str, tuple[HeaderCondition, ...]]:
    return {
        name: tuple(each for each in route.headers if each.name == name)
        for name in dict.fromkeys(each.name for each in route.headers)
    }


def covers(earlier: Route, later: Route) -> bool:
    """Does the earlier route surely take every call that the later one would?

    Only what their texts say: two tables of hours with different names are different.
    """
    return all(rule(earlier, later) for rule in _COVERING)


def _source_covers(earlier: Route, later: Route) -> bool:
    return not earlier.source or (bool(later.source) and set(later.source) <= set(earlier.source))


def _patterns_cover(earlier: tuple[str, ...], later: tuple[str, ...]) -> bool:
    """Numbers are read without a country here: a source's is not known."""
    if not earlier or "*" in earlier:
        return True
    # What is no pattern is refused elsewhere and compared with nothing.
    wide = [read_pattern(each, "") for each in earlier if is_pattern(each)]
    return bool(later) and all(
        any(each.covers(read_pattern(narrow, "")) for each in wide) for narrow in later
    )


def _headers_cover(earlier: Route, later: Route) -> bool:
    narrow = _by_name(later)
    return all(
        name in narrow and all(any(each.covers(other) for each in wide) for other in narrow[name])
        for name, wide in _by_name(earlier).items()
    )


_COVERING: Final[tuple[Callable[[Route, Route], bool], ...]] = (
    _source_covers,
    lambda earlier, later: _patterns_cover(earlier.number, later.number),
    lambda earlier, later: _patterns_cover(earlier.caller, later.caller),
    _headers_cover,
    lambda earlier, later: earlier.hours in {"", later.hours},
    lambda earlier, later: earlier.outside in {"", later.outside},
)
