"""What a route and a target say."""

import pytest

from capture.inline.routing.route import HeaderCondition, HeaderConditionRefused, Target, is_token


@pytest.mark.parametrize(
    ("text", "header", "holds"),
    [
        ("X-Campaign: spring", "spring", True),
        ("x-campaign:spring", " spring ", True),
        ("X-Campaign: spring", "spring-2", False),
        ("X-Campaign: spring*", "spring-2", True),
        ("X-Campaign: *", "", True),
        ("X-Campaign: spring", "Spring", False),
        ("X-Other: spring", "spring", False),
    ],
)
def test_a_header_is_known_by_its_name_in_any_case_and_its_value(
    text: str, header: str, holds: bool
) -> None:
    """Names are case-insensitive (RFC 3261 §7.3.1), values are whatever the peer means."""
    assert HeaderCondition.parse(text).matches({"x-campaign": (header,)}) is holds


def test_any_of_several_headers_of_a_name_is_enough() -> None:
    """A header may be repeated."""
    assert HeaderCondition.parse("X-A: 2").matches({"x-a": ("1", "2")})


@pytest.mark.parametrize("text", ["", "X-A", "X-A:", ": 1", "X A: 1", "X-Ä: 1"])
def test_what_is_no_header_and_value_is_refused_by_name(text: str) -> None:
    """It could never hold."""
    with pytest.raises(HeaderConditionRefused):
        HeaderCondition.parse(text)


def test_a_condition_is_shown_as_it_was_written() -> None:
    """In what `route explain` says."""
    assert str(HeaderCondition.parse("X-Campaign:spring*")) == "x-campaign: spring*"


def test_a_condition_covers_a_narrower_one_of_the_same_name() -> None:
    """And no other."""
    wide, narrow = HeaderCondition.parse("X-A: s*"), HeaderCondition.parse("x-a: spring")

    assert wide.covers(narrow)
    assert not narrow.covers(wide)
    assert not wide.covers(HeaderCondition.parse("X-B: spring"))


@pytest.mark.parametrize(("text", "is_one"), [("X-Agent", True), ("", False), ("X Agent", False)])
def test_a_name_of_a_header_is_a_token(text: str, is_one: bool) -> None:
    """RFC 3261 §25.1."""
    assert is_token(text) is is_one


def test_a_password_is_not_in_what_is_printed() -> None:
    """A target may stand in a log line."""
    assert "secret" not in repr(Target(name="a", uri="sip:a.example", password="secret"))  # noqa: S106  # a test's
