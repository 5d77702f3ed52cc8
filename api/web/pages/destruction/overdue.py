"""The pages of what must have gone and has not, and of what is left of what has.

Three moves: read, ask, show. Knows nothing of what makes a recording due.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.web.http.requester import CurrentApplication
from api.web.pages.frame import render
from api.web.pages.operation.machine_clock import clock_doubt
from api.web.pages.visit import CurrentVisit
from api.words.typed_times import MomentUnclear, window
from archive.locate.when.values import Calendar
from archive.moments import microseconds, moment

AT: Final = "/overdue"
# As many as a page can be; the reasons are counted of all of them.
_SHOWN: Final = 500
_DAYS_BACK: Final = timedelta(days=30)
Typed = Annotated[str, Query(max_length=100)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class OverdueVisit:
    """Somebody who looks what is gone and what should be."""

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

    async def tombstones(self, begin: str, end: str) -> Response:
        """Those of hours that a window touches; the last 30 days unless said."""
        now = moment(self.application.overdue.door.clock_us())
        values: dict[str, Any] = {"from": begin, "to": end, "wrong": "", "found": ()}
        try:
            from_at, to_at = self._window(begin, end, now)
        except MomentUnclear as unclear:
            wrong = self.visit.reader.told(unclear.told)
            return self.shown("tombstones.html", {**values, "wrong": wrong}, 422)
        found = await self.application.overdue.tombstones(
            self.visit.actor, microseconds(from_at), microseconds(to_at)
        )
        asked = {"found": found, "from_at": from_at, "to_at": to_at}
        return self.shown("tombstones.html", {**values, **asked})

    def shown(self, template: str, values: dict[str, Any], status: int = 200) -> Response:
        """A page."""
        return render(self.request, template, status=status, values=values)

    def _window(self, begin: str, end: str, now: datetime) -> tuple[datetime, datetime]:
        if not begin and not end:
            return now - _DAYS_BACK, now
        calendar = Calendar.of(self.application.place.country)
        return window(begin or end, end or begin, self.visit.zone, now, calendar)


AtOverdue = Annotated[OverdueVisit, Depends()]


@router.get(AT)
async def overdue(at: AtOverdue) -> Response:
    """What must have gone by now and has not, each with its reason."""
    return await at.overdue()


@router.get("/tombstones")
async def tombstones(
    at: AtOverdue, begin: Annotated[Typed, Query(alias="from")] = "", to: Typed = ""
) -> Response:
    """What is left of recordings that began in some hours."""
    return await at.tombstones(begin.strip(), to.strip())
