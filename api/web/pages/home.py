"""The first page, and what all pages have at the top: language, purpose, signing out.

Knows nothing of what is found or heard.
"""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from api.web.http.language import LANGUAGES
from api.web.http.requester import CurrentApplication
from api.web.pages.cookies import forget_session
from api.web.pages.forms import CurrentForm, FormRefused, read_form
from api.web.pages.navigation import first_of
from api.web.pages.preferences import LANGUAGE, keep
from api.web.pages.visit import SIGN_IN, CurrentSession, CurrentVisit

# After a form the browser asks anew, so that going back sends nothing twice.
SEE_OTHER: Final = 303
# A search with every field filled in Japanese is shorter; what is longer leads to the first page.
MAX_NEXT: Final = 16_000

router = APIRouter(include_in_schema=False)


def within(address: str) -> str:
    """Where to go on: a page of ours; the first one where another place is named."""
    is_ours = (
        len(address) <= MAX_NEXT
        and address.startswith("/")
        and not address.startswith(("//", "/\\"))
    )
    return address if is_ours and address.isprintable() else "/"


@router.get("/")
async def first(visit: CurrentVisit) -> Response:
    """Lead to the first page that one may see."""
    return RedirectResponse(first_of(visit.actor.account.authority.verbs), SEE_OTHER)


@router.post("/language")
async def language(request: Request) -> Response:
    """Choose the language of the pages; the browser keeps it."""
    form = await read_form(request)
    if form.text("language") not in LANGUAGES:
        raise FormRefused("no language of ours")
    answer = RedirectResponse(within(form.text("next")), SEE_OTHER)
    keep(answer, LANGUAGE, form.text("language"), secure=request.url.scheme == "https")
    return answer


@router.post("/purpose")
async def purpose(
    form: CurrentForm, visit: CurrentVisit, application: CurrentApplication
) -> Response:
    """Act for a purpose from now on."""
    await application.sessions.state_purpose(visit.signed_in, form.text("purpose"))
    return RedirectResponse(within(form.text("next")), SEE_OTHER)


@router.post("/sign-out")
async def sign_out(
    request: Request, _form: CurrentForm, session: CurrentSession, application: CurrentApplication
) -> Response:
    """End the session."""
    await application.sessions.sign_out(session)
    answer = RedirectResponse(SIGN_IN, SEE_OTHER)
    forget_session(answer, request)
    return answer
