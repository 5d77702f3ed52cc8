"""Every role and every verb has its words."""

from api.permissions.roles import Role
from api.permissions.verbs import Verb
from api.words.role_words import ACTS, DUTIES


def test_every_role_and_every_verb_is_told() -> None:
    """A page and a document have the same ones."""
    assert (set(DUTIES), set(ACTS)) == (set(Role), set(Verb))
