"""The page of work in the background: which jobs there are, how far each is, and that one stop.

Three moves: read, ask, show. Knows nothing of what a job does.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.permissions.verbs import Verb
from api.web.http.parameter_types import Row
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import told
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import CurrentVisit
from archive.jobs import Job, JobOver

AT: Final = "/jobs"

router = APIRouter(include_in_schema=False)


def state_of(job: Job) -> str:
    """Where it stands; one that runs and is wanted to stop does so at its next step."""
    is_stopping = job.cancel_us is not None and not job.state.is_over
    return "stopping" if is_stopping else job.state


@dataclass(frozen=True, slots=True)
class JobsVisit:
    """Somebody at the page of jobs."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def page(self, refused: str = "") -> Response:
        """Every job that is kept, the newest first; with what was refused above them."""
        values = {
            "jobs": await self.application.jobs.listed(self.visit.actor),
            "may_cancel": self.visit.may(Verb.JOB_CANCEL),
            "state_of": state_of,
            "refused": refused,
        }
        return render(self.request, "jobs.html", status=409 if refused else 200, values=values)


AtJobs = Annotated[JobsVisit, Depends()]


@router.get(AT)
async def jobs(at: AtJobs) -> Response:
    """What waits, runs, or has ended of late."""
    return await at.page()


@router.post(AT + "/{number}/cancel")
async def cancel(at: AtJobs, number: Row, _form: CurrentForm) -> Response:
    """Want one to stop."""
    try:
        await at.application.jobs.cancel(at.visit.actor, number)
    except JobOver as why:
        return await at.page(told(why, at.visit.reader))
    return RedirectResponse(AT, SEE_OTHER)
