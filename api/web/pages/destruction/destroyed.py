"""The page of what is left of destroyed recordings: by when they went, or by when their calls were.

Three moves: read, ask, show. Knows nothing of why a recording went.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.web.destruction.plans import Behind, window_of
from api.web.http.requester import CurrentApplication
from api.web.pages.frame import render
from api.web.pages.visit import CurrentVisit
from api.words.typed_times import MomentUnclear, open_window
from archive.lifecycle.tombstone import DestroyedBy
from archive.locate.when.values import Calendar
from archive.moments import moment

AT: Final = "/tombstones"
Typed = Annotated[str, Query(max_length=100)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class DestroyedVisit:
    """Somebody who looks what is gone."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def found(self, typed: Mapping[str, str], by: DestroyedBy, behind: int) -> Response:
        """Those of a time, each end of which may be open."""
        values: dict[str, Any] = {"typed": typed, "by": by, "behind": behind}
        now = moment(self.application.overdue.door.clock_us())
        calendar = Calendar.of(self.application.place.country)
        try:
            begin, end = open_window(typed["from"], typed["to"], self.visit.zone, now, calendar)
        except MomentUnclear as unclear:
            wrong = self.visit.reader.told(unclear.told)
            return self._shown({**values, "wrong": wrong}, 422)
        asked = window_of(begin, end, by, behind)
        page = await self.application.overdue.destroyed(self.visit.actor, asked)
        values = {**values, "begin": begin, "end": end, "found": page.found}
        return self._shown({**values, "next_behind": page.behind})

    def _shown(self, values: dict[str, Any], status: int = 200) -> Response:
        kept = {**values["typed"], "by": values["by"]}
        own = {"first": f"{AT}?{urlencode(kept)}", "wrong": "", **values}
        return render(self.request, "tombstones.html", status=status, values=own)


AtDestroyed = Annotated[DestroyedVisit, Depends()]


@router.get(AT)
async def tombstones(
    at: AtDestroyed,
    begin: Annotated[Typed, Query(alias="from")] = "",
    to: Typed = "",
    by: DestroyedBy = "destroyed",
    behind: Behind = 0,
) -> Response:
    """What is left of destroyed recordings, the last first: by when they went, or by hours."""
    return await at.found({"from": begin.strip(), "to": to.strip()}, by, behind)
