"""Every role and every verb has its words."""

from api.people.roles import Role
from api.people.verbs import Verb
from api.people.words import ACTS, DUTIES


def test_every_role_and_every_verb_is_told() -> None:
    """A page and a document have the same ones."""
    assert (set(DUTIES), set(ACTS)) == (set(Role), set(Verb))
