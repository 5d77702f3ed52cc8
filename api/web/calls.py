"""Routes under `/calls`: find a call, see it, hear it.

Each is three moves: read, ask, show.
"""

from datetime import UTC
from typing import Annotated, Any, Final

from fastapi import APIRouter, Header, Path
from starlette.responses import Response

from api.web import audio
from api.web.access import CurrentRetrieval, CurrentVisitor
from api.web.models import CallView, RecordingView, SearchBody, SearchView
from api.web.problems import documented
from archive.ids import ConversationId
from archive.journal import Detail

IdText = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="32 hexadecimal digits")]
RangeText = Annotated[str | None, Header(alias="Range")]
IfRangeText = Annotated[str | None, Header(alias="If-Range")]
SOUND: Final[dict[int | str, dict[str, Any]]] = {
    status: {
        "description": told,
        "content": {audio.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    }
    for status, told in ((200, "WAV, PCM, 16 bit"), (206, "The range that was asked for"))
}
HEARD: Final = SOUND | documented(401, 403, 404, 410, 416, 422, 500, 503)
DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "What GET would send"},
    **documented(401, 403, 404, 410, 422, 500, 503),
}

# The journal keeps what was asked for; a range that anybody means is shorter.
_KEPT_OF_A_RANGE: Final = 100

router = APIRouter(prefix="/calls", tags=["calls"])


def asked(range_header: str | None) -> dict[str, Detail]:
    """What the journal keeps of a request for audio."""
    return {} if range_header is None else {"range": range_header[:_KEPT_OF_A_RANGE]}


@router.post("/search", responses=documented(401, 403, 413, 422, 503))
async def search(
    body: SearchBody, visitor: CurrentVisitor, retrieval: CurrentRetrieval
) -> SearchView:
    """Find calls by window and clues, newest first."""
    query = body.query(retrieval.country)
    return SearchView.show(await retrieval.search(visitor, query), query)


@router.get("/{conversation}", responses=documented(401, 403, 404, 410, 422, 503))
async def call(
    conversation: IdText, visitor: CurrentVisitor, retrieval: CurrentRetrieval
) -> CallView:
    """What is known of one call."""
    found = await retrieval.call(visitor, ConversationId.parse(conversation))
    recordings = [RecordingView.show(each, UTC) for each in found]
    return CallView(conversation=conversation, recordings=recordings)


@router.get("/{conversation}/audio", responses=HEARD, response_class=Response)
async def listen(
    conversation: IdText,
    visitor: CurrentVisitor,
    retrieval: CurrentRetrieval,
    range_header: RangeText = None,
    if_range: IfRangeText = None,
) -> Response:
    """Hear a call, or a range of its bytes."""
    target = ConversationId.parse(conversation)
    rendering = await retrieval.listen(visitor, target, asked(range_header))
    return await audio.send(rendering, conversation, range_header, if_range)


@router.head("/{conversation}/audio", responses=DESCRIBED, response_class=Response)
async def describe_audio(
    conversation: IdText, visitor: CurrentVisitor, retrieval: CurrentRetrieval
) -> Response:
    """How long the audio of a call is, and its tag."""
    target = ConversationId.parse(conversation)
    rendering = await retrieval.listen(visitor, target, {"method": "HEAD"})
    return audio.describe(rendering, conversation)
