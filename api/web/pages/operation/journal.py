"""The pages of the journal: its entries, who heard a call, whose calls an account reached.

Three moves: read, ask, show. The address is the question; that it was asked is in the journal too.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.permissions.verbs import Verb
from api.web.http.requester import CurrentApplication
from api.web.pages.forms import Form
from api.web.pages.frame import render
from api.web.pages.operation.journal_forms import (
    ACTIONS,
    PAGE,
    Clock,
    JournalForm,
    read_heard,
    read_reach,
    read_tail,
)
from api.web.pages.operation.journal_rows import JournalRow, RowWords
from api.web.pages.visit import CurrentVisit, Visit
from archive.catalog.journal.breach import REACHING
from archive.catalog.journal.entries import JournalEntry
from archive.locate.when.values import Calendar
from archive.moments import moment

AT: Final = "/journal"
HEARD: Final = f"{AT}/heard"
REACH: Final = f"{AT}/reach"

router = APIRouter(include_in_schema=False)


@router.get(AT)
async def tail(request: Request, visit: CurrentVisit, application: CurrentApplication) -> Response:
    """The entries, newest first."""
    await application.journal.require(visit.actor)
    form = read_tail(Form.parse(request.url.query), _clock(visit, application))
    values: dict[str, Any] = {"form": form, "rows": (), **_ways(AT, form, ())}
    if form.asked is not None:
        found = await application.journal.tail(visit.actor, form.asked)
        values |= {"rows": _rows(visit, found), **_ways(AT, form, found)}
    return _page(request, visit, "journal.html", {**values, "actions": ACTIONS}, form)


@router.get(HEARD)
async def heard(request: Request, visit: CurrentVisit, application: CurrentApplication) -> Response:
    """Who heard, saw or took a call or recording."""
    await application.journal.require(visit.actor)
    form = read_heard(Form.parse(request.url.query))
    values: dict[str, Any] = {"form": form, "rows": None, **_ways(HEARD, form, ())}
    if form.asked is not None:
        raw, behind = form.asked
        found = await application.journal.who_heard(visit.actor, raw, behind=behind, limit=PAGE)
        values |= {"rows": _rows(visit, found), **_ways(HEARD, form, found), "id": raw.hex()}
    return _page(request, visit, "journal_heard.html", values, form)


@router.get(REACH)
async def reach(request: Request, visit: CurrentVisit, application: CurrentApplication) -> Response:
    """Whose calls an account reached in a time, and how often."""
    await application.journal.require(visit.actor)
    form = read_reach(Form.parse(request.url.query), _clock(visit, application))
    values: dict[str, Any] = {"form": form, "reached": None, "reaching": REACHING}
    if form.asked is not None:
        reached = await application.journal.reach(visit.actor, form.asked)
        behind = reached.page.behind
        next_ = "" if behind is None else _address(REACH, form, str(behind))
        first = _address(REACH, form, "") if form["behind"] else ""
        values |= {"reached": reached, "next": next_, "first": first}
    return _page(request, visit, "journal_reach.html", values, form)


def _page(
    request: Request, visit: Visit, template: str, values: Mapping[str, Any], form: JournalForm[Any]
) -> Response:
    told = {**values, "may_read": visit.may(Verb.READ)}
    return render(request, template, status=422 if form.wrong else 200, values=told)


def _clock(visit: Visit, application: CurrentApplication) -> Clock:
    now = moment(application.journal.door.clock_us())
    return Clock(zone=visit.zone, now=now, calendar=Calendar.of(application.place.country))


def _rows(visit: Visit, found: Iterable[JournalEntry]) -> list[JournalRow]:
    words = RowWords(visit.reader, visit.zone)
    return [words.row(each) for each in found]


def _ways(at: str, form: JournalForm[Any], found: tuple[JournalEntry, ...]) -> dict[str, str]:
    """Where the next page is, and the first one; "" where this is it."""
    is_full = len(found) == PAGE
    return {
        "next": _address(at, form, str(found[-1].seq)) if is_full else "",
        "first": _address(at, form, "") if form["behind"] else "",
    }


def _address(at: str, form: JournalForm[Any], behind: str) -> str:
    asked = {**form.typed, "behind": behind}
    return f"{at}?{urlencode({name: text for name, text in asked.items() if text})}"
