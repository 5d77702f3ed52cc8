"""Which recordings a rule is about, and when that cannot be said."""

import pytest

from retention.rules.conditions import AttributeKind, Facts
from retention.rules.match import Match
from tests.retention.examples import NOTHING_KNOWN, call


def test_nothing_named_is_every_recording() -> None:
    """Also one of which nothing is known."""
    assert Match().of(Facts(values=NOTHING_KNOWN)) is True


def test_every_kind_must_fit_by_one_value() -> None:
    """And of kinds, or of values."""
    match = Match(
        {
            AttributeKind.QUEUE: frozenset({"support", "sales"}),
            AttributeKind.TAG: frozenset({"gold"}),
        }
    )

    assert match.of(call(queue="sales", tag="gold")) is True
    assert match.of(call(queue="sales")) is False
    assert match.of(call(tag="gold")) is False
    assert match.specificity == 2


def test_what_is_excluded_is_not_meant() -> None:
    """`not` wins."""
    match = Match(
        {AttributeKind.QUEUE: frozenset({"support"})}, {AttributeKind.TAG: frozenset({"vip"})}
    )

    assert match.of(call(queue="support")) is True
    assert match.of(call(queue="support", tag="vip")) is False


@pytest.mark.parametrize(
    ("number", "is_meant"), [("+81312345678", True), ("1050", True), ("2050", False)]
)
def test_numbers_are_ranges(number: str, is_meant: bool) -> None:
    """As reach has them: by how they begin, or from one to another."""
    match = Match({AttributeKind.NUMBER: frozenset({"+81312*", "1001-1099"})})

    assert match.of(call(number=number)) is is_meant


def test_what_is_not_known_is_neither_yes_nor_no() -> None:
    """A team that could not be looked up must not let a call of it go."""
    match = Match(
        {AttributeKind.TEAM: frozenset({"loans"}), AttributeKind.QUEUE: frozenset({"support"})}
    )
    unknown = {**call(queue="support").values, AttributeKind.TEAM: None}

    assert match.of(Facts(values=unknown)) == {AttributeKind.TEAM}
    excluding = Match({}, {AttributeKind.TEAM: frozenset({"loans"})})
    assert excluding.of(Facts(values=unknown)) == {AttributeKind.TEAM}


def test_a_definite_no_needs_nothing_else() -> None:
    """Of another queue, whichever team it was."""
    match = Match(
        {AttributeKind.TEAM: frozenset({"loans"}), AttributeKind.QUEUE: frozenset({"support"})}
    )
    unknown = {**call(queue="sales").values, AttributeKind.TEAM: None}

    assert match.of(Facts(values=unknown)) is False
