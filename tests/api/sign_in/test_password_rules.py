"""Which passwords a person may have."""

import pytest
from hypothesis import given, strategies as st

from api.permissions.errors import PasswordRefused
from api.sign_in.password_rules import LONGEST, SHORTEST, normalized, require_password


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "short"), ("x1" * 5 + "x", "short"), ("ab" * 128 + "a", "long"),
        ("tanaka.ichiro", "name"), ("TANAKA.Ichiro", "name"), ("a" * 12, "one_sign"),
        ("ああああああああああああ", "one_sign"), ("Password1234", "worst"),
        ("ｐａｓｓｗｏｒｄ１２３４", "worst"), ("administrator", "worst"),
    ],
)  # fmt: skip
def test_what_everybody_would_guess_is_refused(password: str, why: str) -> None:
    """And why is said."""
    with pytest.raises(PasswordRefused) as refused:
        require_password(password, "tanaka.ichiro")

    assert refused.value.why == why


@pytest.mark.parametrize(
    "password",
    [
        "correct horse",
        "ながいながいあいことば",
        "no digits no capitals",
        "ab" * 128,
        "        x   ",
    ],
)
def test_nothing_else_is_asked_of_it(password: str) -> None:
    """No digits, no capitals, no alphabet; signs are counted, not bytes (NIST SP 800-63B)."""
    if len(password) >= SHORTEST:
        assert require_password(password, "tanaka") == normalized(password)


def test_the_same_signs_are_the_same_password_however_they_were_composed() -> None:
    """A keyboard of another system writes が as two."""
    assert normalized("か\u3099") == normalized("が")


@given(st.text(max_size=LONGEST + 10))
def test_any_text_is_taken_or_refused(password: str) -> None:
    """And what is taken is in bounds, in the form that is compared."""
    try:
        taken = require_password(password, "sato")
    except PasswordRefused:
        return

    assert SHORTEST <= len(taken) <= LONGEST
    assert normalized(taken) == taken
