"""Routes of copies: a recording as a file, and what belongs beside it.

Each is three moves: read, ask, show. Knows nothing of how a copy is made.
"""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, tzinfo
from typing import Annotated, Any, Final, Self
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel
from starlette.responses import StreamingResponse

from api.access.listener_access import ListenerState
from api.calls.recording_forms import ExportNotes
from api.permissions.actor import Actor
from api.services import Application
from api.web.calls.courses import NoticeView
from api.web.http.api_routes import IdText, guarded
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from archive.call.gaps import GapBecause, KnownGap, KnownReplay
from archive.call.other_sounds import OtherSound, OtherSoundKind
from archive.catalog.access.grants import ExportGrant
from archive.ids import RecordingId
from archive.reading.export_forms import MEDIA_TYPES, ExportForm, file_name
from archive.reading.lanes import Lane
from archive.reading.silences import Silence

_REFUSALS: Final = documented(401, 403, 404, 409, 410, 422, 429, 500, 501, 503)
_COPIED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file",
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in MEDIA_TYPES.values()
        },
    },
    **_REFUSALS,
}
_US_PER_S: Final = 1_000_000
Form = Annotated[ExportForm, Query(alias="format", description="Audio, or the datagrams (pcap)")]

router = APIRouter(prefix="/recordings", tags=["recordings"])


class ExportChannelView(BaseModel):
    """Whose a channel is; of what the node played, `label` says to whom."""

    channel: int
    side: str
    side_guessed: bool
    participant: str
    also: list[str]
    mixed: bool
    label: str

    @classmethod
    def show(cls, number: int, lane: Lane) -> Self:
        """The channel of that number, the first from the left is 1."""
        return cls(
            channel=number,
            side=lane.side,
            side_guessed=lane.is_guessed,
            participant=lane.participant,
            also=list(lane.also),
            mixed=lane.is_mixed,
            label=lane.label,
        )


class SilenceView(BaseModel):
    """An interval in which nothing is heard for a reason; seconds from the file's begin.

    Because of a `codec` that is not decoded here: `extra` is what would decode it, empty where
    nothing does.
    """

    from_s: float
    until_s: float
    because: str
    channels: list[int]
    participant: str
    codec: str
    extra: str

    @classmethod
    def show(cls, silence: Silence) -> Self:
        """A silence and the channels that it is on."""
        return cls(
            from_s=_seconds(silence.from_us),
            until_s=_seconds(silence.until_us),
            because=silence.because,
            channels=[number + 1 for number in silence.channels],
            participant=silence.participant,
            codec=silence.codec,
            extra=silence.extra,
        )


class MissingView(BaseModel):
    """Where packets are missing, or none were sent (`not_sent`); seconds from the file's begin.

    `missing_s` of it is missing. `packets` is 0 where nobody counted them.
    """

    from_s: float
    until_s: float
    because: GapBecause
    missing_s: float
    packets: int
    participant: str

    @classmethod
    def show(cls, gap: KnownGap, start_us: int) -> Self:
        """A gap in a file that begins at `start_us`."""
        return cls(
            from_s=_seconds(gap.from_us - start_us),
            until_s=_seconds(gap.until_us - start_us),
            because=gap.because,
            missing_s=_seconds(gap.absent_us),
            packets=gap.packets,
            participant=gap.participant,
        )


class CopiedView(BaseModel):
    """Packets that came a second time, long after the first, and are heard once.

    They came from `from_s` to `until_s`, seconds from the file's begin.
    """

    from_s: float
    until_s: float
    packets: int
    participant: str

    @classmethod
    def show(cls, replay: KnownReplay, start_us: int) -> Self:
        """Those of a stream in a file that begins at `start_us`."""
        return cls(
            from_s=_seconds(replay.from_us - start_us),
            until_s=_seconds(replay.until_us - start_us),
            packets=replay.packets,
            participant=replay.participant,
        )


class BesideView(BaseModel):
    """What sounds in a party's lane and is not its voice; `is_guess`: nobody says so.

    `early_media` before the answer, `hold_music` in the place of who came back; seconds from the
    file's begin.
    """

    from_s: float
    until_s: float
    kind: OtherSoundKind
    is_guess: bool
    participant: str

    @classmethod
    def show(cls, sound: OtherSound, start_us: int) -> Self:
        """A sound in a file that begins at `start_us`."""
        return cls(
            from_s=_seconds(sound.from_us - start_us),
            until_s=_seconds(sound.until_us - start_us),
            kind=sound.kind,
            is_guess=sound.is_guess,
            participant=sound.participant,
        )


class NotesView(BaseModel):
    """What a file of a recording does not say itself; times in UTC.

    Not `has_sound`: nobody is heard in it, no packet of a party came.
    """

    recording: str
    channels: list[ExportChannelView]
    notices: list[NoticeView]
    silences: list[SilenceView]
    gaps: list[MissingView]
    replays: list[CopiedView]
    other_sounds: list[BesideView]
    has_sound: bool

    @classmethod
    def show(cls, recording: str, notes: ExportNotes) -> Self:
        """Channels from the left on."""
        return cls(
            recording=recording,
            channels=[
                ExportChannelView.show(n, lane) for n, lane in enumerate(notes.channels, start=1)
            ],
            notices=[NoticeView.show(each, UTC) for each in notes.notices],
            silences=[SilenceView.show(each) for each in notes.silences],
            gaps=[MissingView.show(each, notes.start_us) for each in notes.gaps],
            replays=[CopiedView.show(each, notes.start_us) for each in notes.replays],
            other_sounds=[BesideView.show(each, notes.start_us) for each in notes.other_sounds],
            has_sound=notes.has_sound,
        )


@router.get(
    "/{recording}/export",
    responses=_COPIED,
    response_class=StreamingResponse,
    openapi_extra=guarded(ExportGrant),
)
async def export(
    recording: IdText,
    actor: CurrentActor,
    application: CurrentApplication,
    form: Form = ExportForm.WAV,
) -> StreamingResponse:
    """Take a copy of one recording away; its name has begin, in the installation's zone, and id."""
    zone = ZoneInfo(application.place.zone)
    return await copied(application, actor, RecordingId.parse(recording), form, zone)


async def copied(
    application: Application,
    actor: Actor,
    recording: RecordingId,
    form: ExportForm,
    zone: tzinfo,
) -> StreamingResponse:
    """A copy as a file, named by its begin in a zone; what is wrong before it goes is a refusal."""
    copy = await application.exports.export(actor, recording, form)
    name = file_name(shown(copy.begun_us, zone), recording, form)
    # Read before the status is chosen, so that damage found there is a problem.
    first = await run_in_threadpool(_next, copy.pieces)
    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    sent = ListenerState(application.exports.door, actor).over(_sent(first, copy.pieces))
    return StreamingResponse(sent, media_type=MEDIA_TYPES[form], headers=headers)


async def _sent(first: bytes | None, pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """All pieces to the last; an empty one is not the end."""
    piece = first
    while piece is not None:
        yield piece
        piece = await run_in_threadpool(_next, pieces)


def _next(pieces: Iterator[bytes]) -> bytes | None:
    return next(pieces, None)


@router.get("/{recording}/export/notes", responses=_REFUSALS, openapi_extra=guarded(ExportGrant))
async def notes(
    recording: IdText, actor: CurrentActor, application: CurrentApplication
) -> NotesView:
    """What belongs beside a copy: whose each channel is, notices, silences, gaps."""
    found = await application.exports.notes(actor, RecordingId.parse(recording))
    return NotesView.show(recording, found)


def _seconds(us: int) -> float:
    return round(max(us, 0) / _US_PER_S, 3)
