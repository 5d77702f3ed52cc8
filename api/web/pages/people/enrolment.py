"""The page on which somebody sets what proves him from now on: a password, then an app.

Read the form, take the step. `docs/signing-in.md` is the contract.
"""

from typing import Annotated, Any, Final

import segno
from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.permissions.errors import (
    OneTimeRefused,
    PasswordRefused,
    SignInBusy,
    SignInRefused,
    StageRefused,
    TooManyRequests,
)
from api.sign_in.enrolment import AppOffer, NewPassword
from api.sign_in.page_session import SignedIn
from api.web.http.requester import CurrentApplication
from api.web.pages.cookies import client_of
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER, within
from api.web.pages.people.sign_in import go_on
from api.web.pages.preferences import reader_of
from api.web.pages.visit import SIGN_IN, STEPS, CurrentSession
from api.web.refusals.table import answer

AT: Final = STEPS["enrol"]
REFUSALS: Final = (PasswordRefused, OneTimeRefused, SignInRefused, TooManyRequests, SignInBusy)
# Large enough for the camera of a telephone, small enough for a narrow window.
_PICTURE_SCALE: Final = 4

Next = Annotated[str, Query(alias="next")]

router = APIRouter(include_in_schema=False)


@router.get(AT)
async def enrol(
    request: Request, session: CurrentSession, application: CurrentApplication, wanted: Next = "/"
) -> Response:
    """Ask for what is missing: first the password, then the app."""
    if session.stage != "enrol":
        return RedirectResponse("/", SEE_OTHER)
    return await _page(request, session, application, {"next": within(wanted)})


@router.post(AT + "/password")
async def password(
    request: Request, form: CurrentForm, session: CurrentSession, application: CurrentApplication
) -> Response:
    """Set the password."""
    told = {"next": within(form.text("next"))}
    if form.secret("password") != form.secret("again"):
        return await _page(request, session, application, {**told, "is_different": True}, 422)
    wish = NewPassword(wanted=form.secret("password"))
    try:
        step = await application.enrolment.set_password(session, wish, client_of(request))
    except REFUSALS as refused:
        wrong = _told(request, refused)
        return await _page(request, session, application, {**told, "wrong": wrong}, 422)
    except StageRefused:
        return RedirectResponse(SIGN_IN, SEE_OTHER)
    return go_on(request, step, form.text("next"))


@router.post(AT + "/app")
async def app(
    request: Request, form: CurrentForm, session: CurrentSession, application: CurrentApplication
) -> Response:
    """Put the app in force by one of its passwords."""
    try:
        step = await application.enrolment.confirm_app(
            session, form.text("one_time").replace(" ", ""), client_of(request)
        )
    except REFUSALS as refused:
        told = {"next": within(form.text("next")), "wrong": _told(request, refused)}
        return await _page(request, session, application, told, 422)
    except StageRefused:
        return RedirectResponse(SIGN_IN, SEE_OTHER)
    return go_on(request, step, form.text("next"))


@router.post(AT + "/without-app")
async def without_app(
    request: Request, form: CurrentForm, session: CurrentSession, application: CurrentApplication
) -> Response:
    """Go on without an app, where one person alone is here."""
    step = await application.enrolment.leave_app_out(session, client_of(request))
    return go_on(request, step, form.text("next"))


async def _page(
    request: Request,
    session: SignedIn,
    application: CurrentApplication,
    told: dict[str, Any],
    status: int = 200,
) -> Response:
    has = await application.enrolment.state(session)
    values = {
        "wrong": "", "is_different": False, **told, "has": has, "offer": None, "picture": "",
        "key": session.form_key, "name": session.name,
    }  # fmt: skip
    if has.has_password:
        offer = await application.enrolment.offered_app(session)
        offer = offer or await application.enrolment.begin_app(session, client_of(request))
        values |= {"offer": offer, "picture": picture_of(offer)}
    return render(request, "enrol.html", status=status, values=values)


def picture_of(offer: AppOffer) -> str:
    """What an app's camera reads, as the address of a picture."""
    code = segno.make(offer.address, micro=False)
    return str(code.svg_data_uri(scale=_PICTURE_SCALE, light="#fff"))


def _told(request: Request, refused: Exception) -> str:
    return reader_of(request).told(answer(refused).detail)
