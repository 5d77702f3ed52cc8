"""A reach as it is typed."""

from api.web.pages.forms import Form, reach_in, values_in


def test_values_have_any_comma_between_them_and_what_is_empty_is_none() -> None:
    """A Japanese keyboard has three."""
    assert values_in(" 解約、Support ， a,,") == ["解約", "Support", "a"]
    assert values_in("") == []


def test_nothing_typed_names_nothing() -> None:
    """That is everything."""
    named = reach_in(Form.parse("numbers=1001-1099,%2B81312*"))

    assert named == {
        "queues": [],
        "teams": [],
        "controllers": [],
        "numbers": ["1001-1099", "+81312*"],
    }
