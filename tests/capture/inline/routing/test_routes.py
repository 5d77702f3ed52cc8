"""Which route a call takes: the first one whose conditions all hold."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from capture.inline.routing.hours import parse_hours
from capture.inline.routing.route import Route
from capture.inline.routing.routes import (
    Condition,
    Decision,
    RouteQuery,
    Routes,
    covers,
    decide,
    explain,
)

OPEN_AT = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # Thursday, 10:00 in Tokyo
SHUT_AT = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
DESK = parse_hours("desk", "Asia/Tokyo", ("mon-fri 09:00-18:00",), ())
ASKED = RouteQuery(
    source="carrier",
    number="+81355501234",
    caller="0901234567",
    country="JP",
    headers={"x-campaign": ("spring",), "x-line": ("b",)},
)


def route(name: str = "r", **change: object) -> Route:
    """A route that takes everything, changed."""
    return replace(Route(name=name, to=("pbx",)), **change)  # type: ignore[arg-type]  # any field


def table(*routes: Route) -> Routes:
    """These routes and the hours of the desk."""
    return Routes(routes=routes, hours=(DESK,))


def failing(one: Route, asked: RouteQuery = ASKED, now: datetime = OPEN_AT) -> list[Condition]:
    """The conditions of a route that do not hold."""
    (verdict,) = explain(table(one), asked, now)
    return [mismatch.condition for mismatch in verdict.mismatches]


def test_the_first_route_that_matches_takes_the_call() -> None:
    """Order is the only precedence: it can be read from the file."""
    routes = table(route("a", number=("06*",)), route("b", number=("03*",)), route("c"))

    assert decide(routes, ASKED, OPEN_AT) == Decision(
        route=routes.routes[1], dialled="+81355501234"
    )


def test_without_a_route_the_call_has_nowhere_to_go() -> None:
    """It is answered 404."""
    assert decide(table(), ASKED, OPEN_AT) is None
    assert decide(table(route(source=("other",))), ASKED, OPEN_AT) is None


def test_a_route_may_dial_another_number() -> None:
    """A hotline rings where somebody sits."""
    decision = decide(table(route(dial="2001")), ASKED, OPEN_AT)

    assert decision is not None
    assert decision.dialled == "2001"


@pytest.mark.parametrize(
    ("change", "condition"),
    [
        ({"source": ("pbx", "sbc")}, Condition.SOURCE),
        ({"number": ("06*", "0355501235")}, Condition.NUMBER),
        ({"caller": ("080*",)}, Condition.CALLER),
        ({"header": ("X-Campaign: autumn",)}, Condition.HEADER),
        ({"header": ("X-Campaign: spring", "X-Line: a")}, Condition.HEADER),
        ({"header": ("X-Missing: *",)}, Condition.HEADER),
        ({"outside": "desk"}, Condition.OUTSIDE),
    ],
)
def test_each_condition_can_fail_alone_and_is_named(
    change: dict[str, object], condition: Condition
) -> None:
    """`route explain` says which one it was."""
    assert failing(route(**change)) == [condition]


@pytest.mark.parametrize(
    "change",
    [
        {"source": ("pbx", "carrier")},
        {"number": ("06*", "0355501234")},
        {"caller": ("090*",)},
        {"header": ("X-Campaign: autumn", "X-Campaign: spring", "X-Line: b")},
        {"hours": "desk"},
    ],
)
def test_one_entry_of_a_condition_is_enough(change: dict[str, object]) -> None:
    """Of headers: one for each name."""
    assert failing(route(**change)) == []


def test_hours_and_outside_are_each_other_s_opposite() -> None:
    """At any time exactly one of both routes counts."""
    day, night = route("day", hours="desk"), route("night", outside="desk")
    taken = [decide(table(day, night), ASKED, at) for at in (OPEN_AT, SHUT_AT)]

    assert [decision and decision.route.name for decision in taken] == ["day", "night"]


def test_all_conditions_that_fail_are_explained_with_what_was_seen() -> None:
    """Whoever mends the first one does not come back for the second."""
    one = route(source=("pbx",), number=("06*",), header=("X-Campaign: autumn",))
    (verdict,) = explain(table(one), replace(ASKED, number="0355501234"), OPEN_AT)

    assert [(m.wanted, m.seen) for m in verdict.mismatches] == [
        (("pbx",), ("carrier",)),
        (("06*",), ("0355501234", "+81355501234")),
        (("x-campaign: autumn",), ("x-campaign: spring",)),
    ]


def test_hours_that_do_not_fit_are_explained_by_the_clock_of_their_zone() -> None:
    """Whoever wonders looks at a clock on a wall, not at UTC."""
    (verdict,) = explain(table(route(hours="desk")), ASKED, SHUT_AT)

    assert [(m.wanted, m.seen) for m in verdict.mismatches] == [
        (("desk",), ("Thu 2026-11-26 21:00 JST",))
    ]


def test_every_route_is_explained_and_one_is_taken() -> None:
    """A later one that would match too is told from one that would not."""
    routes = table(route("a", number=("06*",)), route("b"), route("c"), route("d", caller=("1",)))
    verdicts = explain(routes, ASKED, OPEN_AT)

    assert [(v.route.name, v.matches, v.is_taken) for v in verdicts] == [
        ("a", False, False), ("b", True, True), ("c", True, False), ("d", False, False),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({}, {}),
        ({}, {"number": ("03*",), "hours": "desk"}),
        ({"number": ("*",)}, {}),
        ({"number": ("0*", "2001")}, {"number": ("03*", "2001")}),
        ({"source": ("a", "b")}, {"source": ("b",)}),
        ({"header": ("X-A: *",)}, {"header": ("x-a: 1", "X-B: 2")}),
        ({"hours": "desk"}, {"hours": "desk", "caller": ("1",)}),
    ],
)
def test_a_route_behind_a_broader_one_is_covered(
    earlier: dict[str, object], later: dict[str, object]
) -> None:
    """It could be deleted, and nobody would notice: so it is a slip."""
    assert covers(route(**earlier), route(**later))


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ({"number": ("03*",)}, {}),
        ({"number": ("03*",)}, {"number": ("03*", "06*")}),
        ({"number": ("2001",)}, {"number": ("2001*",)}),
        ({"source": ("a",)}, {}),
        ({"source": ("a",)}, {"source": ("a", "b")}),
        ({"caller": ("1",)}, {"number": ("1",)}),
        ({"header": ("X-A: 1",)}, {"header": ("X-A: 1", "X-A: 2")}),
        ({"header": ("X-A: 1",)}, {"header": ("X-B: 1",)}),
        ({"hours": "desk"}, {}),
        ({"hours": "desk"}, {"outside": "desk"}),
    ],
)
def test_a_route_that_leaves_something_over_covers_nothing(
    earlier: dict[str, object], later: dict[str, object]
) -> None:
    """What is refused as never reached must never be reached."""
    assert not covers(route(**earlier), route(**later))
