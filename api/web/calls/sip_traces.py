"""The route of SIP messages: drawn as lines, or as a capture file.

Three moves: read, ask, show. Knows nothing of where messages are kept.
"""

from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.web.http.api_routes import guarded
from api.web.http.models import KnownId, Text
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from archive.access.query import zone_named
from archive.catalog.access.grants import TraceGrant
from archive.reading.trace import capture_file, ladder

PCAP_TYPE = "application/vnd.tcpdump.pcap"

router = APIRouter(prefix="/calls", tags=["calls"])


class TraceBody(BaseModel):
    """A call by any of its ids, and the zone of the times in a ladder."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: KnownId
    format: Literal["ladder", "pcap"] = "ladder"
    zone: Text = "UTC"
    recording: Annotated[int, Field(ge=1, le=1_000)] = 1


class TraceView(BaseModel):
    """The messages of each recording of the call, as lines."""

    zone: str
    recordings: list[list[str]]


@router.post(
    "/trace",
    response_model=TraceView,
    responses={
        200: {"content": {PCAP_TYPE: {"schema": {"type": "string", "format": "binary"}}}},
        **documented(401, 403, 404, 409, 410, 413, 422, 429, 500, 503),
    },
    openapi_extra=guarded(TraceGrant),
)
async def trace(
    body: TraceBody, actor: CurrentActor, application: CurrentApplication
) -> TraceView | Response:
    """Show the SIP messages of a call; of a capture file one `recording` at a time."""
    zone = zone_named(body.zone)
    found = await application.traces.messages(actor, body.id)
    if body.format == "ladder":
        return TraceView(zone=zone.key, recordings=[list(ladder(said, zone)) for said in found])
    said = found[min(body.recording, len(found)) - 1]
    count = {"Recordings": str(len(found)), "Cache-Control": "no-store"}
    return Response(b"".join(capture_file(said)), media_type=PCAP_TYPE, headers=count)
