"""The pages of a simulation: how far it is, what came of it, and each recording that it changes.

Three moves: read, ask, show. Knows nothing of what a rule means.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.permissions.verbs import Verb
from api.simulations.simulation import Change, Then
from api.web.http.parameter_types import IdBehind
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import told
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.operation.jobs import state_of
from api.web.pages.retention.calendar_bars import CalendarBars
from api.web.pages.retention.policies import Number
from api.web.pages.visit import ActingVisit, CurrentVisit
from api.words.circumstance_words import about_told
from archive.ids import ConversationId
from archive.job_queue import KnownJob
from archive.jobs import JobOver

AT: Final = "/simulations/{number}"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SimulationVisit:
    """Somebody at the page of a simulation."""

    request: Request
    number: Number
    visit: CurrentVisit
    application: CurrentApplication

    async def page(self, refused: str = "") -> Response:
        """How far it is, or what came of it; with what was refused above it."""
        reader = self.visit.reader
        known = await self.application.simulations.show(self.visit.actor, self.number)
        values = {
            "known": known,
            "text": known.order.arguments["text"],
            "why": _why(known),
            "state": state_of(known.job),
            "changes": tuple(Change),
            "stands": tuple(Then),
            "calendar": CalendarBars.of(known.job.result) if known.job.result else None,
            "facts": CalendarBars.of_facts(known.job.result) if known.job.result else None,
            "about": lambda own: about_told(own, reader.words, reader.language),
            "may_cancel": self.visit.may(Verb.JOB_CANCEL),
            "refused": refused,
        }
        status = 409 if refused else 200
        return render(self.request, "simulation.html", status=status, values=values)


AtSimulation = Annotated[SimulationVisit, Depends()]


@router.get(AT)
async def simulation(at: AtSimulation) -> Response:
    """One simulation; while it runs, how far it is."""
    return await at.page()


@router.post(AT + "/cancel")
async def cancel(at: AtSimulation, _form: CurrentForm) -> Response:
    """Want it to stop; one that runs does at its next step."""
    try:
        await at.application.jobs.cancel(at.visit.actor, at.number)
    except JobOver as why:
        return await at.page(told(why, at.visit.reader))
    return RedirectResponse(AT.format(number=at.number), SEE_OTHER)


@router.get(AT + "/recordings")
async def changed(
    request: Request,
    number: Number,
    visit: ActingVisit,
    application: CurrentApplication,
    behind: IdBehind = "",
) -> Response:
    """Those that it changes, within the reach of who asks."""
    after = ConversationId.parse(behind) if behind else None
    page = await application.simulations.changes(visit.actor, number, after)
    values = {"number": number, "page": page, "behind": behind}
    return render(request, "simulation_changes.html", values=values)


def _why(known: KnownJob) -> str:
    """The name of the error with which it failed last."""
    return known.job.history[-1].why if known.job.history else ""
