"""The page of the clock: whether anything is destroyed by it, and a person's word for it.

Three moves: read, ask, show. Knows nothing of how a clock is read.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request
from starlette.responses import RedirectResponse, Response

from api.permissions.errors import TimeDiffers
from api.permissions.roles import roles_with
from api.permissions.verbs import Verb
from api.web.http.problems import Fault
from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import NOTHING, NotUnderstood, Refusal, refusal_of
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import CurrentVisit, Visit
from api.words.texts import Text, said
from archive.access.reach import is_everywhere
from archive.errors import KeyUnavailable
from archive.moments import microseconds, moment

AT: Final = "/clock"
# A day without a time, or a time without its day, is no answer.
_LEAST: Final = len("2027-01-04T09:12")

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class ClockVisit:
    """Somebody who looks at the clock of the machine."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def page(self, refusal: Refusal = NOTHING, status: int = 200) -> Response:
        """What it says, what the key daemon knows of it, and who may confirm it."""
        state = await self.application.clock.show(self.visit.actor)
        values = {
            "now_us": state.now_us,
            "facts": state.facts,
            "may_confirm": self._may_confirm(),
            "who_may": roles_with(Verb.DESTRUCTION_MANAGE),
            "refusal": refusal,
        }
        return render(self.request, "clock.html", status=status, values=values)

    def _may_confirm(self) -> bool:
        """Where the reach ends somewhere nobody confirms what lets recordings beyond it go."""
        return is_everywhere(self.visit.actor.account.authority.reach(Verb.DESTRUCTION_MANAGE))


AtClock = Annotated[ClockVisit, Depends()]


@router.get(AT)
async def clock(at: AtClock) -> Response:
    """Whether anything is destroyed by it."""
    return await at.page()


@router.post(AT + "/confirm")
async def confirm(at: AtClock, form: CurrentForm) -> Response:
    """Say what another clock says; good until the next boot, or until the clock is set."""
    service, reader = at.application.clock, at.visit.reader
    now = moment(service.door.clock_us())
    try:
        read = read_off(form.text("read_at"), at.visit.zone, now)
        await service.confirm(at.visit.actor, microseconds(read))
    except NotUnderstood as why:
        return await at.page(refusal_of("confirm", form, why, reader), 422)
    except TimeDiffers as why:
        return await at.page(refusal_of("confirm", form, why, reader), 409)
    return RedirectResponse(AT, SEE_OTHER)


def read_off(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return date and time as a person read them off, by the clock of the zone.

    Nothing is filled in from the machine's clock, which is what is asked about; of a doubled hour
    it is the one that is nearer to `now`. Raises `NotUnderstood`.
    """
    try:
        typed = datetime.fromisoformat(text if len(text) >= _LEAST else "")
    except ValueError as unreadable:
        fault = Fault(pointer="/read_at", detail=Text(said("date and time, as 2027-01-04 09:12")))
        raise NotUnderstood((fault,)) from unreadable
    if typed.tzinfo is not None:
        return typed
    both = [typed.replace(tzinfo=zone, fold=fold) for fold in (0, 1)]
    return min(both, key=lambda each: abs(each - now))


async def clock_doubt(visit: Visit, application: CurrentApplication) -> str:
    """Return why nothing is destroyed by the clock, for other pages; "": it is, or nobody knows."""
    try:
        return (await application.clock.show(visit.actor)).facts.doubt
    except KeyUnavailable:
        return ""
