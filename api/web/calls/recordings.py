"""Routes under `/recordings`: one recording of a call, its audio, waveform and parts.

Each is three moves: read, ask, show. Knows nothing of grants but which one a route needs.
"""

from collections.abc import Iterable
from datetime import UTC
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from api.web.calls.courses import CourseView
from api.web.http.api_routes import DESCRIBED, HEARD, CurrentListening, IdText, describe, guarded
from api.web.http.models import PartsView, PartView
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from archive.catalog.access.grants import ListenGrant, ReadGrant
from archive.ids import RecordingId
from archive.reading.silences import Silence

SILENCES: Final = "Silences"
SILENCES_DOCUMENTED: Final = {
    "description": (
        "Intervals in which nothing is heard for a reason: the second at which each begins, with "
        "`until`, `because` (`pause`, `hold` or `codec`: nothing here decodes it) and `channels` "
        "from the left, the first is 1; "
        'as in `1.000;until=2.500;because=hold;channels="2"`'
    ),
    "schema": {"type": "string"},
}
_US_PER_S: Final = 1_000_000
# A header of some 8 KiB; calls with more are told in `holds` and `masked` of the recording.
MAX_TOLD: Final = 120


def silences_told(silences: Iterable[Silence]) -> str:
    """The header's value; \"\" for none. What is beyond `MAX_TOLD` is told as `more`."""
    told = [_told(each) for each in silences]
    more = [f"more={len(told) - MAX_TOLD}"] if len(told) > MAX_TOLD else []
    return ", ".join([*told[:MAX_TOLD], *more])


def _told(silence: Silence) -> str:
    channels = " ".join(str(number + 1) for number in silence.channels)
    return (
        f"{_seconds(silence.from_us)};until={_seconds(silence.until_us)}"
        f';because={silence.because};channels="{channels}"'
    )


def _seconds(us: int) -> str:
    return f"{max(us, 0) / _US_PER_S:.3f}"


PEAKS_TYPE: Final = "application/octet-stream"
_SEEN: Final = documented(401, 403, 404, 410, 422, 429, 503)
_PEAKS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The waveform",
        "headers": {SILENCES: SILENCES_DOCUMENTED},
        "content": {PEAKS_TYPE: {"schema": {"type": "string", "format": "binary"}}},
    },
    **documented(401, 403, 404, 409, 410, 422, 429, 500, 503),
}

router = APIRouter(prefix="/recordings", tags=["recordings"])


@router.get("/{recording}", responses=_SEEN, openapi_extra=guarded(ReadGrant))
async def recording(
    recording: IdText, actor: CurrentActor, application: CurrentApplication
) -> CourseView:
    """What is known of one recording."""
    found = await application.calls.show(actor, RecordingId.parse(recording))
    return CourseView.tell(found[0], UTC)


@router.get("/{recording}/parts", responses=_SEEN, openapi_extra=guarded(ReadGrant))
async def parts(
    recording: IdText, actor: CurrentActor, application: CurrentApplication
) -> PartsView:
    """The parts that a recording consists of."""
    found = await application.calls.parts(actor, RecordingId.parse(recording))
    return PartsView(recording=recording, parts=[PartView.show(each, UTC) for each in found])


@router.get(
    "/{recording}/audio",
    responses=HEARD,
    response_class=Response,
    openapi_extra=guarded(ListenGrant),
)
async def listen(recording: IdText, listening: CurrentListening) -> Response:
    """Hear one recording, or a range of its bytes."""
    return await listening.send(RecordingId.parse(recording))


@router.head(
    "/{recording}/audio",
    responses=DESCRIBED,
    response_class=Response,
    openapi_extra=guarded(ListenGrant),
)
async def describe_audio(
    recording: IdText, actor: CurrentActor, application: CurrentApplication
) -> Response:
    """How long the audio of a recording is, and its tag."""
    return await describe(actor, application, RecordingId.parse(recording))


@router.get(
    "/{recording}/peaks",
    responses=_PEAKS,
    response_class=Response,
    openapi_extra=guarded(ListenGrant),
)
async def peaks(
    recording: IdText, actor: CurrentActor, application: CurrentApplication
) -> Response:
    """The waveform of one recording; `Silences` says where it is flat for a reason."""
    drawn = await application.calls.peaks(actor, RecordingId.parse(recording))
    headers = {"Cache-Control": "no-store", SILENCES: silences_told(drawn.silences)}
    return Response(drawn.data, media_type=PEAKS_TYPE, headers=headers)
