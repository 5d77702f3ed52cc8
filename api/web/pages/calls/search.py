"""The page that finds: what is remembered is ranked, what is asked exactly is listed by time.

Three moves: read, ask, show. The address is the search; days are counted apart, when they are seen.
Where it asks by what is remembered (`text`) the other page answers.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.calls.call_summaries import UNKNOWN, CallLine, by_calls
from api.people.agents import by_reading
from api.permissions.verbs import Verb
from api.web.http.models import FoundView
from api.web.http.requester import CurrentApplication
from api.web.pages.calls.clue_form import NAMES, TEXT, ClueForm
from api.web.pages.calls.list_by_time import ranked_address
from api.web.pages.calls.ranked_search import BY_ITSELF, ranked
from api.web.pages.calls.search_form import (
    DIRECTIONS,
    FIELDS,
    NOTICES,
    RANGES,
    TOLD_AS,
    SearchForm,
    read_form,
)
from api.web.pages.forms import Form, require_own
from api.web.pages.frame import render
from api.web.pages.visit import ActingVisit, Visit
from api.words.attribute_words import CLUES
from api.words.number_words import digits_looked_for
from api.words.tombstone_words import told_count, unread_count
from archive.access.query import SearchQuery
from archive.attributes import SOUGHT
from archive.catalog.search.days import Days
from archive.catalog.search.ledger import LedgerRows
from archive.catalog.search.ledger_query import LedgerQuery
from archive.catalog.search.search import SearchPage
from archive.moments import moment

AT: Final = "/calls"
_NOTHING_ELSE: Final = {
    "older": "",
    "newer": "",
    "destroyed": "",
    "undirected": "",
    "unread": "",
    "unrecorded": "",
}
# Calls without a recording that are shown beside those with one; the ledger has all.
_MISSING_SHOWN: Final = 20
# As many as a browser offers without a pause; of a larger house the name is typed.
_AGENTS_OFFERED: Final = 2_000

router = APIRouter(include_in_schema=False)


@router.get(AT)
async def find(request: Request, visit: ActingVisit, application: CurrentApplication) -> Response:
    """Search, and show a page of what is found: ranked where something is remembered."""
    typed = Form.parse(request.url.query)
    remembered = ClueForm.read(typed)
    if TEXT in typed.fields and not remembered.is_empty:
        return await ranked(request, visit, application, remembered)
    return await _list(request, visit, application)


@router.get(BY_ITSELF, dependencies=[Depends(require_own)])
async def likeliest(
    request: Request, visit: ActingVisit, application: CurrentApplication
) -> Response:
    """The same, asked by a page that waits for it."""
    return await find(request, visit, application)


async def _list(request: Request, visit: Visit, application: CurrentApplication) -> Response:
    form = _form(request, visit, application)
    looked = digits_looked_for(form["number"], application.place.country)
    values: dict[str, Any] = {"form": form, "lines": (), "missing": None, "looked": (looked,)}
    values |= _NOTHING_ELSE
    if form.query is not None:
        page = await application.calls.search(visit.actor, form.query)
        values |= _found(form, page)
        if visit.may(Verb.LEDGER) and _has_missing(form, page):
            values["missing"] = await _missing(application, visit, form.query)
    return render(request, "find.html", values={**values, **_choices(form)})


@router.get(AT + "/days", dependencies=[Depends(require_own)])
async def days(request: Request, visit: ActingVisit, application: CurrentApplication) -> Response:
    """Count what a search finds by its days: a chart, and the same as a table."""
    form = _form(request, visit, application)
    counted = None if form.query is None else await application.calls.days(visit.actor, form.query)
    values = {"form": form, "days": counted, "highest": _highest(counted), **_choices(form)}
    return render(request, "days.html", values=values)


@router.get(AT + "/agents", dependencies=[Depends(require_own)])
async def agents(request: Request, visit: ActingVisit, application: CurrentApplication) -> Response:
    """Whom one may choose from, in the order of their readings: when the field is gone to."""
    known = by_reading(await application.agents.list(visit.actor))
    values = {"agents": known[:_AGENTS_OFFERED], "left": max(len(known) - _AGENTS_OFFERED, 0)}
    return render(request, "agents.html", values=values)


def _form(request: Request, visit: Visit, application: CurrentApplication) -> SearchForm:
    now = moment(application.calls.door.clock_us())
    typed = Form.parse(request.url.query).fields
    # Fields of the other form, sent with nothing in them.
    own = {name: values for name, values in typed.items() if name in FIELDS or name not in NAMES}
    return read_form(Form(own), visit.zone, application.place.country, now)


def _found(form: SearchForm, page: SearchPage) -> dict[str, Any]:
    rows = [
        FoundView.found(each, page, _query_of(form).window.zone).model_dump(mode="json")
        for each in page.found
    ]
    grouped = by_calls(rows, len(rows) or 1)
    return {
        "lines": [CallLine(call) for call in grouped.calls],
        "undirected": told_count(page.unknown_direction) if page.unknown_direction else "",
        "address_of_undirected": _address(form, direction=UNKNOWN, after=""),
        "older": _address(form, after=str(page.next_cursor)) if page.next_cursor else "",
        "newer": _address(form, after="") if form["after"] else "",
        "destroyed": told_count(page.destroyed) if page.destroyed else "",
        "unread": unread_count(page.unread) if page.unread else "",
        "unrecorded": told_count(page.unrecorded) if page.unrecorded else "",
    }


def _query_of(form: SearchForm) -> SearchQuery:
    assert form.query is not None
    return form.query


def _has_missing(form: SearchForm, page: SearchPage) -> bool:
    """Whether calls without a recording belong beside it: all of a time, or those that fit."""
    return not form.typed["after"] and (not _query_of(form).clues or bool(page.unrecorded))


async def _missing(application: CurrentApplication, visit: Visit, query: SearchQuery) -> LedgerRows:
    """Calls of the time that have no recording, of the number and name, the first ones."""
    asked = LedgerQuery.beside(query, _MISSING_SHOWN)
    return await application.ledger.page(visit.actor, asked)


def _choices(form: SearchForm) -> Mapping[str, Any]:
    return {
        "ranges": RANGES,
        "directions": DIRECTIONS,
        "notices": NOTICES,
        "roles_told": TOLD_AS,
        "sought": {kind: CLUES[kind].label for kind in SOUGHT},
        "remembered": ClueForm(),
        "address_of_ranking": ranked_address(form.typed),
        "address_of_days": f"{AT}/days?{_query(form)}",
        "address_of_hold": "/hold-draft?"
        + _query(replace(form, typed={**form.typed, "after": ""})),
    }


def _address(form: SearchForm, **changed: str) -> str:
    return f"{AT}?{_query(replace(form, typed={**form.typed, **changed}))}"


def _query(form: SearchForm) -> str:
    return urlencode([(name, form[name]) for name in FIELDS if form[name]])


def _highest(days: Days | None) -> int:
    return max((bar.count or 0 for bar in days.bars), default=0) if days is not None else 0
