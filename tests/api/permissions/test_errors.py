"""Refusals in words."""

from api.permissions.errors import NotAllowed
from api.permissions.verbs import Verb


def test_a_refusal_names_the_verb_that_is_missing() -> None:
    """Whoever made the token, or gave the role, can then do better."""
    assert NotAllowed(Verb.LISTEN).verb is Verb.LISTEN
    assert "audio:listen" in str(NotAllowed(Verb.LISTEN))
