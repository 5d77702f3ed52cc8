"""The page of what must have gone and has not.

Three moves: read, ask, show. Knows nothing of what makes a recording due.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from api.web.http.requester import CurrentApplication
from api.web.pages.frame import render
from api.web.pages.operation.machine_clock import clock_doubt
from api.web.pages.visit import CurrentVisit

AT: Final = "/overdue"
# As many as a page can be; the reasons are counted of all of them.
_SHOWN: Final = 500

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class OverdueVisit:
    """Somebody who looks what should be gone."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def overdue(self) -> Response:
        """What has been due the longest first, and how many there are by each reason."""
        found = await self.application.overdue.listed(self.visit.actor)
        reasons: dict[str, int] = {}
        for each in found:
            reasons[each.reason] = reasons.get(each.reason, 0) + 1
        values = {"found": found[:_SHOWN], "all": len(found), "reasons": reasons}
        doubt = await clock_doubt(self.visit, self.application)
        return self.shown("overdue.html", {**values, "clock_doubt": doubt})

    def shown(self, template: str, values: dict[str, Any], status: int = 200) -> Response:
        """A page."""
        return render(self.request, template, status=status, values=values)


AtOverdue = Annotated[OverdueVisit, Depends()]


@router.get(AT)
async def overdue(at: AtOverdue) -> Response:
    """What must have gone by now and has not, each with its reason."""
    return await at.overdue()
