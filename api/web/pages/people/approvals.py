"""The page of approvals: what is proposed that takes two persons; approved or taken back here.

Three moves: read, ask, show. Knows nothing of who counts.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.access.known_proposals import Known
from api.access.proposal_steps import ProposalStep, has_word, proposal_steps
from api.destruction.proposal_effects import ProposalEffects
from api.permissions.actor import Actor
from api.web.http.parameter_types import NameText, Row
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import BESIDE, NOTHING, NotUnderstood, Refusal, read_body, refusal_of
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import CurrentVisit
from api.web.people.approvals import SaidBody
from api.words.approval_bars import text_of
from archive.access.lineage import Bar

AT: Final = "/approvals"
# Saying something of a proposal, by its number.
Step = Callable[[Actor, int, str], Awaitable[object]]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ApprovalsVisit:
    """Somebody at the page of approvals."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    @property
    def _effects(self) -> ProposalEffects:
        return ProposalEffects(self.application.approvals.door)

    async def page(self, refusal: Refusal = NOTHING) -> Response:
        """The page; with what was refused above it."""
        approvals = self.application.approvals
        found = await approvals.listed(self.visit.actor)
        values = {
            "effects": await self._effects.of(self.visit.actor, found),
            "standing": await self.application.confirmations.listed(self.visit.actor),
            "told": self._told,
            "proposals": found,
            "ended": await approvals.ended(self.visit.actor),
            "one_person": await approvals.is_one_person_enough(self.visit.actor),
        }
        return self._shown("approvals.html", values, refusal)

    async def proposal(self, number: int, refusal: Refusal = NOTHING) -> Response:
        """One of them, whatever became of it; with what was refused above it."""
        known = await self.application.approvals.show(self.visit.actor, number)
        return self._shown("approval.html", await self._with_effect(known), refusal)

    async def confirm(self, number: int) -> Response:
        """Whether one means it, with what follows; the proposal where that is not open to one."""
        known = await self.application.approvals.show(self.visit.actor, number)
        if ProposalStep.APPROVE not in proposal_steps(known, self.visit.actor):
            return RedirectResponse(f"{AT}/{number}", SEE_OTHER)
        return self._shown("approval_give.html", await self._with_effect(known))

    async def _with_effect(self, known: Known) -> dict[str, Any]:
        effects = await self._effects.of(self.visit.actor, [known])
        return {"known": known, "effects": effects}

    def _shown(self, template: str, values: dict[str, Any], refusal: Refusal = NOTHING) -> Response:
        common = {
            "told": self._told,
            "steps_of": lambda known: proposal_steps(known, self.visit.actor),
            "has_word": has_word,
            "own": self.visit.actor.account.person,
            "refusal": refusal,
        }
        status = 422 if refusal.form else 200
        return render(self.request, template, status=status, values={**values, **common})

    def _told(self, bar: Bar, names: Mapping[int, str]) -> str:
        return self.visit.reader.told(text_of(bar, names))

    async def after(self, form: Form, act: Awaitable[object]) -> Response:
        """The page anew when a step is taken; where it is refused, with the reason."""
        try:
            await act
        except BESIDE as why:
            return await self.page(refusal_of("approval", form, why, self.visit.reader))
        return RedirectResponse(AT, SEE_OTHER)

    async def say(self, number: int, form: Form, step: Step) -> Response:
        """The proposal anew when something was said of it; where it is refused, with the reason."""
        try:
            body = read_body(SaidBody, {"text": form.text("text").replace("\r\n", "\n")})
            await step(self.visit.actor, number, body.text)
        except (*BESIDE, NotUnderstood) as why:
            what = "reject" if step == self.application.approvals.reject else "comment"
            refusal = refusal_of(what, form, why, self.visit.reader)
            return await self.proposal(number, refusal)
        return RedirectResponse(f"{AT}/{number}", SEE_OTHER)


AtApprovals = Annotated[ApprovalsVisit, Depends()]


@router.get(AT)
async def approvals(at: AtApprovals) -> Response:
    """What can still be approved or carried out."""
    return await at.page()


@router.post(AT + "/confirm/{name}")
async def confirm(at: AtApprovals, name: NameText, form: CurrentForm) -> Response:
    """Say that a person is who it says."""
    return await at.after(form, at.application.confirmations.confirm(at.visit.actor, name))


@router.get(AT + "/{number}")
async def proposal(at: AtApprovals, number: Row) -> Response:
    """One proposal: who did what, what was said of it, and what comes next."""
    return await at.proposal(number)


@router.get(AT + "/{number}/give")
async def ask(at: AtApprovals, number: Row) -> Response:
    """What one is about to approve, asked once more."""
    return await at.confirm(number)


@router.post(AT + "/{number}/reject")
async def reject(at: AtApprovals, number: Row, form: CurrentForm) -> Response:
    """Say no to what another person proposes, and why."""
    return await at.say(number, form, at.application.approvals.reject)


@router.post(AT + "/{number}/comment")
async def comment(at: AtApprovals, number: Row, form: CurrentForm) -> Response:
    """Say something of it to the others."""
    return await at.say(number, form, at.application.approvals.comment)


@router.post(AT + "/{number}/give")
async def give(at: AtApprovals, number: Row, form: CurrentForm) -> Response:
    """Approve what another person proposes."""
    return await at.after(form, at.application.approvals.give(at.visit.actor, number))


@router.post(AT + "/{number}/withdraw")
async def withdraw(at: AtApprovals, number: Row, form: CurrentForm) -> Response:
    """Take one's proposal, or one's word, back."""
    return await at.after(form, at.application.approvals.withdraw(at.visit.actor, number))
