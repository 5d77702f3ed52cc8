"""Who a request comes from and why: a bearer token, else who is at the other end of the socket.

Knows nothing of what is asked. Without either there is no actor, and no answer.
"""

from datetime import UTC
from typing import Annotated, Final

from fastapi import Depends, Header, Request, Response
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BeforeValidator, StringConstraints

from api.permissions.accounts import Account
from api.permissions.actor import Actor
from api.permissions.errors import NotAuthenticated
from api.permissions.peers import Peer
from api.services import Application
from api.web.http.times import shown

# A case number or a sentence; the journal keeps it for ever.
MAX_PURPOSE_LENGTH: Final = 200
_PRINTABLE: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
# Who asks was reset, and counts for what takes two persons from then on.
RESET_UNTIL: Final = "Rokuon-Reset-Until"
# Where the server puts the user at the other end of a Unix socket; no header reaches it.
PEER: Final = "peer"
_BEARER: Final = HTTPBearer(auto_error=False, description="A token of `rokuon user token`.")


def _as_meant(value: object) -> object:
    """Text as it was meant: UTF-8, else what it was read as, Latin-1 (RFC 9110 §5.5)."""
    if not isinstance(value, str):
        return value
    try:
        return value.encode("latin-1").decode()
    except UnicodeError:
        return value


# Its length is that of what was meant, not of the bytes that it came as.
_Stated = Annotated[
    str,
    StringConstraints(max_length=MAX_PURPOSE_LENGTH, pattern=_PRINTABLE),
    BeforeValidator(_as_meant),
]
Purpose = Annotated[
    _Stated,
    Header(
        alias="Rokuon-Purpose",
        description="Why: a code, case:ID or matter:ID; kept in the journal.",
        examples=["case:D-2026-0114"],
    ),
]
BreakGlass = Annotated[
    _Stated,
    Header(
        alias="Rokuon-Break-Glass",
        description="Why the purposes of a recording are not to hold; raises an alarm.",
    ),
]


async def application_of(request: Request) -> Application:
    """The use cases of this application."""
    found = request.app.state.application
    assert isinstance(found, Application)
    return found


CurrentApplication = Annotated[Application, Depends(application_of)]


async def account_of(
    request: Request,
    application: CurrentApplication,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Account:
    """Whom the token speaks for, or who the peer is.

    Raises `NotAuthenticated`, `TooManyRequests`.
    """
    peer: Peer | None = getattr(request.state, PEER, None)
    if credentials is not None:
        account = await application.paces.guarded(
            _address(request, peer), credentials.credentials, application.identity
        )
    elif peer is not None:
        account = await application.identity.by_peer(peer)
    else:
        raise NotAuthenticated("no bearer token")
    application.paces.admit(account)
    return account


def _address(request: Request, peer: Peer | None) -> str:
    """Where a request comes from, for who is not known yet."""
    if peer is not None:
        return f"uid {peer.uid}"
    return request.client.host if request.client is not None else ""


async def actor_of(
    response: Response,
    account: Annotated[Account, Depends(account_of)],
    purpose: Purpose = "",
    break_glass: BreakGlass = "",
) -> Actor:
    """Who acts, and why; who was reset is told until when it speaks for nobody."""
    if account.reset_until_us:
        response.headers[RESET_UNTIL] = shown(account.reset_until_us, UTC).isoformat()
    return Actor(account=account, stated=purpose, break_glass=break_glass)


CurrentActor = Annotated[Actor, Depends(actor_of)]
