"""Routes by which cases freeze, suspend and erase recordings, and lift that again.

Knows nothing of who may, nor of how a measure decides.
"""

from datetime import datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel

from api.holds.measures import LIFT, LIST, TAKE, Measured
from api.web.rows import ListView, Row, routed
from archive.catalog.holds.measures import StoredMeasure
from archive.lifecycle.measures import MeasureKind
from archive.moments import moment


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


class KnownMeasuresView(ListView):
    """A page of 500, oldest first."""

    measures: list[KnownMeasureView]


router = routed(
    APIRouter(tags=["retention"]),
    Row("GET", "/measures", LIST, KnownMeasuresView),
    Row(
        "POST",
        "/recordings/{recording}/measures",
        TAKE,
        MeasuredView,
        name="take_of_recording",
        about="Freeze, suspend or erase one recording for a case.",
    ),
    Row(
        "POST",
        "/calls/{conversation}/measures",
        TAKE,
        MeasuredView,
        name="take_of_call",
        about="Freeze, suspend or erase the recordings that a call has, for a case.",
    ),
    Row(
        "POST",
        "/recordings/{recording}/measures/lift",
        LIFT,
        MeasuredView,
        name="lift_of_recording",
        about="End a measure of a case on one recording.",
    ),
    Row(
        "POST",
        "/calls/{conversation}/measures/lift",
        LIFT,
        MeasuredView,
        name="lift_of_call",
        about="End a measure of a case on the recordings that a call has.",
    ),
)
