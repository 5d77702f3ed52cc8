"""The form of a token."""

import pytest

from api.people.tokens import DEFAULT_DAYS, TokenWish
from api.permissions.verbs import Verb
from api.web.pages.form_faults import NotUnderstood
from api.web.pages.forms import Form
from api.web.pages.people.token_form import wish_in


def test_what_is_chosen_is_what_is_wished_and_nothing_chosen_is_usual() -> None:
    """The same as a program's."""
    form = Form.parse("scopes=calls%3Aread&scopes=calls%3Asearch&days=7&note=x&purpose=quality")

    assert wish_in(form) == TokenWish(
        scopes=frozenset({Verb.READ, Verb.SEARCH}), days=7, note="x", purpose="quality"
    )
    assert wish_in(Form()) == TokenWish(days=DEFAULT_DAYS)


@pytest.mark.parametrize("typed", ["days=0", "days=x", "days=²", "scopes=dance", "note=%01"])
def test_what_is_none_is_not_understood(typed: str) -> None:
    """Held to the bounds of the interface for programs."""
    with pytest.raises(NotUnderstood):
        wish_in(Form.parse(typed))
