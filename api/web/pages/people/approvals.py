"""The page of approvals: what is proposed that takes two persons; approved or taken back here.

Three moves: read, ask, show. Knows nothing of who counts.
"""

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.permissions.verbs import Verb
from api.web.http.parameter_types import NameText, Row
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import BESIDE, NOTHING, Refusal, refusal_of
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import CurrentVisit
from api.words.approval_bars import text_of
from archive.access.lineage import Bar

AT: Final = "/approvals"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ApprovalsVisit:
    """Somebody at the page of approvals."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def page(self, refusal: Refusal = NOTHING) -> Response:
        """The page; with what was refused above it."""
        approvals = self.application.approvals
        values = {
            "standing": await self.application.confirmations.listed(self.visit.actor),
            "told": self._told,
            "proposals": await approvals.listed(self.visit.actor),
            "one_person": await approvals.is_one_person_enough(self.visit.actor),
            "may_approve": self.visit.may(Verb.APPROVE),
            "own": self.visit.actor.account.person,
            "refusal": refusal,
        }
        status = 422 if refusal.form else 200
        return render(self.request, "approvals.html", status=status, values=values)

    def _told(self, bar: Bar, names: Mapping[int, str]) -> str:
        return self.visit.reader.told(text_of(bar, names))

    async def after(self, form: Form, act: Awaitable[object]) -> Response:
        """The page anew when a step is taken; where it is refused, with the reason."""
        try:
            await act
        except BESIDE as why:
            return await self.page(refusal_of("approval", form, why, self.visit.reader))
        return RedirectResponse(AT, SEE_OTHER)


AtApprovals = Annotated[ApprovalsVisit, Depends()]


@router.get(AT)
async def approvals(at: AtApprovals) -> Response:
    """What can still be approved or carried out."""
    return await at.page()


@router.post(AT + "/confirm/{name}")
async def confirm(at: AtApprovals, name: NameText, form: CurrentForm) -> Response:
    """Say that a person is who it says."""
    return await at.after(form, at.application.confirmations.confirm(at.visit.actor, name))


@router.post(AT + "/{number}/give")
async def give(at: AtApprovals, number: Row, form: CurrentForm) -> Response:
    """Approve what another person proposes."""
    return await at.after(form, at.application.approvals.give(at.visit.actor, number))


@router.post(AT + "/{number}/withdraw")
async def withdraw(at: AtApprovals, number: Row, form: CurrentForm) -> Response:
    """Take one's proposal, or one's word, back."""
    return await at.after(form, at.application.approvals.withdraw(at.visit.actor, number))
