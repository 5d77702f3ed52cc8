"""Routes by which cases freeze, suspend and erase recordings, and lift that again.

Each is three moves: read, do, show. Knows nothing of who may, nor of how a measure decides.
"""

from datetime import datetime
from typing import Annotated, Final, Self

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.holds.measures import Measured
from api.permissions.verbs import Verb
from api.web.http.api_routes import IdText, needing
from api.web.http.parameter_types import EntryBehind
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from archive.catalog.holds.measures import StoredMeasure
from archive.ids import ConversationId, RecordingId
from archive.lifecycle.measures import Measure, MeasureKind
from archive.moments import moment

_DONE: Final = documented(401, 403, 404, 409, 413, 422, 429, 503)
_MAX_ID: Final = 64
_CASE: Final = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$"
# What is said in the body may need more.
_TAKEN: Final = needing(Verb.FREEZE, "measure_taken")
_LIFTED: Final = needing(Verb.MEASURE, "measure_lifted")

router = APIRouter(tags=["retention"])


class LiftBody(BaseModel):
    """A measure of a case (docs/restriction.md)."""

    model_config = ConfigDict(extra="forbid")

    kind: MeasureKind
    case: str = Field(max_length=_MAX_ID)

    def measure(self) -> Measure:
        """The same for the use case; raises `MeasureRefused`."""
        return Measure(kind=self.kind, case=self.case)


class MeasureBody(LiftBody):
    """A measure to be taken; of a whole conversation a freeze alone may be.

    A freeze needs `measures:freeze` alone and no other person; all else `measures:take`.
    """

    whole_conversation: bool = False

    def measure(self) -> Measure:
        """The same for the use case; raises `MeasureRefused`."""
        return Measure(kind=self.kind, case=self.case, whole_conversation=self.whole_conversation)


class MeasuredView(BaseModel):
    """What was done to which recordings; none where it was so already.

    `going`: those whose destruction had begun; it is in force on what is still there afterwards.
    `too_late`: they were destroyed, what is left of them is being removed, and nothing was done.
    """

    kind: MeasureKind
    case: str
    recordings: list[str]
    going: list[str]
    too_late: list[str]

    @classmethod
    def show(cls, done: Measured) -> Self:
        """The same as it is sent."""
        return cls(
            kind=done.measure.kind,
            case=done.measure.case,
            recordings=[str(each) for each in done.changed],
            going=[str(each) for each in done.going],
            too_late=[str(each) for each in done.too_late],
        )


class KnownMeasureView(BaseModel):
    """What a case has done to a recording; `lifted_at` is null while it is in force.

    `place` is behind which the next page begins.
    """

    place: int
    kind: MeasureKind
    recording: str
    whole_conversation: bool
    taken_at: datetime
    author: str
    one_person: bool
    lifted_at: datetime | None

    @classmethod
    def show(cls, known: StoredMeasure) -> Self:
        """The same as it is sent."""
        taken = known.taken
        return cls(
            place=known.place,
            kind=taken.measure.kind,
            recording=str(taken.recording),
            whole_conversation=taken.measure.whole_conversation,
            taken_at=moment(taken.taken_us),
            author=taken.author,
            one_person=taken.one_person,
            lifted_at=None if known.lifted_us is None else moment(known.lifted_us),
        )


class KnownMeasuresView(BaseModel):
    """A page of 500, oldest first."""

    measures: list[KnownMeasureView]


@router.get(
    "/measures",
    responses=documented(401, 403, 422, 429, 503),
    openapi_extra=needing(Verb.FREEZE),
)
async def measures_of_case(
    actor: CurrentActor,
    application: CurrentApplication,
    case: Annotated[str, Query(pattern=_CASE)],
    behind: EntryBehind = 0,
) -> KnownMeasuresView:
    """What a case has done to recordings within reach, also what was lifted since."""
    found = await application.measures.listed(actor, case, behind)
    return KnownMeasuresView(measures=[KnownMeasureView.show(each) for each in found])


@router.post("/recordings/{recording}/measures", responses=_DONE, openapi_extra=_TAKEN)
async def take_of_recording(
    recording: IdText, body: MeasureBody, actor: CurrentActor, application: CurrentApplication
) -> MeasuredView:
    """Freeze, suspend or erase one recording for a case."""
    own = RecordingId.parse(recording)
    return MeasuredView.show(await application.measures.take(actor, own, body.measure()))


@router.post("/calls/{conversation}/measures", responses=_DONE, openapi_extra=_TAKEN)
async def take_of_call(
    conversation: IdText, body: MeasureBody, actor: CurrentActor, application: CurrentApplication
) -> MeasuredView:
    """Freeze, suspend or erase the recordings that a call has, for a case."""
    call = ConversationId.parse(conversation)
    return MeasuredView.show(await application.measures.take(actor, call, body.measure()))


@router.post("/recordings/{recording}/measures/lift", responses=_DONE, openapi_extra=_LIFTED)
async def lift_of_recording(
    recording: IdText, body: LiftBody, actor: CurrentActor, application: CurrentApplication
) -> MeasuredView:
    """End a measure of a case on one recording."""
    own = RecordingId.parse(recording)
    return MeasuredView.show(await application.measures.lift(actor, own, body.measure()))


@router.post("/calls/{conversation}/measures/lift", responses=_DONE, openapi_extra=_LIFTED)
async def lift_of_call(
    conversation: IdText, body: LiftBody, actor: CurrentActor, application: CurrentApplication
) -> MeasuredView:
    """End a measure of a case on the recordings that a call has."""
    call = ConversationId.parse(conversation)
    return MeasuredView.show(await application.measures.lift(actor, call, body.measure()))
