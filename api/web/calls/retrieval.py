"""Routes under `/calls`: find a call, see it, hear it.

Each is three moves: read, ask, show. Knows nothing of grants but which one a route needs.
"""

from datetime import UTC

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.web.calls.courses import CourseView
from api.web.calls.linked_calls import CallView, InferredLinkView
from api.web.calls.question_body import QuestionBody
from api.web.calls.search_view import SearchView
from api.web.calls.waveforms import WaveformView
from api.web.http.api_routes import DESCRIBED, HEARD, CurrentListening, IdText, describe, guarded
from api.web.http.language import reader_of
from api.web.http.models import AllTimesSearchBody, KnownBody, KnownView, SearchBody
from api.web.http.own_zone import zone_of, zone_told
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from archive.catalog.access.grants import ListenGrant, ReadGrant, SearchGrant
from archive.ids import ConversationId

router = APIRouter(prefix="/calls", tags=["calls"])


@router.post(
    "/search",
    responses=documented(401, 403, 409, 413, 422, 429, 503),
    openapi_extra=guarded(SearchGrant),
)
async def search(
    request: Request, body: QuestionBody, actor: CurrentActor, application: CurrentApplication
) -> SearchView:
    """Find calls: by window and clues, newest first, or by what is likely, the best fits first."""
    if isinstance(body, SearchBody | AllTimesSearchBody):
        query = body.query(application.calls.country)
        return SearchView.show(await application.calls.search(actor, query), query)
    asked, reader = body.query(zone_of(request, application.place.zone)), reader_of(request)
    view = SearchView.rank(await application.locate.search(actor, asked), asked, reader)
    if view.ranked is not None and not body.tells_zone:
        view.ranked.notes.insert(0, reader.told(zone_told(request, asked.zone)))
    return view


@router.post(
    "/known",
    responses=documented(401, 403, 404, 409, 413, 422, 429, 503),
    openapi_extra=guarded(SearchGrant),
)
async def known(body: KnownBody, actor: CurrentActor, application: CurrentApplication) -> KnownView:
    """The call or recording of an id, ours or one that others know a call by."""
    return KnownView.show(await application.calls.named(actor, body.id))


@router.get(
    "/{conversation}",
    responses=documented(401, 403, 404, 410, 422, 429, 503),
    openapi_extra=guarded(ReadGrant),
)
async def call(
    conversation: IdText, actor: CurrentActor, application: CurrentApplication
) -> CallView:
    """What is known of one call."""
    found = await application.calls.show_call(actor, ConversationId.parse(conversation))
    return CallView(
        conversation=conversation,
        recordings=[CourseView.tell(each, UTC) for each in found.courses],
        inferred_links=[InferredLinkView.show(each, UTC) for each in found.links.links],
        more_inferred_links=found.links.is_more,
    )


@router.get(
    "/{conversation}/audio",
    responses=HEARD,
    response_class=Response,
    openapi_extra=guarded(ListenGrant),
)
async def listen(conversation: IdText, listening: CurrentListening) -> Response:
    """Hear a call, or a range of its bytes."""
    return await listening.send(ConversationId.parse(conversation))


@router.head(
    "/{conversation}/audio",
    responses=DESCRIBED,
    response_class=Response,
    openapi_extra=guarded(ListenGrant),
)
async def describe_audio(
    conversation: IdText, actor: CurrentActor, application: CurrentApplication
) -> Response:
    """How long the audio of a call is, and its tag."""
    return await describe(actor, application, ConversationId.parse(conversation))


@router.get(
    "/{conversation}/waveform",
    responses=documented(401, 403, 404, 409, 410, 422, 429, 500, 503),
    openapi_extra=guarded(ListenGrant),
)
async def waveform(
    conversation: IdText, actor: CurrentActor, application: CurrentApplication
) -> WaveformView:
    """The waveform of a call, on the time line of its audio, and why it is flat where it is."""
    drawn = await application.calls.waveform(actor, ConversationId.parse(conversation))
    return WaveformView.show(drawn)
