"""Numbers that are not shown, as devices and operators write them."""

import pytest

from archive.locate.withheld_numbers import Withheld, why_hidden, why_unnamed


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("sip:anonymous@anonymous.invalid", Withheld.CALLER),
        ("sip:x@anonymous.invalid", Withheld.CALLER),
        ("sip:Restricted@carrier.example", Withheld.CALLER),
        ("sip:payphone@carrier.example", Withheld.PAY_PHONE),
        ("unavailable", Withheld.UNKNOWN),
        ("sip:0312347788@carrier.example", None),
    ],
)
def test_an_address_says_why_it_shows_no_number(raw: str, why: Withheld | None) -> None:
    assert why_hidden(raw) is why


def test_what_stands_in_the_place_of_a_name_is_no_name() -> None:
    """A name that only begins like one is one."""
    assert why_unnamed("Anonymous") is Withheld.CALLER
    assert why_unnamed("Coin line/payphone") is Withheld.PAY_PHONE
    assert why_unnamed("Anonymous Travel") is why_unnamed("") is None
