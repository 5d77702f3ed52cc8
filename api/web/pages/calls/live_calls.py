"""The page of calls that are up: who is in them, what troubles them, and what may be done.

Three moves: read, ask, show. Its news are rows of the same table, so that words stand in one place.
"""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Path, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from api.calls.call_summaries import PartyLabel, is_beside
from api.calls.live_calls import Control, LiveNews, News, number_of, parties_of, state_of
from api.permissions.errors import ListensTooOften, TooManyListeners
from api.permissions.verbs import Verb
from api.web.http.api_routes import IdText
from api.web.http.requester import CurrentApplication
from api.web.pages.forms import CurrentForm
from api.web.pages.frame import fill, render
from api.web.pages.home import SEE_OTHER
from api.web.pages.visit import ActingVisit, Visit
from api.web.refusals.table import answer
from archive.call.live import LiveCall, LiveParty, Wish
from archive.ids import RecordingId

AT: Final = "/live"
NEWS_TYPE: Final = "text/event-stream"
MAX_REASON: Final = 200
# What may be asked of a call, by its address.
WISHES: Final = {each.value: each for each in (Wish.START, Wish.PAUSE, Wish.RESUME, Wish.STOP)}
# What makes sense in which state.
OFFERED: Final = {
    "live": (Wish.PAUSE, Wish.STOP),
    "on_hold": (Wish.PAUSE, Wish.STOP),
    "paused": (Wish.RESUME, Wish.STOP),
    "refused": (),
    "unrecorded": (Wish.START,),
}

router = APIRouter(include_in_schema=False)


@router.get(AT)
async def live(request: Request, visit: ActingVisit, application: CurrentApplication) -> Response:
    """All calls that are up now."""
    return await _page(request, visit, application)


@router.get(AT + "/room")
async def room(request: Request, visit: ActingVisit, application: CurrentApplication) -> Response:
    """Whether new calls are refused, for a page that stays open: a part of it, and in no journal,
    for it tells of no call.
    """
    values = {"refusing": await application.live.refusing(visit.actor)}
    return HTMLResponse(fill(request, "parts/live_room.html", values))


@router.get(AT + "/news")
async def news(request: Request, visit: ActingVisit, application: CurrentApplication) -> Response:
    """All of them, then each change: events whose rows take the place of those that are there.

    A page reads no status of a stream: that there is no place for it is an event as well.
    """
    try:
        told = await application.live.watch(visit.actor)
    except (ListensTooOften, TooManyListeners) as refusal:
        words = visit.reader.told(answer(refusal).detail)
        return Response(_said("refused", {"said": words}), media_type=NEWS_TYPE)
    return StreamingResponse(_stream(request, visit, told), media_type=NEWS_TYPE)


@router.post(AT + "/{recording}/{wish}")
async def control(
    request: Request,
    recording: IdText,
    wish: Annotated[str, Path(pattern="^(start|pause|resume|stop)$")],
    form: CurrentForm,
    visit: ActingVisit,
    application: CurrentApplication,
) -> Response:
    """Do something to a call, for a reason that the recording and the journal keep."""
    reason = form.text("reason")
    if not 0 < len(reason) <= MAX_REASON or not reason.isprintable():
        return await _page(request, visit, application, without_reason=recording)
    wanted = Control(wish=WISHES[wish], reason=reason)
    await application.live.control(visit.actor, RecordingId.parse(recording), wanted)
    return RedirectResponse(AT, SEE_OTHER)


async def _page(
    request: Request, visit: Visit, application: CurrentApplication, without_reason: str = ""
) -> Response:
    calls = await application.live.calls(visit.actor)
    rows = [_row(each, visit) for each in calls]
    values = {
        "rows": rows,
        "refusing": await application.live.refusing(visit.actor),
        "without_reason": without_reason,
        "most": MAX_REASON,
    }
    return render(request, "live.html", status=422 if without_reason else 200, values=values)


async def _stream(request: Request, visit: Visit, told: AsyncIterator[News]) -> AsyncIterator[str]:
    async for changes in told:
        yield "".join(_event(request, visit, each) for each in changes) or ": still here\n\n"


def _event(request: Request, visit: Visit, change: LiveNews) -> str:
    if change.call is None:
        return _said("over", {"recording": change.over})
    row = fill(
        request,
        "parts/live_row.html",
        {"row": _row(change.call, visit), "most": MAX_REASON, "without_reason": ""},
    )
    return _said("call", {"recording": change.call.recording, "row": row})


def _said(event: str, data: Mapping[str, str]) -> str:
    return f"event: {event}\ndata: {json.dumps(data)}\n\n"


def _row(call: LiveCall, visit: Visit) -> dict[str, object]:
    """What a row shows."""
    state = state_of(call)
    customers = _named(call, "customer")
    others = _named(call, "unknown")
    return {
        "recording": call.recording,
        "started_us": call.started_us,
        "source": call.source,
        "who": [each.label for each in customers or others],
        "customer": customers,
        "agent": _named(call, "agent"),
        "others": others,
        "queue": call.marks.queue,
        "state": state,
        "phase": call.phase,
        "paused_us": call.paused_us,
        "troubles": [each.value for each in call.troubles],
        "codecs": call.codecs,
        "offered": [each.value for each in OFFERED[state]] if visit.may(Verb.CONTROL) else [],
    }


def _named(call: LiveCall, side: str) -> list[PartyLabel]:
    return [_label(party) for party in parties_of(call) if party.side == side]


def _label(party: LiveParty) -> PartyLabel:
    """What people would call somebody: a name, and the number where it is another thing."""
    name = next(iter(party.names), "")
    number = next(map(number_of, party.addresses), "")
    beside = (number,) if name and is_beside(name, number) else ()
    return PartyLabel(name or number, is_guess=party.is_guessed, numbers=beside)
