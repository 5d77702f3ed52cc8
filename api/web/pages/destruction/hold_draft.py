"""The page on which a legal hold is placed over what a search finds: counted first, then placed.

Three moves: read, ask, show. The search comes in the address, as from the page that finds.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any, Final, Self
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from api.holds.placement import HoldWish
from api.web.http.models import Text
from api.web.http.requester import CurrentApplication
from api.web.pages.calls.search_form import FIELDS, SearchForm, read_form
from api.web.pages.form_faults import NotUnderstood, Refusal, read_body, refusal_of
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import ActingVisit
from api.words.clue_words import lines_of
from archive.access.query import ALWAYS, NEWEST, SearchQuery
from archive.moments import moment

AT: Final = "/hold-draft"
# Those of the search but for its pages: a hold has none.
SEARCH: Final = tuple(name for name in FIELDS if name != "after")
_OPTIONS: Final = ("always", "whole", "future")
_FORM: Final = "place"

router = APIRouter(include_in_schema=False)


class TermsBody(BaseModel):
    """What is typed into the form beside the search."""

    matter: Text
    reason: Text
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldDraft:
    """A search that somebody wants held, the options that are chosen, what else was typed."""

    search: SearchForm
    chosen: frozenset[str]
    refusal: Refusal

    @property
    def query(self) -> SearchQuery | None:
        """What would be held; None where the search cannot be understood."""
        if self.search.query is None:
            return None
        window = ALWAYS if "always" in self.chosen else self.search.query.window
        return replace(self.search.query, window=window, after=NEWEST)

    @property
    def address_of_search(self) -> str:
        """Where the same calls are looked at."""
        asked = [(name, self.search[name]) for name in SEARCH if self.search[name]]
        return f"/calls?{urlencode(asked)}"

    def refused(self, form: Form, why: Exception, at: "HoldDraftVisit") -> Self:
        """The same with what is wrong."""
        return replace(self, refusal=refusal_of(_FORM, form, why, at.visit.reader))

    def wish(self, terms: TermsBody) -> HoldWish:
        """The same for the use case."""
        return HoldWish(
            matter=terms.matter,
            reason=terms.reason,
            review_on=terms.review_on,
            query=self.query,
            whole_conversation="whole" in self.chosen,
            future="future" in self.chosen,
        )


@dataclass(frozen=True, slots=True)
class HoldDraftVisit:
    """Somebody who places a legal hold."""

    request: Request
    visit: ActingVisit
    application: CurrentApplication

    def read(self, form: Form) -> HoldDraft:
        """What was sent."""
        now = moment(self.application.calls.door.clock_us())
        asked = Form({name: each for name, each in form.fields.items() if name in SEARCH})
        search = read_form(asked, self.visit.zone, self.application.place.country, now)
        return HoldDraft(
            search=search,
            chosen=frozenset(name for name in _OPTIONS if form.text(name)),
            refusal=Refusal(form=_FORM, typed=form),
        )

    async def page(self, draft: HoldDraft) -> Response:
        """The form, with how much would be held now."""
        query = draft.query
        placements = self.application.hold_placements
        values: dict[str, Any] = {
            "draft": draft,
            "fields": SEARCH,
            "clues": () if query is None else tuple(lines_of(query)),
            "found": None if query is None else await placements.count(self.visit.actor, query),
        }
        status = 422 if draft.refusal.wrong or query is None else 200
        return render(self.request, "hold_draft.html", status=status, values=values)


AtDraft = Annotated[HoldDraftVisit, Depends()]


@router.get(AT)
async def draft(at: AtDraft) -> Response:
    """A search, before a hold is placed over it."""
    return await at.page(at.read(Form.parse(at.request.url.query)))


@router.post(AT + "/check")
async def check(at: AtDraft, form: CurrentForm) -> Response:
    """Count again, with the options that are chosen; nothing is held."""
    return await at.page(at.read(form))


@router.post(AT)
async def place(at: AtDraft, form: CurrentForm) -> Response:
    """Place it."""
    own = at.read(form)
    if own.query is None:
        return await at.page(own)
    values = {name: form.text(name) for name in TermsBody.model_fields}
    try:
        wish = own.wish(read_body(TermsBody, values))
    except NotUnderstood as wrong:
        return await at.page(own.refused(form, wrong, at))
    placed = await at.application.hold_placements.place(at.visit.actor, wish)
    return RedirectResponse(f"/holds/{placed.hold.number}", SEE_OTHER)
