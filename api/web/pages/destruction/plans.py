"""The pages of plans of destruction: made, approved, carried out or stopped, and what came of each.

Three moves: read, ask, show. Knows nothing of what makes a recording due.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.destruction.certificate_letter import certificate_letter
from api.destruction.certificates import ShownCertificate
from api.destruction.plan_steps import PlanStep
from api.destruction.plans import KnownPlan
from api.letters.typesetter import set_letter
from api.permissions.errors import (
    AnotherPersonNeeded,
    ApprovalNeeded,
    NotFound,
    NothingDue,
    PersonNeeded,
    PlanAltered,
    PlanOver,
)
from api.permissions.verbs import Verb
from api.web.destruction.certificates import PDF, FileName, LetterLanguage
from api.web.destruction.plans import Behind
from api.web.http.parameter_types import Row
from api.web.http.requester import CurrentApplication
from api.web.pages.destruction.holds import NOTHING, Said
from api.web.pages.form_faults import told
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.operation.machine_clock import clock_doubt
from api.web.pages.visit import CurrentVisit
from api.words.certificate_words import certificate_lines
from api.words.texts import Text, said
from archive.access.approvals import ApprovalRefused
from archive.catalog.destruction.planned_recordings import MAX_LINES
from archive.errors import KeyUnavailable

AT: Final = "/plans"
_AWAY: Final = said(
    "The key daemon cannot be reached at the moment. Nothing is destroyed; do it again later."
)
_REFUSALS: Final = (
    *(AnotherPersonNeeded, ApprovalRefused, NothingDue, PersonNeeded),
    *(PlanAltered, PlanOver),
)

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class PlansVisit:
    """Somebody at the pages of destruction."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    @property
    def now_us(self) -> int:
        """When it is asked, in µs since 1970 UTC."""
        return self.application.destruction.door.clock_us()

    async def listed(self, told_of: Said = NOTHING) -> Response:
        """All of them, the newest first."""
        found = await self.application.destruction.listed(self.visit.actor)
        standing = await self.application.destruction.standing(self.visit.actor)
        doubt = await clock_doubt(self.visit, self.application)
        values = {"plans": found, "standing": standing, "clock_doubt": doubt}
        return self.shown("plans.html", values, told_of)

    async def plan(self, number: int, told_of: Said = NOTHING) -> Response:
        """One of them, its rules, what fell out of it, and its certificate."""
        actor, application = self.visit.actor, self.application
        known = await application.destruction.show(actor, number)
        lines = await application.destruction.lines(actor, number, 0)
        certificate = await self._certificate(number)
        values = {
            "known": known,
            "rules": sorted(
                {(rule, each.grounds[0]) for each in lines for rule in each.grounds[1]}
            ),
            "is_first": known.stored.content.recordings > len(lines),
            "clock_doubt": await clock_doubt(self.visit, application),
            "certificate": certificate,
            "lines_of_certificate": self._told(certificate) if certificate else (),
        }
        return self.shown("plan.html", values, told_of)

    async def confirm(self, number: int) -> Response:
        """Whether one means it, with the number of what goes."""
        known = await self.application.destruction.show(self.visit.actor, number)
        if PlanStep.CARRY_OUT not in known.steps:
            return RedirectResponse(f"{AT}/{number}", SEE_OTHER)
        doubt = await clock_doubt(self.visit, self.application)
        return self.shown("plan_apply.html", {"known": known, "clock_doubt": doubt})

    async def lines(self, number: int, behind: int) -> Response:
        """What is in it, one by one."""
        found = await self.application.destruction.lines(self.visit.actor, number, behind)
        next_behind = found[-1].row if len(found) == MAX_LINES else 0
        values = {"number": number, "found": found, "behind": behind, "next_behind": next_behind}
        return self.shown("plan_recordings.html", values)

    async def after(self, step: Awaitable[object]) -> Said | None:
        """What is to be said of a step; None where it is done."""
        reader = self.visit.reader
        try:
            await step
        except ApprovalNeeded as needed:
            return Said(proposal=needed.number)
        except _REFUSALS as why:
            return Said(refused=told(why, reader), status=409)
        except KeyUnavailable:
            return Said(refused=reader.told(Text(_AWAY)), status=503)
        return None

    def shown(self, template: str, values: dict[str, Any], told_of: Said = NOTHING) -> Response:
        """A page."""
        may_manage = self.visit.may(Verb.DESTRUCTION_MANAGE)
        common = {
            "may_manage": may_manage,
            "may_stop": may_manage or self.visit.may(Verb.APPROVE),
            "said_of_it": told_of,
        }
        return render(self.request, template, status=told_of.status, values={**values, **common})

    async def _certificate(self, number: int) -> ShownCertificate | None:
        if not self.visit.may(Verb.POLICY_READ):
            return None
        try:
            return await self.application.certificates.show(self.visit.actor, number)
        except NotFound:
            return None

    def _told(self, found: ShownCertificate) -> tuple[str, ...]:
        reader = self.visit.reader
        return tuple(
            certificate_lines(found.certificate, reader.words, reader.language, self.visit.zone)
        )


AtPlans = Annotated[PlansVisit, Depends()]


@router.get(AT)
async def plans(at: AtPlans) -> Response:
    """Every plan of destruction."""
    return await at.listed()


@router.post(AT)
async def make(at: AtPlans, _form: CurrentForm) -> Response:
    """Plan what is due and in no other plan."""
    made: list[KnownPlan] = []

    async def planned() -> None:
        made.append(await at.application.destruction.make(at.visit.actor))

    not_done = await at.after(planned())
    if not_done:
        return await at.listed(not_done)
    return RedirectResponse(f"{AT}/{made[0].stored.number}", SEE_OTHER)


@router.post(AT + "/standing/end")
async def end_standing(at: AtPlans, _form: CurrentForm) -> Response:
    """Let no approval stand any more: the next plan takes another person's word again."""
    await at.application.destruction.end_standing(at.visit.actor)
    return RedirectResponse(AT, SEE_OTHER)


@router.get(AT + "/{number}")
async def plan(at: AtPlans, number: Row) -> Response:
    """One plan, and what came of it."""
    return await at.plan(number)


@router.get(AT + "/{number}/recordings")
async def plan_recordings(at: AtPlans, number: Row, behind: Behind = 0) -> Response:
    """What is in it."""
    return await at.lines(number, behind)


@router.get(AT + "/{number}/certificate/{name}")
async def certificate_file(at: AtPlans, number: Row, name: FileName) -> Response:
    """A file of its certificate, byte by byte."""
    content = await at.application.certificates.file(at.visit.actor, number, name)
    headers = {"Content-Disposition": f'attachment; filename="plan-{number}-{name}"'}
    return Response(content, media_type="application/octet-stream", headers=headers)


@router.get(AT + "/{number}/letter/{language}")
async def certificate_as_letter(at: AtPlans, number: Row, language: LetterLanguage) -> Response:
    """Its certificate as a PDF in one language, with times of the session's zone."""
    found = await at.application.certificates.show(at.visit.actor, number)
    letter = certificate_letter(found, at.visit.reader.words, language, at.visit.zone)
    content = await asyncio.to_thread(set_letter, letter)
    headers = {"Content-Disposition": f'attachment; filename="plan-{number}-{language}.pdf"'}
    return Response(content, media_type=PDF, headers=headers)


async def _stepped(at: PlansVisit, number: int, step: Awaitable[object]) -> Response:
    not_done = await at.after(step)
    if not_done:
        return await at.plan(number, not_done)
    return RedirectResponse(f"{AT}/{number}", SEE_OTHER)


@router.get(AT + "/{number}/approve")
async def ask(at: AtPlans, number: Row) -> Response:
    """Lead to where its proposal is approved, which asks once more; else to the plan."""
    known = await at.application.destruction.show(at.visit.actor, number)
    if PlanStep.APPROVE not in known.steps or known.proposal is None:
        return RedirectResponse(f"{AT}/{number}", SEE_OTHER)
    return RedirectResponse(f"/approvals/{known.proposal.number}/give", SEE_OTHER)


@router.post(AT + "/{number}/approve")
async def approve(at: AtPlans, number: Row, _form: CurrentForm) -> Response:
    """Give another person's word for it."""
    return await _stepped(at, number, at.application.destruction.approve(at.visit.actor, number))


@router.post(AT + "/{number}/withdraw")
async def withdraw(at: AtPlans, number: Row, _form: CurrentForm) -> Response:
    """Take its approval back."""
    return await _stepped(at, number, at.application.destruction.withdraw(at.visit.actor, number))


@router.get(AT + "/{number}/apply")
async def confirm(at: AtPlans, number: Row) -> Response:
    """How many recordings go, asked once more; the plan itself where that is not open to one."""
    return await at.confirm(number)


@router.post(AT + "/{number}/apply")
async def apply(at: AtPlans, number: Row, _form: CurrentForm) -> Response:
    """Carry out what another person approved: it cools off, then it is destroyed."""
    return await _stepped(at, number, at.application.destruction.apply(at.visit.actor, number))


@router.post(AT + "/{number}/stop")
async def stop(at: AtPlans, number: Row, _form: CurrentForm) -> Response:
    """Begin nothing more of it."""
    return await _stepped(at, number, at.application.destruction.stop(at.visit.actor, number))
