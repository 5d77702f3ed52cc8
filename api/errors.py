"""Why a request is refused, in words that may be logged.

Knows nothing of status codes: the web layer translates.
"""

from archive.tokens import Scope


class ApiError(Exception):
    """Root of everything that this folder raises by name."""


class NotAuthenticated(ApiError):
    """No token, or one that is unknown, expired or revoked."""


class NotAllowed(ApiError):
    """The token is good and may not do this; `scope` is what it lacks."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(f"this needs the scope {scope}")
        self.scope = scope


class NotFound(ApiError):
    """There is no such thing, or it is another tenant's: nobody can tell which."""


class NotPossible(ApiError):
    """A live call is not in the state for it, or its route forbids it; `why` names the reason."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class NodeAway(ApiError):
    """The node that records does not answer."""


class TooManyListeners(ApiError):
    """As many follow the live calls as may."""
