"""Routes under `/recordings` that say what is so: corrections, tags, notes.

Each is three moves: read, write, show. Knows nothing of what a correction does.
"""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from api.web.calls.amendments import CorrectionView
from api.web.http.api_routes import IdText, guarded
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from archive.call.corrections import (
    MAX_NOTE_CHARS,
    MAX_PURPOSES,
    MAX_REASON_CHARS,
    MAX_VALUE_CHARS,
    AgentCorrected,
    ByParticipant,
    BySide,
    ByStream,
    Change,
    Confidence,
    ControllerCorrected,
    NoteWritten,
    NumberCorrected,
    PurposeCorrected,
    QueueCorrected,
    SideCorrected,
    TagAdded,
    TagRemoved,
    Whom,
)
from archive.call.events import Side
from archive.catalog.access.grants import CorrectGrant
from archive.ids import RecordingId

_WRITTEN: Final = documented(401, 403, 404, 410, 413, 422, 429, 500, 503)
_NO_CONTROLS: Final = r"^[^\x00-\x1f\x7f-\x9f]*$"
_LINES: Final = r"^[^\x00-\x09\x0b-\x1f\x7f-\x9f]*$"
# Streams are numbered in 16 bits.
_MAX_STREAM: Final = 65_535
Value = Annotated[StrictStr, Field(max_length=MAX_VALUE_CHARS, pattern=_NO_CONTROLS)]
Some = Annotated[StrictStr, Field(min_length=1, max_length=MAX_VALUE_CHARS, pattern=_NO_CONTROLS)]
Why = Annotated[StrictStr, Field(max_length=MAX_REASON_CHARS, pattern=_NO_CONTROLS)]

router = APIRouter(prefix="/recordings", tags=["corrections"])


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CorrectedParticipantBody(_Body):
    """All stays of a participant, by the client's id."""

    by: Literal["participant"]
    participant: Some

    def meant(self) -> Whom:
        """Whom it is of."""
        return ByParticipant(participant=self.participant)


class StreamBody(_Body):
    """Who speaks on a stream."""

    by: Literal["stream"]
    stream: Annotated[StrictInt, Field(ge=0, le=_MAX_STREAM)]

    def meant(self) -> Whom:
        """Whom it is of."""
        return ByStream(stream=self.stream)


class SideBody(_Body):
    """The only one who is on a side now."""

    by: Literal["side"]
    side: Side

    def meant(self) -> Whom:
        """Whom it is of."""
        return BySide(side=self.side)


WhomBody = Annotated[CorrectedParticipantBody | StreamBody | SideBody, Field(discriminator="by")]


class _Reasoned(_Body):
    reason: Annotated[
        StrictStr, Field(min_length=1, max_length=MAX_REASON_CHARS, pattern=_NO_CONTROLS)
    ]


class AgentCorrectionBody(_Reasoned):
    """Which agent took part; "" = nobody of ours."""

    kind: Literal["agent"]
    whom: WhomBody
    value: Value
    confidence: Confidence = "certain"

    def change(self) -> Change:
        """The same for the register."""
        return AgentCorrected(
            whom=self.whom.meant(), agent_id=self.value, confidence=self.confidence
        )


class SideOfBody(_Reasoned):
    """On which side a participant was."""

    kind: Literal["side"]
    whom: WhomBody
    value: Side

    def change(self) -> Change:
        """The same for the register."""
        return SideCorrected(whom=self.whom.meant(), side=self.value)


class NumberCorrectionBody(_Reasoned):
    """A participant's number; "" = none is known."""

    kind: Literal["number"]
    whom: WhomBody
    value: Value

    def change(self) -> Change:
        """The same for the register."""
        return NumberCorrected(whom=self.whom.meant(), number=self.value)


class QueueBody(_Reasoned):
    """In which queue the call was; "" = in none."""

    kind: Literal["queue"]
    value: Value

    def change(self) -> Change:
        """The same for the register."""
        return QueueCorrected(queue=self.value)


class ControllerBody(_Reasoned):
    """On whose behalf the call was recorded; "" = nobody's."""

    kind: Literal["controller"]
    value: Value

    def change(self) -> Change:
        """The same for the register."""
        return ControllerCorrected(controller=self.value)


class PurposeBody(_Reasoned):
    """All purposes of the recording, codes of `[access] purposes`."""

    kind: Literal["purpose"]
    value: Annotated[list[Some], Field(min_length=1, max_length=MAX_PURPOSES)]

    def change(self) -> Change:
        """The same for the register."""
        return PurposeCorrected(purposes=tuple(self.value))


CorrectionBody = Annotated[
    AgentCorrectionBody
    | SideOfBody
    | NumberCorrectionBody
    | QueueBody
    | ControllerBody
    | PurposeBody,
    Field(discriminator="kind"),
]


class TagBody(_Body):
    """A tag more."""

    value: Some
    reason: Why = ""


class NoteBody(_Body):
    """A text for whoever reads of the recording; lines are kept."""

    value: Annotated[StrictStr, Field(min_length=1, max_length=MAX_NOTE_CHARS, pattern=_LINES)]
    reason: Why = ""


@router.post(
    "/{recording}/corrections",
    status_code=201,
    responses=_WRITTEN,
    openapi_extra=guarded(CorrectGrant),
)
async def correct(
    recording: IdText, body: CorrectionBody, actor: CurrentActor, application: CurrentApplication
) -> CorrectionView:
    """Say what is so; what was said before still finds the recording."""
    own = RecordingId.parse(recording)
    written = await application.corrections.write(actor, own, body.change(), body.reason)
    return CorrectionView.show(written)


@router.post(
    "/{recording}/tags", status_code=201, responses=_WRITTEN, openapi_extra=guarded(CorrectGrant)
)
async def tag(
    recording: IdText, body: TagBody, actor: CurrentActor, application: CurrentApplication
) -> CorrectionView:
    """Tag a recording."""
    own = RecordingId.parse(recording)
    change = TagAdded(tag=body.value)
    return CorrectionView.show(await application.corrections.write(actor, own, change, body.reason))


@router.delete(
    "/{recording}/tags/{tag:path}", responses=_WRITTEN, openapi_extra=guarded(CorrectGrant)
)
async def untag(
    recording: IdText,
    tag: Annotated[str, Path(min_length=1, max_length=MAX_VALUE_CHARS, pattern=_NO_CONTROLS)],
    actor: CurrentActor,
    application: CurrentApplication,
    reason: Annotated[str, Query(max_length=MAX_REASON_CHARS, pattern=_NO_CONTROLS)] = "",
) -> CorrectionView:
    """Take a tag away: a correction, too; the tag still finds the recording."""
    own = RecordingId.parse(recording)
    change = TagRemoved(tag=tag)
    return CorrectionView.show(await application.corrections.write(actor, own, change, reason))


@router.post(
    "/{recording}/notes", status_code=201, responses=_WRITTEN, openapi_extra=guarded(CorrectGrant)
)
async def note(
    recording: IdText, body: NoteBody, actor: CurrentActor, application: CurrentApplication
) -> CorrectionView:
    """Write a note to a recording."""
    own = RecordingId.parse(recording)
    change = NoteWritten(text=body.value)
    return CorrectionView.show(await application.corrections.write(actor, own, change, body.reason))
