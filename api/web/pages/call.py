"""The page of one call: who, when, how it sounds, what happened, what was said of it since.

Three moves: read, ask, show. What takes longer stands on pages of its own (`call_details.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.errors import Unfit
from api.flaws import text_of
from api.opened import ExportForm
from api.web.access import MAX_PURPOSE_LENGTH
from api.web.pages.call_facts import facts_of
from api.web.pages.call_visit import AT, CallVisit, CurrentCallVisit
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.frame import render
from api.web.pages.glass import COOKIE, KEPT_S, sealed
from api.web.pages.home import SEE_OTHER
from archive.catalog.query import QueryRefused
from archive.corrections import Change, CorrectionRefused, NoteWritten, TagAdded
from archive.flaws import Flaw
from archive.ids import RecordingId

FORMS: Final = tuple(each.value for each in ExportForm)
SPEEDS: Final = ("0.5", "0.75", "1", "1.25", "1.5", "2", "2.5", "3")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """What was typed into a form of the page, and what is wrong with it."""

    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


_NOTHING: Final = _Typed()


@router.get(AT)
async def call(at: CurrentCallVisit) -> Response:
    """What is known of one call."""
    return await _page(at)


@router.post(AT + "/notes")
async def note(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Write a note to a recording of the call."""
    change = NoteWritten(text=form.text("note").replace("\r\n", "\n"))
    return await _write(at, form, ("note", change))


@router.post(AT + "/tags")
async def tag(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Tag a recording of the call."""
    return await _write(at, form, ("tag", TagAdded(tag=form.text("tag"))))


@router.post(AT + "/glass")
async def glass(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Pass by the purposes of a call for a while, with a reason; without one: no longer."""
    reason = form.text("reason")
    if len(reason) > MAX_PURPOSE_LENGTH or not reason.isprintable():
        raise QueryRefused("reason", Unfit.REASON_LENGTH, most=MAX_PURPOSE_LENGTH)
    answer = RedirectResponse(at.path, SEE_OTHER)
    if not reason:
        answer.delete_cookie(COOKIE, path=at.path)
        return answer
    answer.set_cookie(
        COOKIE,
        sealed(reason, at.visit.signed_in.form_key, at.call, at.now_us),
        max_age=KEPT_S,
        path=at.path,
        httponly=True,
        samesite="strict",
        secure=at.request.url.scheme == "https",
    )
    return answer


async def _write(at: CallVisit, form: Form, said: tuple[str, Change]) -> Response:
    """Write what somebody says of a recording; the page again, where it cannot be written."""
    name, change = said
    try:
        own = RecordingId.parse(form.text("recording"))
    except ValueError as no_id:
        raise QueryRefused("recording", Flaw.NO_RECORDING) from no_id
    await at.application.calls.require_of(at.actor, at.call, own)
    try:
        await at.application.corrections.write(at.actor, own, change, "")
    except CorrectionRefused as refused:
        typed = _Typed(
            values={name: form.text(name)}, wrong={name: at.visit.reader.told(text_of(refused))}
        )
        return await _page(at, typed, status=422)
    return RedirectResponse(f"{at.path}#notes", SEE_OTHER)


async def _page(at: CallVisit, typed: _Typed = _NOTHING, *, status: int = 200) -> Response:
    courses = await at.application.calls.show(at.actor, at.call)
    values = {
        "call": at.call,
        "path": at.path,
        "facts": facts_of(courses, at.visit.zone),
        "typed": typed,
        "broken": at.actor.break_glass,
        "forms": FORMS,
        "speeds": SPEEDS,
    }
    return render(at.request, "call.html", status=status, values=values)
