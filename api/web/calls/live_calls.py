"""Routes under `/live`: calls that are up, as server-sent events, and what may be done to them.

Each is three moves: read, ask, show. Knows nothing of how the node is asked.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field, StrictStr
from starlette.responses import StreamingResponse

from api.calls.live_calls import (
    Control,
    LiveNews,
    LiveState,
    News,
    Refusing,
    number_of,
    parties_of,
    state_of,
)
from api.web.calls.amendments import MarksView
from api.web.http.api_routes import IdText, guarded
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from archive.access.query import MAX_ID_CHARS
from archive.call.live import LiveCall, LiveParty, Participant, Wish
from archive.catalog.access.grants import (
    LiveGrant,
    PauseGrant,
    ResumeGrant,
    StartGrant,
    StopGrant,
    TellGrant,
)
from archive.ids import RecordingId

MEDIA_TYPE: Final = "text/event-stream"
_PRINTABLE: Final = r"^[^\x00-\x1f\x7f]*$"
_DONE: Final = documented(401, 403, 404, 409, 413, 422, 429, 503)
Line = Annotated[StrictStr, Field(max_length=200, pattern=_PRINTABLE)]

KnownAs = Annotated[
    str,
    Query(alias="id", max_length=MAX_ID_CHARS, description="An id of ours, or one of others"),
]

router = APIRouter(prefix="/live", tags=["live"])


class ReasonBody(BaseModel):
    """Why, in words that the recording and the journal keep."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    reason: Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=_PRINTABLE)]


class LiveParticipantBody(BaseModel):
    """Who is on a side of the call, as far as SIP does not show it; `agent` is an agent's id."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    side: Literal["customer", "agent"]
    aor: Line = ""
    name: Line = ""
    agent: Annotated[StrictStr, Field(max_length=64, pattern=r"^[A-Za-z0-9._~+-]*$")] = ""

    def told(self) -> Participant:
        """The same for who does it."""
        return Participant(side=self.side, aor=self.aor, name=self.name, agent=self.agent)


class LivePartyView(BaseModel):
    """One who is in the call; `numbers` are the users of the addresses, as received."""

    side: str
    side_guessed: bool
    names: list[str]
    numbers: list[str]
    addresses: list[str]

    @classmethod
    def show(cls, party: LiveParty) -> Self:
        """As it is known now."""
        return cls(
            side=party.side,
            side_guessed=party.is_guessed,
            names=list(party.names),
            numbers=list(map(number_of, party.addresses)),
            addresses=list(party.addresses),
        )


class LiveCallView(BaseModel):
    """A call that is recorded, or may be (`unrecorded`); `phase` is that of an inline call.

    `caller` and `called` are the ends of the SIP dialog, which of a recording session are a
    recording client and this node; who is in the call is in `parties`. `stray_codecs` came although
    nobody agreed on them. `route` is that of an inline call, "" of others; `marks` are what it and
    the source say of the call.
    """

    recording: str
    source: str
    mode: str
    phase: str
    started_at: datetime
    caller: str
    called: str
    parties: list[LivePartyView]
    call_id: str
    ids: list[str]
    streams: int
    state: LiveState
    paused_at: datetime | None
    troubles: list[str]
    stray_codecs: list[str]
    route: str
    marks: MarksView

    @classmethod
    def show(cls, call: LiveCall) -> Self:
        """A call with its times in UTC."""
        return cls(
            recording=call.recording,
            source=call.source,
            mode=call.mode,
            phase=call.phase,
            started_at=shown(call.started_us, UTC),
            caller=call.caller,
            called=call.called,
            parties=[LivePartyView.show(each) for each in parties_of(call)],
            call_id=call.ids[0] if call.ids else "",
            ids=list(call.ids),
            streams=call.streams,
            state=state_of(call),
            paused_at=shown(call.paused_us, UTC) if call.paused_us else None,
            troubles=[each.value for each in call.troubles],
            stray_codecs=list(call.codecs),
            route=call.route,
            marks=MarksView.of(call.marks),
        )


class DoneView(BaseModel):
    """What was asked is under way; `call` is null where it is no longer recorded."""

    recording: str
    call: LiveCallView | None

    @classmethod
    def show(cls, recording: str, call: LiveCall | None) -> Self:
        """The call as it is now."""
        return cls(recording=recording, call=None if call is None else LiveCallView.show(call))


class RefusingView(BaseModel):
    """New calls are refused (503 over SIP): what has run out, since when, and how many were since
    then; null where the reach of who asks ends somewhere.
    """

    reason: str
    since: datetime
    calls: int | None

    @classmethod
    def show(cls, refusing: Refusing) -> Self:
        """As it is now."""
        since = shown(refusing.since_us, UTC)
        return cls(reason=refusing.why, since=since, calls=refusing.calls)


class LiveCallsView(BaseModel):
    """The calls that are up, in the order in which they began; whether new ones are refused."""

    calls: list[LiveCallView]
    refusing: RefusingView | None = None


class OverView(BaseModel):
    """A call that is up no longer, or is not recorded any more."""

    recording: str


# The events of the stream, and what the `data` of each is.
EVENTS: Final[Mapping[str, type[BaseModel]]] = {"call": LiveCallView, "over": OverView}
_SAMPLE: Final = 'event: over\ndata: {"recording":"0192f1a7c3f87c21a5b3a1c2d3e4f506"}\n\n'


def _schema(view: type[BaseModel]) -> dict[str, Any]:
    """The schema of an event; what it refers to the document has, for `/live/calls`."""
    schema = view.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return schema


_FOLLOWED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Events `call` (a call that is up or has changed) and `over` (its id)",
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string"},
                "example": _SAMPLE,
                "x-rokuon-events": {name: _schema(view) for name, view in EVENTS.items()},
            }
        },
    },
    **documented(401, 403, 422, 429, 503),
}


@router.get(
    "", responses=_FOLLOWED, response_class=StreamingResponse, openapi_extra=guarded(LiveGrant)
)
async def follow(actor: CurrentActor, application: CurrentApplication) -> StreamingResponse:
    """Follow the calls that are up: all of them, then each change."""
    news = await application.live.watch(actor)
    return StreamingResponse(
        _stream(news), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
    )


async def _stream(news: AsyncIterator[News]) -> AsyncIterator[str]:
    async for changes in news:
        yield "".join(_event(change) for change in changes) or ": still here\n\n"


def _event(change: LiveNews) -> str:
    if change.call is None:
        return f"event: over\ndata: {OverView(recording=change.over).model_dump_json()}\n\n"
    return f"event: call\ndata: {LiveCallView.show(change.call).model_dump_json()}\n\n"


@router.get(
    "/calls", responses=documented(401, 403, 422, 429, 503), openapi_extra=guarded(LiveGrant)
)
async def calls(
    actor: CurrentActor, application: CurrentApplication, known_as: KnownAs = ""
) -> LiveCallsView:
    """The calls that are up now, or those that are known by an id."""
    found = await application.live.calls(actor, known_as)
    refusing = await application.live.refusing(actor)
    return LiveCallsView(
        calls=[LiveCallView.show(each) for each in found],
        refusing=None if refusing is None else RefusingView.show(refusing),
    )


@router.post("/{recording}/start", responses=_DONE, openapi_extra=guarded(StartGrant))
async def start(
    recording: IdText, body: ReasonBody, actor: CurrentActor, application: CurrentApplication
) -> DoneView:
    """Begin the recording of a call that is up unrecorded, where its route has that on demand."""
    control = Control(wish=Wish.START, reason=body.reason)
    return await _done(actor, application, recording, control)


@router.post("/{recording}/pause", responses=_DONE, openapi_extra=guarded(PauseGrant))
async def pause(
    recording: IdText, body: ReasonBody, actor: CurrentActor, application: CurrentApplication
) -> DoneView:
    """Keep nothing of a call from now on; `paused_at` is null until the moment is chosen."""
    control = Control(wish=Wish.PAUSE, reason=body.reason)
    return await _done(actor, application, recording, control)


@router.post("/{recording}/resume", responses=_DONE, openapi_extra=guarded(ResumeGrant))
async def resume(
    recording: IdText, body: ReasonBody, actor: CurrentActor, application: CurrentApplication
) -> DoneView:
    """Keep a paused call again."""
    control = Control(wish=Wish.RESUME, reason=body.reason)
    return await _done(actor, application, recording, control)


@router.post("/{recording}/stop", responses=_DONE, openapi_extra=guarded(StopGrant))
async def stop(
    recording: IdText, body: ReasonBody, actor: CurrentActor, application: CurrentApplication
) -> DoneView:
    """End a recording whose call goes on."""
    control = Control(wish=Wish.STOP, reason=body.reason)
    return await _done(actor, application, recording, control)


@router.post("/{recording}/participants", responses=_DONE, openapi_extra=guarded(TellGrant))
async def tell(
    recording: IdText,
    body: LiveParticipantBody,
    actor: CurrentActor,
    application: CurrentApplication,
) -> DoneView:
    """Tell who takes part in a live call, where SIP does not show it."""
    control = Control(wish=Wish.TELL, who=body.told())
    return await _done(actor, application, recording, control)


async def _done(
    actor: CurrentActor, application: CurrentApplication, recording: str, control: Control
) -> DoneView:
    own = RecordingId.parse(recording)
    return DoneView.show(recording, await application.live.control(actor, own, control))
