"""The page of health: what is wrong, since when, what that means for calls, what to do, who can.

Three moves: read, ask, show. Knows nothing of how one looks.
"""

from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.health.alarm_words import told_alarms
from api.health.judge import disks, is_filling, refusals, waited_us
from api.health.told_health import health_for
from api.web.http.requester import CurrentApplication
from api.web.pages.frame import render
from api.web.pages.visit import CurrentVisit

AT: Final = "/health"

router = APIRouter(include_in_schema=False)


@router.get(AT)
async def health(
    request: Request, visit: CurrentVisit, application: CurrentApplication
) -> Response:
    """What rings, the worst first; below it what is looked after."""
    found = await health_for(visit.actor, application.calls.door, application.health)
    values = {
        "alarms": told_alarms(found),
        "seen": found.seen,
        "disks": disks(found.seen),
        "refusals": refusals(found.seen),
        "is_filling": is_filling,
        "waited_us": waited_us(found.seen),
    }
    return render(request, "health.html", values=values)
