"""Which pages somebody sees."""

import pytest

from api.permissions.roles import VERBS, Role
from api.permissions.verbs import Verb
from api.web.pages.navigation import OWN, WAYS, first_of, is_within, ways_of


@pytest.mark.parametrize("role", list(Role))
def test_a_page_is_offered_to_who_may_see_it_alone(role: Role) -> None:
    """A link that ends in a refusal is none."""
    offered = {way.verb for way in ways_of(VERBS[role])}

    assert offered == {way.verb for way in WAYS} & VERBS[role]


def test_who_may_see_no_page_lands_on_its_own() -> None:
    """There is always somewhere to be."""
    assert first_of(frozenset()) == OWN
    assert first_of(frozenset({Verb.JOURNAL})) == "/journal"


def test_a_page_below_another_belongs_to_it() -> None:
    """By whole steps of the path."""
    find = WAYS[0]

    assert is_within(f"{find.path}/0192f1", find)
    assert not is_within(f"{find.path}x", find)
