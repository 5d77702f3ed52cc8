"""Refuses what a query string says that its route does not ask for.

Knows nothing of what the parameters mean. A mistyped filter that is passed over would show more
than was asked for.
"""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

_UNKNOWN = "extra_forbidden"


async def only_known_parameters(request: Request) -> None:
    """Let a request pass whose parameters the document has; raises `RequestValidationError`."""
    if not request.query_params:
        return
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    known = frozenset(_names(route.dependant))
    unknown = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if unknown:
        raise RequestValidationError([{"type": _UNKNOWN, "loc": ("query", n)} for n in unknown])


def _names(dependant: Dependant) -> Iterator[str]:
    """The parameters of a route, and of what it depends on."""
    yield from (field.alias for field in dependant.query_params)
    for each in dependant.dependencies:
        yield from _names(each)
