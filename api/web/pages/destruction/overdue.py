"""The page of what must have gone and has not: why, what may be done, and each with its call.

Three moves: read, ask, show. Knows nothing of what makes a recording due.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.destruction.overdue import Overdue
from api.destruction.told_calls import calls_told
from api.permissions.verbs import Verb
from api.web.destruction.plans import Behind
from api.web.http.requester import CurrentApplication
from api.web.pages.destruction.due_rows import Cut, PageNumber, lines_of
from api.web.pages.frame import render
from api.web.pages.operation.machine_clock import clock_doubt
from api.web.pages.visit import CurrentVisit
from retention.decisions.destruction_plan import MAX_PLANNED

AT: Final = "/overdue"
Reason = Annotated[str, Query(max_length=40)]

router = APIRouter(include_in_schema=False)


@dataclass(slots=True)
class _Reason:
    """Why some are still there, in which plan (0: in none), and what that waits for."""

    reason: str
    plan: int
    waits: str
    recordings: int = 0
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class OverdueVisit:
    """Somebody who looks what should be gone."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def overdue(self, reason: str, plan: int, number: int) -> Response:
        """How many by each reason, and a page of them, what has been due the longest first."""
        actor, asking = self.visit.actor, self.application.overdue
        found = await asking.listed(actor)
        some = [each for each in found if not reason or (each.reason, each.plan) == (reason, plan)]
        cut = Cut.of(some, number)
        own = [each.verdict.recording for each in cut.rows]
        told = await calls_told(asking.door, actor, own, "overdue")
        values: dict[str, Any] = {
            "count": len(found),
            "is_all": len(found) < MAX_PLANNED,
            "reasons": _reasons(found),
            "reason": reason,
            "plan": plan,
            "shown": len(some),
            "cut": cut,
            "told": told,
            "lines": lines_of(told, self.visit.zone),
            "may_plan": self.visit.may(Verb.DESTRUCTION_MANAGE),
            "address": _address(reason, plan),
            "clock_doubt": await clock_doubt(self.visit, self.application),
        }
        return render(self.request, "overdue.html", values=values)


def _reasons(found: Iterable[Overdue]) -> list[_Reason]:
    """In the order in which they come."""
    known: dict[tuple[str, int], _Reason] = {}
    for each in found:
        own = _Reason(each.reason, each.plan, each.waits)
        of_it = known.setdefault((each.reason, each.plan), own)
        of_it.recordings += 1
        of_it.size_bytes += each.verdict.size_bytes
    return list(known.values())


def _address(reason: str, plan: int) -> str:
    return f"{AT}?{urlencode({'reason': reason, 'plan': plan})}&" if reason else f"{AT}?"


AtOverdue = Annotated[OverdueVisit, Depends()]


@router.get(AT)
async def overdue(
    at: AtOverdue, reason: Reason = "", plan: Behind = 0, page: PageNumber = 1
) -> Response:
    """What must have gone by now and has not, each with its reason."""
    return await at.overdue(reason, plan, page)
