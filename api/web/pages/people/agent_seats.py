"""The page of who sat where: an extension's agents, and a stretch of it said to be an agent's.

Three moves: read, ask, show. Knows nothing of how calls are attributed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from api.web.http.requester import CurrentApplication
from api.web.pages.form_faults import NOTHING, NotUnderstood, Refusal, read_body, refusal_of
from api.web.pages.forms import CurrentForm, Form
from api.web.pages.frame import render
from api.web.pages.visit import CurrentVisit
from api.web.people.agents import AgentPeriodView, AssignmentBody
from archive.agent_assignment import MAX_REASON_CHARS, AssignmentRefused

AT: Final = "/agents"
# An extension that more have had is read with `rokuon agents list`.
MOST_PERIODS: Final = 100
Extension = Annotated[str, Query(max_length=MAX_REASON_CHARS)]

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class SeatsVisit:
    """Somebody who looks at who sat where."""

    request: Request
    visit: CurrentVisit
    application: CurrentApplication

    async def page(
        self,
        extension: str,
        refusal: Refusal = NOTHING,
        *,
        is_done: bool = False,
        status: int = 200,
    ) -> Response:
        """The periods of an extension, the last ones where there are many, and the form.

        How many calls it took is not told: some may lie beyond the reach of who asks.
        """
        table = await self.application.agents.list(self.visit.actor)
        own = sorted(
            (each for each in table if each.extension == extension),
            key=lambda each: each.valid_from_us,
        )
        values = {
            "extension": extension,
            "periods": [AgentPeriodView.show(each) for each in own[-MOST_PERIODS:]],
            "left": max(len(own) - MOST_PERIODS, 0),
            "longest": MAX_REASON_CHARS,
            "refusal": refusal,
            "done": is_done,
        }
        return render(self.request, "agent_seats.html", status=status, values=values)


AtSeats = Annotated[SeatsVisit, Depends()]


@router.get(AT)
async def seats(at: AtSeats, extension: Extension = "") -> Response:
    """Who sat at an extension, as the table in force has it."""
    return await at.page(extension.strip())


@router.post(AT + "/assign")
async def assign(at: AtSeats, form: CurrentForm) -> Response:
    """Let a stretch of an extension be an agent's."""
    extension = form.text("extension")
    try:
        body = read_body(AssignmentBody, _values(form, at.visit.zone))
        await at.application.agents.assign(at.visit.actor, body.said())
    except (NotUnderstood, AssignmentRefused) as why:
        return await at.page(
            extension, refusal_of("assign", form, why, at.visit.reader), status=422
        )
    return await at.page(extension, is_done=True)


def _values(form: Form, zone: ZoneInfo) -> dict[str, str]:
    texts = {name: form.text(name) for name in ("agent_id", "extension", "reason")}
    return {**texts, **{name: _moment(form.text(name), zone) for name in ("from", "to")}}


def _moment(text: str, zone: ZoneInfo) -> str:
    """A time by the clock of the zone as programs send it; what is none stays as it is."""
    try:
        typed = datetime.fromisoformat(text)
    except ValueError:
        return text
    placed = typed if typed.tzinfo is not None else typed.replace(tzinfo=zone)
    return placed.isoformat(timespec="seconds")
