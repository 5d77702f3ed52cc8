"""What somebody meant who wrote another type."""

import pytest

from rokuon.config.meant import meant_flag, meant_list, meant_number, meant_text, quoted


@pytest.mark.parametrize(
    ("written", "number"),
    [("10", 10), (" 10 ", 10), ("4_500", 4500), ("4,500", 4500), ("-1", -1), (10.0, 10)],
)
def test_a_number_in_quotes_is_that_number(written: object, number: int) -> None:
    """It is shown as it must be written."""
    meant = meant_number(written)

    assert meant is not None
    assert (meant.value, meant.advice.endswith(f": {number}")) == (number, True)


@pytest.mark.parametrize("written", ["ten", "10s", "1,0", "", 10.5, True, None, []])
def test_what_may_mean_several_things_is_no_number(written: object) -> None:
    """Nothing is guessed that is then wrong."""
    assert meant_number(written) is None


@pytest.mark.parametrize(
    ("written", "flag"), [("True", True), ("no", False), (1, True), (0, False)]
)
def test_a_word_for_yes_or_no_is_a_flag(written: object, flag: bool) -> None:
    """People write what their last program took."""
    meant = meant_flag(written)

    assert meant is not None
    assert meant.value is flag


def test_a_digit_beyond_one_is_no_flag() -> None:
    """2 is neither."""
    assert meant_flag(2) is None
    assert meant_flag("perhaps") is None


def test_a_text_is_quoted_as_toml_has_it() -> None:
    """Quotes in it as well."""
    assert quoted('a "b" 田') == '"a \\"b\\" 田"'
    meant = meant_text(120)
    assert meant is not None
    assert meant.value == "120"
    assert meant_text(None) is None
    assert meant_text(["a", "b"]) is None


def test_one_text_is_a_list_of_one() -> None:
    """The brackets were forgotten."""
    meant = meant_list("192.0.2.1")

    assert meant is not None
    assert (meant.value, '["192.0.2.1"]' in meant.advice) == (["192.0.2.1"], True)
    assert meant_list({"a": 1}) is None
