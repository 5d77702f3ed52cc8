"""Routes under `/live`: calls that are up, as server-sent events, and what may be done to them.

Each is three moves: read, ask, show. Knows nothing of how the node is asked.
"""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final, Literal, Self

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, Field, StrictStr
from starlette.responses import StreamingResponse

from api.live import Change, LiveCall, LiveControl, LiveParty, LiveState, News, Told
from api.web.access import CurrentVisitor
from api.web.legs import shown
from api.web.problems import documented
from api.web.routing import IdText, guarded
from archive.grants import LiveGrant, PauseGrant, ResumeGrant, StartGrant, StopGrant, TellGrant
from archive.ids import RecordingId

MEDIA_TYPE: Final = "text/event-stream"
_PRINTABLE: Final = r"^[^\x00-\x1f\x7f]*$"
_DONE: Final = documented(401, 403, 404, 409, 413, 422, 503)
Line = Annotated[StrictStr, Field(max_length=200, pattern=_PRINTABLE)]

router = APIRouter(prefix="/live", tags=["live"])


def control_of(request: Request) -> LiveControl:
    """What this application may ask of live calls."""
    found = request.app.state.live
    assert isinstance(found, LiveControl)
    return found


CurrentControl = Annotated[LiveControl, Depends(control_of)]


class ReasonBody(BaseModel):
    """Why, in words that the recording and the journal keep."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    reason: Annotated[StrictStr, Field(min_length=1, max_length=200, pattern=_PRINTABLE)]


class ParticipantBody(BaseModel):
    """Who is on a side of the call, as far as SIP does not show it; `agent` is an agent's id."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    side: Literal["customer", "agent"]
    aor: Line = ""
    name: Line = ""
    agent: Annotated[StrictStr, Field(max_length=64, pattern=r"^[A-Za-z0-9._~+-]*$")] = ""

    def told(self) -> Told:
        """The same for who does it."""
        return Told(side=self.side, aor=self.aor, name=self.name, agent=self.agent)


class LivePartyView(BaseModel):
    """One who is in the call; `numbers` are the users of the addresses, as received."""

    side: str
    names: list[str]
    numbers: list[str]
    addresses: list[str]

    @classmethod
    def show(cls, party: LiveParty) -> Self:
        """As it is known now."""
        return cls(
            side=party.side,
            names=list(party.names),
            numbers=list(party.numbers),
            addresses=list(party.addresses),
        )


class LiveView(BaseModel):
    """A call that is recorded, or may be (`unrecorded`); `phase` is that of an inline call.

    `caller` and `called` are the ends of the SIP dialog, which of a recording session are a
    recording client and this node; who is in the call is in `parties`. `stray_codecs` came although
    nobody agreed on them.
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
    streams: int
    state: LiveState
    paused_at: datetime | None
    troubles: list[str]
    stray_codecs: list[str]

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
            parties=[LivePartyView.show(each) for each in call.parties],
            call_id=call.call_id,
            streams=call.streams,
            state=call.state,
            paused_at=shown(call.paused_us, UTC) if call.paused_us else None,
            troubles=list(call.troubles),
            stray_codecs=list(call.stray_codecs),
        )


class DoneView(BaseModel):
    """What was asked is under way; `call` is null where it is no longer recorded."""

    recording: str
    call: LiveView | None

    @classmethod
    def show(cls, recording: str, call: LiveCall | None) -> Self:
        """The call as it is now."""
        return cls(recording=recording, call=None if call is None else LiveView.show(call))


class OverView(BaseModel):
    """A call that is up no longer, or is not recorded any more."""

    recording: str


# The events of the stream, and what the `data` of each is.
EVENTS: Final[Mapping[str, type[BaseModel]]] = {"call": LiveView, "over": OverView}
_SAMPLE: Final = 'event: over\ndata: {"recording":"0192f1a7c3f87c21a5b3a1c2d3e4f506"}\n\n'
_FOLLOWED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Events `call` (a call that is up or has changed) and `over` (its id)",
        "content": {
            MEDIA_TYPE: {
                "schema": {"type": "string"},
                "example": _SAMPLE,
                "x-rokuon-events": {
                    name: view.model_json_schema() for name, view in EVENTS.items()
                },
            }
        },
    },
    **documented(401, 403, 422, 503),
}


@router.get(
    "", responses=_FOLLOWED, response_class=StreamingResponse, openapi_extra=guarded(LiveGrant)
)
async def follow(visitor: CurrentVisitor, control: CurrentControl) -> StreamingResponse:
    """Follow the calls that are up: all of them, then each change."""
    news = await control.watch(visitor)
    return StreamingResponse(
        _stream(news), media_type=MEDIA_TYPE, headers={"Cache-Control": "no-store"}
    )


async def _stream(news: AsyncIterator[News]) -> AsyncIterator[str]:
    async for changes in news:
        yield "".join(_event(change) for change in changes) or ": still here\n\n"


def _event(change: Change) -> str:
    if change.call is None:
        return f"event: over\ndata: {OverView(recording=change.over).model_dump_json()}\n\n"
    return f"event: call\ndata: {LiveView.show(change.call).model_dump_json()}\n\n"


@router.post("/{recording}/start", responses=_DONE, openapi_extra=guarded(StartGrant))
async def start(
    recording: IdText, body: ReasonBody, visitor: CurrentVisitor, control: CurrentControl
) -> DoneView:
    """Begin the recording of a call that is up unrecorded, where its route has that on demand."""
    own = RecordingId.parse(recording)
    return DoneView.show(recording, await control.control(visitor, own, "start", body.reason))


@router.post("/{recording}/pause", responses=_DONE, openapi_extra=guarded(PauseGrant))
async def pause(
    recording: IdText, body: ReasonBody, visitor: CurrentVisitor, control: CurrentControl
) -> DoneView:
    """Keep nothing of a call from now on; `paused_at` is null until the moment is chosen."""
    own = RecordingId.parse(recording)
    return DoneView.show(recording, await control.control(visitor, own, "pause", body.reason))


@router.post("/{recording}/resume", responses=_DONE, openapi_extra=guarded(ResumeGrant))
async def resume(
    recording: IdText, body: ReasonBody, visitor: CurrentVisitor, control: CurrentControl
) -> DoneView:
    """Keep a paused call again."""
    own = RecordingId.parse(recording)
    return DoneView.show(recording, await control.control(visitor, own, "resume", body.reason))


@router.post("/{recording}/stop", responses=_DONE, openapi_extra=guarded(StopGrant))
async def stop(
    recording: IdText, body: ReasonBody, visitor: CurrentVisitor, control: CurrentControl
) -> DoneView:
    """End a recording whose call goes on."""
    own = RecordingId.parse(recording)
    return DoneView.show(recording, await control.control(visitor, own, "stop", body.reason))


@router.post("/{recording}/participants", responses=_DONE, openapi_extra=guarded(TellGrant))
async def tell(
    recording: IdText, body: ParticipantBody, visitor: CurrentVisitor, control: CurrentControl
) -> DoneView:
    """Tell who takes part in a live call, where SIP does not show it."""
    own = RecordingId.parse(recording)
    done = await control.control(visitor, own, "tell", who=body.told())
    return DoneView.show(recording, done)
