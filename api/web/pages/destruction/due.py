"""The page of what will have to go: how much by day and by rule, each call; and the table of it.

Three moves: read, ask, show. Knows nothing of what makes a recording due.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response, StreamingResponse

from api.calls.call_summaries import CallLine
from api.destruction.due_next import HORIZONS, Amount, DueNext, Going
from api.destruction.told_calls import CallsTold, calls_told
from api.web.destruction.due import Days, Rule
from api.web.http.requester import CurrentApplication
from api.web.pages.destruction.due_rows import Cut, PageNumber, lines_of
from api.web.pages.frame import render
from api.web.pages.operation.machine_clock import clock_doubt
from api.web.pages.visit import CurrentVisit
from api.words.texts import said
from api.words.values import words_of
from archive.catalog.search.days import DayBar
from archive.csv_text import csv_line
from archive.ids import RecordingId
from archive.moments import moment
from retention.decisions.due import Grounds

AT: Final = "/due"
# Rows of the table that are told of at once, each time with an entry of the journal.
_AT_ONCE: Final = 500
_TITLES: Final = (
    said("Destruction date"),
    said("Begin"),
    said("Customer"),
    said("Agent"),
    said("By rules"),
    said("To be destroyed"),
    said("Bytes"),
    said("Call"),
    said("Recording"),
)

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class DueVisit:
    """Somebody who looks what goes next."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def page(self, days: int, rule: str, number: int) -> Response:
        """How much goes when, and a page of what goes within a horizon."""
        found = await self._found()
        going = found.until(days, rule)
        cut = Cut.of(going, number)
        own = [each.verdict.recording for each in cut.rows]
        told = await self._told(own)
        by_day = found.by_day(going)
        values: dict[str, Any] = {
            "due": found,
            "days": days,
            "rule": rule,
            "horizons": HORIZONS,
            "amounts": found.by_rule,
            "calendar": by_day,
            "bars": _bars(found.today, days, by_day),
            "highest": max((each.recordings for each in by_day.values()), default=0),
            "count": len(going),
            "cut": cut,
            "told": told,
            "lines": lines_of(told, self.visit.zone),
            "holds": await self.application.overdue.ahead.holds(self.visit.actor, own),
            "address": f"{AT}?{urlencode({'days': days, 'rule': rule})}",
            "address_of_table": f"{AT}/table?{urlencode({'days': days, 'rule': rule})}",
            "clock_doubt": await clock_doubt(self.visit, self.application),
        }
        return render(self.request, "due.html", values=values)

    async def table(self, days: int, rule: str) -> Response:
        """All that goes within a horizon, as a table of commas."""
        found = await self._found()
        going = found.until(days, rule)
        first = await self._told([each.verdict.recording for each in going[:_AT_ONCE]])
        name = f"due-{found.today.isoformat()}-{days}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingResponse(
            self._rows(going, first), media_type="text/csv; charset=utf-8", headers=headers
        )

    async def _rows(self, going: Sequence[Going], first: CallsTold) -> AsyncIterator[str]:
        # By it spreadsheets see that it is UTF-8.
        yield "\ufeff" + csv_line([self._words(each) for each in _TITLES])
        told = first
        for at in range(0, len(going), _AT_ONCE):
            some = going[at : at + _AT_ONCE]
            if at:
                told = await self._told([each.verdict.recording for each in some])
            lines = lines_of(told, self.visit.zone)
            for each in some:
                yield csv_line(self._cells(each, lines.get(each.verdict.recording)))

    def _cells(self, own: Going, line: CallLine | None) -> list[str]:
        zone, says = self.visit.zone, own.verdict.says
        assert isinstance(says, Grounds), "what is not due does not go"
        return [
            own.goes_at.astimezone(zone).isoformat(" ", "minutes"),
            moment(own.verdict.started_us).astimezone(zone).isoformat(" ", "seconds"),
            *(_labels(line, side) for side in ("customer", "agent")),
            ", ".join(own.rules),
            self._words(words_of("scope", says.scope)),
            str(own.verdict.size_bytes),
            line.call if line else "",
            str(own.verdict.recording),
        ]

    def _words(self, source: str) -> str:
        return self.visit.reader.words(self.visit.reader.language, source)

    async def _found(self) -> DueNext:
        return await self.application.overdue.ahead.listed(self.visit.actor, self.visit.zone)

    async def _told(self, own: Sequence[RecordingId]) -> CallsTold:
        return await calls_told(self.application.overdue.ahead.door, self.visit.actor, own, "due")


def _labels(line: CallLine | None, side: str) -> str:
    return ", ".join(each.label for each in line.parties(side)) if line else ""


def _bars(today: date, days: int, amounts: Mapping[date, Amount]) -> list[DayBar]:
    """Each day until the horizon, also where nothing goes."""
    each = (today + timedelta(days=ahead) for ahead in range(days + 1))
    return [
        DayBar(first=day, last=day, count=amounts[day].recordings if day in amounts else 0)
        for day in each
    ]


AtDue = Annotated[DueVisit, Depends()]


@router.get(AT)
async def due(
    at: AtDue, days: Days = HORIZONS[1], rule: Rule = "", page: PageNumber = 1
) -> Response:
    """What will have to go within so many days."""
    return await at.page(days, rule.strip(), page)


@router.get(AT + "/table")
async def due_table(at: AtDue, days: Days = HORIZONS[1], rule: Rule = "") -> Response:
    """The same as a table."""
    return await at.table(days, rule.strip())
