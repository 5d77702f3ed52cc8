"""The pages of signing in: by name and password, by a code, by a one-time password.

Read the form, take the step, go on where the session leads. `docs/signing-in.md` is the contract.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import RedirectResponse, Response

from api.permissions.errors import (
    CodeRefused,
    OneTimeRefused,
    SignInBusy,
    SignInRefused,
    StageRefused,
    TooManyRequests,
)
from api.sign_in.terms import SignInStep
from api.web.http.requester import CurrentApplication
from api.web.pages.cookies import (
    SESSION,
    client_of,
    form_key,
    held,
    hold_form_key,
    hold_session,
    is_private,
)
from api.web.pages.forms import CurrentForm, Form, read_form, require_key
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER, within
from api.web.pages.preferences import reader_of
from api.web.pages.visit import SIGN_IN, STEPS, CurrentSession
from api.web.refusals.table import answer
from archive.catalog.accounts.persons import NameRefused, NameTaken

WELCOME: Final = "/welcome"
SECOND: Final = STEPS["second"]
# What is said beside the form, and lets one try again.
_TRIED: Final = (
    SignInRefused, OneTimeRefused, TooManyRequests, SignInBusy, NameRefused, NameTaken,
)  # fmt: skip

Next = Annotated[str, Query(alias="next")]
Code = Annotated[str, Query(alias="code", max_length=200)]

router = APIRouter(include_in_schema=False)


async def form_before_session(request: Request) -> Form:
    """A form of a page of ours, before there is a session; raises `FormRefused`."""
    form = await read_form(request)
    require_key(form, form_key(request))
    return form


FirstForm = Annotated[Form, Depends(form_before_session)]


@router.get(SIGN_IN)
async def sign_in(request: Request, wanted: Next = "/") -> Response:
    """Ask for name and password."""
    return _asked(request, "sign_in.html", {"next": within(wanted), "name": ""})


@router.post(SIGN_IN)
async def with_password(
    request: Request, form: FirstForm, application: CurrentApplication
) -> Response:
    """Take the first step."""
    name = form.text("name")
    if not is_private(request):
        return _asked(request, "sign_in.html", {"next": "/", "name": ""})
    try:
        step = await application.steps.with_password(
            name, form.secret("password"), client_of(request), held(request, SESSION)
        )
    except _TRIED as refused:
        values = {"next": within(form.text("next")), "name": name}
        return _refused(request, "sign_in.html", values, refused)
    return go_on(request, step, form.text("next"))


@router.get(SECOND)
async def second(request: Request, session: CurrentSession, wanted: Next = "/") -> Response:
    """Ask for the one-time password."""
    values = {"next": within(wanted), "key": session.form_key, "name": session.name}
    return render(request, "second.html", values={**values, "wrong": ""})


@router.post(SECOND)
async def with_one_time(
    request: Request, form: CurrentForm, session: CurrentSession, application: CurrentApplication
) -> Response:
    """Take the second step."""
    one_time = form.text("one_time").replace(" ", "")
    try:
        step = await application.steps.with_one_time(session, one_time, client_of(request))
    except _TRIED as refused:
        values = {
            "next": within(form.text("next")),
            "key": session.form_key,
            "name": session.name,
            "wrong": _told(request, refused),
        }
        return _with_its_head(render(request, "second.html", values=values), refused)
    except StageRefused:
        return RedirectResponse(SIGN_IN, SEE_OTHER)
    return go_on(request, step, form.text("next"))


@router.get(WELCOME)
async def welcome(request: Request, application: CurrentApplication, code: Code = "") -> Response:
    """Show whose a code is, and the one button that uses it up; without one ask for it."""
    return await _welcomed(request, application, code)


@router.post(WELCOME)
async def with_code(request: Request, form: FirstForm, application: CurrentApplication) -> Response:
    """Use a code up."""
    code = form.text("code")
    if not is_private(request) or not form.text("use"):
        return await _welcomed(request, application, code)
    try:
        step = await application.steps.with_code(
            code, client_of(request), form.text("name"), held(request, SESSION)
        )
    except (*_TRIED, CodeRefused) as refused:
        told = await _welcomed(request, application, code, _told(request, refused))
        return _with_its_head(told, refused)
    return go_on(request, step, "/")


async def _welcomed(
    request: Request, application: CurrentApplication, code: str, wrong: str = ""
) -> Response:
    seen = None
    if code:
        try:
            seen = await application.steps.look_at(code)
        except CodeRefused as refused:
            wrong = wrong or _told(request, refused)
    values = {"code": code, "seen": seen, "wrong": wrong}
    return _asked(request, "welcome.html", values, status=422 if wrong else 200)


def go_on(request: Request, step: SignInStep, wanted: str) -> Response:
    """Hold the session that has begun, and lead to where it goes on."""
    at = within(wanted)
    if step.stage != "full":
        at = f"{STEPS[step.stage]}?next={quote(at, safe='')}"
    response = RedirectResponse(at, SEE_OTHER)
    hold_session(response, request, step)
    return response


def _refused(
    request: Request, template: str, values: Mapping[str, Any], refused: Exception
) -> Response:
    told = {**values, "wrong": _told(request, refused)}
    return _with_its_head(_asked(request, template, told), refused)


def _with_its_head(response: Response, refused: Exception) -> Response:
    """The status of a refusal, and after how long one may try again."""
    problem = answer(refused)
    response.status_code = problem.status
    response.headers.update(problem.headers)
    return response


def _asked(
    request: Request, template: str, values: Mapping[str, Any], status: int = 200
) -> Response:
    """A form before there is a session."""
    key = form_key(request)
    told = {"wrong": "", **values, "key": key, "is_private": is_private(request)}
    response = render(request, template, status=status, values=told)
    hold_form_key(response, request, key)
    return response


def _told(request: Request, refused: Exception) -> str:
    return reader_of(request).told(answer(refused).detail)
