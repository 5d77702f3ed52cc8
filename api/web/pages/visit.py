"""Who looks at a page: a session that is full, as whom, for which purpose, in which zone.

Knows how a browser holds a session, nothing of what is on the pages.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Depends, Request

from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from api.sign_in.page_session import SignedIn
from api.web.http.language import Reader
from api.web.http.own_zone import zone_of
from api.web.http.requester import CurrentApplication
from api.web.pages.cookies import SESSION, held, is_private, renewal
from api.web.pages.preferences import reader_of
from archive.moments import moment

SIGN_IN: Final = "/sign-in"
# What a page asks without anybody doing anything: no use of the session.
BY_ITSELF: Final = frozenset(
    {"/live/news", "/live/room", "/calls/days", "/calls/agents", "/calls/likeliest"}
)
# Where a session goes on that is not full, by its stage.
STEPS: Final = {"second": "/sign-in/second", "enrol": "/enrol"}


class StepNeeded(Exception):
    """Nobody is signed in here, or not all the way; `at` is where the next step is."""

    def __init__(self, at: str) -> None:
        super().__init__("a step of signing in is missing")
        self.at = at


class FetchedElsewhere(Exception):
    """Another site has this browser fetch it, and no person goes there."""


class PurposeNeeded(Exception):
    """Nobody has said yet for what this is to be seen; a page asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A person at a page; `waiting` proposals are for it to approve or to carry out."""

    actor: Actor
    signed_in: SignedIn
    reader: Reader
    zone: ZoneInfo
    waiting: int = 0

    def may(self, verb: Verb) -> bool:
        """Whether the roles have a verb: what is not allowed is not offered."""
        return verb in self.actor.account.authority.verbs

    @property
    def ends_at(self) -> datetime:
        """When the session ends if nothing is done."""
        return moment(self.signed_in.ends_us)


def require_going(request: Request) -> None:
    """Refuse what another site has a browser fetch or frame; a link to a page stays open.

    It would read nothing, but write into the journal in a name. Raises `FetchedElsewhere`.
    """
    asked = request.headers
    goes = (asked.get("sec-fetch-mode"), asked.get("sec-fetch-dest")) == ("navigate", "document")
    if asked.get("sec-fetch-site") in {"cross-site", "same-site"} and not goes:
        raise FetchedElsewhere("fetched by another site")


async def signed_in_of(request: Request, application: CurrentApplication) -> SignedIn:
    """The session of this browser, at whichever step it is; raises `StepNeeded`.

    What others could read along the way is no session: `/sign-in` says what is missing. Raises
    `FetchedElsewhere` besides.
    """
    require_going(request)
    secret = held(request, SESSION) if is_private(request) else ""
    sessions = application.sessions
    ask = sessions.seen_by if request.url.path in BY_ITSELF else sessions.signed_in_by
    found = await ask(secret) if secret else None
    if found is None:
        raise StepNeeded(_back(request, SIGN_IN))
    if found.renewed:
        request.state.renewal = renewal(request, found.renewed)
    return found


CurrentSession = Annotated[SignedIn, Depends(signed_in_of)]


async def visit_of(
    request: Request, application: CurrentApplication, session: CurrentSession
) -> Visit:
    """Who is here; raises `StepNeeded`, `TooManyRequests`."""
    if session.account is None:
        raise StepNeeded(_back(request, STEPS[session.stage]))
    application.paces.admit(session.account)
    actor = Actor(account=session.account, stated=session.purpose)
    is_asked = request.url.path not in BY_ITSELF
    visit = Visit(
        actor=actor,
        signed_in=session,
        reader=reader_of(request),
        zone=zone_of(request, application.place.zone),
        waiting=await application.approvals.waiting(actor) if is_asked else 0,
    )
    request.state.visit = visit
    return visit


CurrentVisit = Annotated[Visit, Depends(visit_of)]


async def acting_of(visit: CurrentVisit) -> Visit:
    """Who is here, for a purpose; raises `PurposeNeeded` where there is none, besides."""
    if not visit.actor.purpose:
        raise PurposeNeeded("nobody has said why")
    return visit


# For pages that show calls: a purpose is asked for before they are, which is no refusal.
ActingVisit = Annotated[Visit, Depends(acting_of)]


def _back(request: Request, at: str) -> str:
    """Where the next step is, and what was wanted."""
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    is_page = request.method == "GET" and wanted != "/"
    return f"{at}?next={quote(wanted, safe='')}" if is_page else at
