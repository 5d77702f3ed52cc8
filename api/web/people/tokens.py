"""Routes under `/services` and `/tokens`: who has a bearer token, for what and until when.

Each is three moves: read, ask, show. A secret is shown once. Knows nothing of who may.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from api.people.tokens import DEFAULT_DAYS, MAX_DAYS, IssuedToken, Token, TokenWish
from api.permissions.verbs import Verb
from api.web.http.api_routes import guarded, needing
from api.web.http.parameter_types import Name, PurposeText, Row
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from api.web.people.reaches import ReachBody, ReachView
from archive.catalog.access.grants import PeopleGrant
from archive.catalog.accounts.persons import ServiceRecord

_PRINTABLE: Final = r"^[^\x00-\x1f\x7f]*$"

router = APIRouter(tags=["people"])


class ServiceBody(ReachBody):
    """A new service; nothing named is the whole tenant."""

    name: Name


class ServiceView(ReachView):
    """A service, and within which reach its tokens may do what they may."""

    name: str
    created_at: datetime

    @classmethod
    def show(cls, service: ServiceRecord) -> Self:
        """The same as it is sent."""
        return cls(
            name=service.name,
            created_at=shown(service.created_us, UTC),
            **cls.named(service.reach),
        )


class ServicesView(BaseModel):
    """Every service, by name."""

    services: list[ServiceView]


class TokenBody(BaseModel):
    """A token of one's own, or (`service`) one of a service, which needs `people:manage`.

    Without `scopes` one's own may do all that one may.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    service: Name | None = None
    scopes: Annotated[list[Verb], Field(max_length=len(Verb))] = []
    days: Annotated[StrictInt, Field(ge=1, le=MAX_DAYS)] = DEFAULT_DAYS
    note: Annotated[StrictStr, Field(max_length=200, pattern=_PRINTABLE)] = ""
    purpose: PurposeText = ""

    def wish(self) -> TokenWish:
        """The same for who issues it."""
        return TokenWish(
            scopes=frozenset(self.scopes), days=self.days, note=self.note, purpose=self.purpose
        )


class TokenView(BaseModel):
    """A token without its secret; `holder` as the journal has it; `last_used_at` to the minute."""

    token: int
    holder: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    note: str
    purpose: str
    issued_by: str

    @classmethod
    def show(cls, token: Token) -> Self:
        """The same as it is sent."""
        return cls(**_told(token))


class IssuedView(TokenView):
    """A token with its secret: it is shown this once and kept nowhere."""

    secret: str

    @classmethod
    def hand_out(cls, issued: IssuedToken) -> Self:
        """The same as it is sent."""
        return cls(secret=issued.secret, **_told(issued.token))


class TokensView(BaseModel):
    """Tokens that are in force, in the order of their making."""

    tokens: list[TokenView]


def _told(token: Token) -> dict[str, Any]:
    times = token.times
    used = times.last_used_us
    return {
        "token": token.number,
        "holder": token.holder,
        "scopes": list(token.scopes),
        "created_at": shown(times.created_us, UTC),
        "expires_at": shown(times.expires_us, UTC),
        "last_used_at": None if used is None else shown(used, UTC),
        "note": token.note,
        "purpose": token.purpose,
        "issued_by": token.issued_by,
    }


@router.get(
    "/services",
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=guarded(PeopleGrant),
)
async def services(actor: CurrentActor, application: CurrentApplication) -> ServicesView:
    """Every service."""
    found = await application.tokens.services(actor)
    return ServicesView(services=[ServiceView.show(each) for each in found])


@router.post(
    "/services",
    status_code=201,
    responses=documented(401, 403, 409, 413, 422, 429, 503),
    openapi_extra=needing(Verb.PEOPLE_MANAGE, "service_added"),
)
async def add_service(
    body: ServiceBody, actor: CurrentActor, application: CurrentApplication
) -> ServiceView:
    """Make a service, which has no token yet. A name is given once."""
    return ServiceView.show(await application.tokens.add_service(actor, body.name, body.rule()))


@router.get(
    "/tokens",
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.OWN_TOKENS, "people_seen"),
)
async def tokens(actor: CurrentActor, application: CurrentApplication) -> TokensView:
    """One's own tokens that are in force; who has `people:read` sees everybody's."""
    found = await application.tokens.listed(actor)
    return TokensView(tokens=[TokenView.show(each) for each in found])


@router.post(
    "/tokens",
    status_code=201,
    responses=documented(401, 403, 404, 409, 413, 422, 429, 503),
    openapi_extra=needing(Verb.OWN_TOKENS, "token_created"),
)
async def issue(
    body: TokenBody, actor: CurrentActor, application: CurrentApplication
) -> IssuedView:
    """Issue a token for oneself, or with `people:manage` for a service.

    A service that may hear, or what else administrators may not, takes two persons: 409 tells which
    proposal is to be approved, then the same request issues the token.
    """
    if body.service is None:
        return IssuedView.hand_out(await application.tokens.issue(actor, body.wish()))
    found = await application.service_tokens.issue(actor, body.service, body.wish())
    return IssuedView.hand_out(found)


@router.delete(
    "/tokens/{token}",
    status_code=204,
    responses=documented(401, 403, 404, 422, 429, 503),
    openapi_extra=needing(Verb.OWN_TOKENS, "token_revoked"),
)
async def revoke(token: Row, actor: CurrentActor, application: CurrentApplication) -> None:
    """End a token of one's own now, or with `people:manage` anybody's; its streams end too."""
    await application.tokens.revoke(actor, token)
