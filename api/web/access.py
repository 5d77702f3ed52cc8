"""Who a request comes from: the bearer token and the purpose that it gives.

Knows nothing of what is asked. Without a valid token there is no visitor, and no answer.
"""

from typing import Annotated, Final

from fastapi import Depends, Header, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.errors import NotAuthenticated
from api.retrieval import Retrieval, Visitor

# A case number or a sentence; the journal keeps it for ever.
MAX_PURPOSE_LENGTH: Final = 200
_BEARER: Final = HTTPBearer(auto_error=False, description="A token of `rokuon user token`.")

Purpose = Annotated[
    str,
    Header(
        alias="Rokuon-Purpose",
        max_length=MAX_PURPOSE_LENGTH,
        description="Why; kept in the journal.",
        examples=["case:D-2026-0114"],
    ),
]


def retrieval_of(request: Request) -> Retrieval:
    """The questions that this application may ask."""
    found = request.app.state.retrieval
    assert isinstance(found, Retrieval)
    return found


CurrentRetrieval = Annotated[Retrieval, Depends(retrieval_of)]


async def visitor_of(
    retrieval: CurrentRetrieval,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    purpose: Purpose = "",
) -> Visitor:
    """Whom the token speaks for; raises `NotAuthenticated`."""
    if credentials is None:
        raise NotAuthenticated("no bearer token")
    return await retrieval.visitor(credentials.credentials, purpose)


CurrentVisitor = Annotated[Visitor, Depends(visitor_of)]
