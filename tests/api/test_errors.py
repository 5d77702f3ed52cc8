"""Refusals in words."""

from api.errors import NotAllowed
from archive.tokens import Scope


def test_a_refusal_names_the_scope_that_is_missing() -> None:
    """Whoever made the token can then make a better one."""
    assert NotAllowed(Scope.LISTEN).scope is Scope.LISTEN
    assert "audio:listen" in str(NotAllowed(Scope.LISTEN))
