"""How a call sounds and looks, beside its page: its audio, its waveform, a copy, what was played.

Each is three moves: read, ask, show, by a session as `/api/v1` has them by a token. Knows nothing
of how audio is made.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Header
from starlette.responses import Response

from api.calls.playback_reports import MAX_STRETCHES, Report
from api.permissions.errors import Unfit
from api.web.calls.exports import copied
from api.web.calls.waveforms import WaveformView
from api.web.http.api_routes import Listening, describe
from api.web.pages.calls.call_visit import AT, CurrentCallVisit
from api.web.pages.forms import CurrentForm, require_own
from archive.access.query import QueryRefused
from archive.catalog.access.grants import ExportGrant
from archive.ids import RecordingId
from archive.reading.export_forms import ExportForm

_MOST_DIGITS: Final = 9

router = APIRouter(include_in_schema=False, dependencies=[Depends(require_own)])


@router.get(AT + "/audio")
async def audio(
    at: CurrentCallVisit,
    range_header: Annotated[str | None, Header(alias="Range")] = None,
    if_range: Annotated[str | None, Header(alias="If-Range")] = None,
) -> Response:
    """Hear a call, or a range of its bytes."""
    listening = Listening(at.actor, at.application, range_header, if_range)
    return await listening.send(at.call)


@router.head(AT + "/audio")
async def describe_audio(at: CurrentCallVisit) -> Response:
    """How long the audio of a call is, and its tag."""
    return await describe(at.actor, at.application, at.call)


@router.get(AT + "/waveform")
async def waveform(at: CurrentCallVisit) -> WaveformView:
    """What the player draws."""
    return WaveformView.show(await at.application.calls.waveform(at.actor, at.call))


@router.post(AT + "/played", status_code=204)
async def played(at: CurrentCallVisit, form: CurrentForm) -> None:
    """Write down what the browser says it has played: `0-1200,5000-6000` in ms, and channels."""
    report = Report(
        stretches=[_stretch(each) for each in _listed(form.text("stretches"))],
        channels=[_number(each) for each in _listed(form.text("channels"))],
    )
    await at.application.played.report(at.actor, at.call, report)


@router.post(AT + "/export")
async def export(at: CurrentCallVisit, form: CurrentForm) -> Response:
    """Take a copy of one recording away."""
    try:
        own, kind = RecordingId.parse(form.text("recording")), ExportForm(form.text("format"))
    except ValueError as unknown:
        raise QueryRefused("format", Unfit.COPY) from unknown
    await at.application.calls.require_of(at.actor, ExportGrant, at.call, own)
    return await copied(at.application, at.actor, own, kind, at.visit.zone)


def _listed(text: str) -> list[str]:
    """What commas part; more than anybody means stays in one piece, which is none."""
    return [each for each in text.split(",", MAX_STRETCHES) if each]


def _stretch(text: str) -> tuple[int, int]:
    first, _, until = text.partition("-")
    return _number(first), _number(until)


def _number(text: str) -> int:
    """A number of at most nine digits: a call has no more ms."""
    if not text.isascii() or not text.isdigit() or len(text) > _MOST_DIGITS:
        raise QueryRefused("stretches", Unfit.STRETCH_FORM)
    return int(text)
