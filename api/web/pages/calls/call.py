"""The page of one call: who, when, how it sounds, what happened, what was said of it since.

Three moves: read, ask, show. What takes longer stands on pages of its own (`call_details.py`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from api.permissions.errors import Unfit
from api.web.calls.linked_calls import InferredLinkView
from api.web.http.requester import MAX_PURPOSE_LENGTH
from api.web.pages.calls.call_facts import facts_of
from api.web.pages.calls.call_visit import (
    AT,
    GLASS_COOKIE,
    GLASS_KEPT_S,
    CallVisit,
    CurrentCallVisit,
    seal_reason,
)
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from archive.access.query import QueryRefused
from archive.call.corrections import MAX_REASON_CHARS, MAX_VALUE_CHARS
from archive.reading.export_forms import ExportForm

FORMS: Final = tuple(each.value for each in ExportForm)
SPEEDS: Final = ("0.5", "0.75", "1", "1.25", "1.5", "2", "2.5", "3")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into a form of the page, and what is wrong with it."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    wrong: Mapping[str, str] = field(default_factory=dict)


NOTHING: Final = Typed()


@router.get(AT)
async def call(at: CurrentCallVisit) -> Response:
    """What is known of one call."""
    return await page(at)


@router.post(AT + "/glass")
async def glass(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Pass by the purposes of a call for a while, with a reason; without one: no longer."""
    reason = form.text("reason")
    if len(reason) > MAX_PURPOSE_LENGTH or not reason.isprintable():
        raise QueryRefused("reason", Unfit.REASON_LENGTH, most=MAX_PURPOSE_LENGTH)
    answer = RedirectResponse(at.path, SEE_OTHER)
    if not reason:
        answer.delete_cookie(GLASS_COOKIE, path=at.path)
        return answer
    answer.set_cookie(
        GLASS_COOKIE,
        seal_reason(reason, at.visit.signed_in.form_key, at.call, at.now_us),
        max_age=GLASS_KEPT_S,
        path=at.path,
        httponly=True,
        samesite="strict",
        secure=at.request.url.scheme == "https",
    )
    return answer


async def page(at: CallVisit, typed: Typed = NOTHING, *, status: int = 200) -> Response:
    """The page, with what was typed into a form of it that was not carried out."""
    found = await at.application.calls.show_call(at.actor, at.call)
    values = {
        "call": at.call,
        "path": at.path,
        "facts": facts_of(found.courses, at.visit.zone),
        "links": [InferredLinkView.show(each, at.visit.zone) for each in found.links.links],
        "more_links": found.links.is_more,
        "typed": typed,
        "broken": at.actor.break_glass,
        "forms": FORMS,
        "speeds": SPEEDS,
        "longest": {"value": MAX_VALUE_CHARS, "reason": MAX_REASON_CHARS},
    }
    return render(at.request, "call.html", status=status, values=values)
