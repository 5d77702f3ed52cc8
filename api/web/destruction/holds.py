"""Routes under `/holds`: legal holds, what they hold, and how they end.

Knows nothing of keys or of how recordings are found.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Final, Self

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StrictBool

from api.access.use_case import ID_PATTERN
from api.holds.overview import LIST, RECORDINGS, SHOW, HeldSoFar
from api.holds.placement import PLACE, RESUME, HoldWish
from api.holds.release import CANCEL, PREVIEW, RELEASE
from api.holds.release_preview import ReleasePreview
from api.web.http.models import ClueBody, Text, WindowBody
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import shown
from api.web.rows import ListView, Row, refusals, routed, told_of
from archive.access.query import ALWAYS, MAX_CLUES, SearchQuery
from archive.catalog.holds.held_recordings import HeldRecording
from archive.catalog.holds.late_recordings import LateFor
from archive.lifecycle.legal_holds import Because, Found, State

# Of one request; a body has no room for many more.
MAX_NAMED: Final = 25_000
IdBody = Annotated[str, Field(pattern=ID_PATTERN)]


class HoldQueryBody(BaseModel):
    """The clues of a search, of which all must hold; without a window of all times."""

    model_config = ConfigDict(extra="forbid")

    window: WindowBody | None = None
    clues: Annotated[list[ClueBody], Field(max_length=MAX_CLUES)] = []

    def query(self, country: str) -> SearchQuery:
        """The question that this is; raises `QueryRefused`."""
        return SearchQuery(
            window=self.window.window() if self.window else ALWAYS,
            clues=tuple(clue.clue(country) for clue in self.clues),
        )


class HoldBody(BaseModel):
    """A hold over what a search finds (`query`), or over calls and recordings (`named`)."""

    model_config = ConfigDict(extra="forbid")

    matter: Text
    reason: Text
    review_on: date
    query: HoldQueryBody | None = None
    named: Annotated[list[IdBody], Field(max_length=MAX_NAMED)] = []
    whole_conversation: StrictBool = False
    future: StrictBool = False

    def wish(self, country: str) -> HoldWish:
        """The same for the use case; raises `QueryRefused`."""
        return HoldWish(
            matter=self.matter,
            reason=self.reason,
            review_on=self.review_on,
            query=self.query.query(country) if self.query else None,
            named=tuple(bytes.fromhex(each) for each in self.named),
            whole_conversation=self.whole_conversation,
            future=self.future,
        )


class HoldCountsView(BaseModel):
    """How many recordings; `meant`: their keys are about to be held.

    `destroyed` and `unknown` came too late, or were none: they are not held.
    """

    meant: int
    held: int
    destroyed: int
    unknown: int


class LateForView(BaseModel):
    """So many recordings were destroyed before, between these moments, by one run.

    `certificate` attests it, as soon as the run has ended; null where none does.
    """

    certificate: int | None
    recordings: int
    first_at: datetime
    last_at: datetime

    @classmethod
    def show(cls, late: LateFor) -> Self:
        return cls(
            certificate=late.certificate,
            recordings=late.recordings,
            first_at=shown(late.first_us, UTC),
            last_at=shown(late.last_us, UTC),
        )


class LegalHoldView(BaseModel):
    """A hold; `id` is what the journal and the key daemon call it.

    `ended_at` is when it was released or cancelled, `grace_until` until when what it held is kept
    all the same. `one_person` is true for ever where one person's word was enough for that.
    `late_for`: by which runs recordings were destroyed before, as far as that is known yet.
    """

    number: int
    id: str
    matter: str
    reason: str
    review_on: date
    state: State
    placed_by: str
    placed_at: datetime
    active_at: datetime | None
    ended_at: datetime | None
    grace_until: datetime | None
    one_person: bool
    whole_conversation: bool
    future: bool
    recordings: HoldCountsView
    late_for: list[LateForView]

    @classmethod
    def show(cls, so_far: HeldSoFar) -> Self:
        own, terms, counts = so_far.hold, so_far.hold.terms, so_far.counts
        return cls(
            number=own.number,
            id=str(own.id),
            matter=terms.matter,
            reason=terms.reason,
            review_on=terms.review_on,
            state=own.state,
            placed_by=own.author,
            placed_at=shown(own.placed_us, UTC),
            active_at=None if own.active_us is None else shown(own.active_us, UTC),
            ended_at=None if own.end is None else shown(own.end.at_us, UTC),
            grace_until=None if own.end is None else shown(own.end.grace_until_us, UTC),
            one_person=own.end is not None and own.end.one_person,
            whole_conversation=terms.whole_conversation,
            future=terms.future,
            recordings=HoldCountsView(
                meant=counts.meant,
                held=counts.held,
                destroyed=counts.destroyed,
                unknown=counts.unknown,
            ),
            late_for=[LateForView.show(each) for each in so_far.late],
        )


class HoldsView(ListView):
    """Every hold, oldest first."""

    holds: list[LegalHoldView]


class HeldRecordingView(BaseModel):
    """One recording of a hold: why it is there, and whether it is held.

    `destroyed_at` is null where it was not destroyed, or where nobody knows yet when;
    `certificate` is the number of the one that attests it, as soon as its run has ended.
    """

    recording: str
    because: Because
    state: Found
    noted_at: datetime
    destroyed_at: datetime | None
    certificate: int | None

    @classmethod
    def show(cls, found: HeldRecording) -> Self:
        at_us = found.destroyed_us
        return cls(
            recording=str(found.recording),
            because=found.because,
            state=found.state,
            noted_at=shown(found.noted_us, UTC),
            destroyed_at=None if at_us is None else shown(at_us, UTC),
            certificate=found.certificate,
        )


class HeldRecordingsView(BaseModel):
    """A page by ids; `next_after` is what `after` is for the next one, null where there is none."""

    recordings: list[HeldRecordingView]
    next_after: str | None

    @classmethod
    def show(cls, page: tuple[Sequence[HeldRecording], int]) -> Self:
        """A page that is full may have another one behind it."""
        found, limit = page
        return cls(
            recordings=[HeldRecordingView.show(each) for each in found],
            next_after=str(found[-1].recording) if len(found) == limit else None,
        )


class ReleasePreviewView(BaseModel):
    """Of `held` recordings so many were `judged`, and these would be, once it is let go of.

    `kept` by something else or for want of a rule; `due` once the `grace_days` are over; `dated`:
    on a day of a rule.
    """

    held: int
    grace_days: int
    judged: int
    kept: int
    due: int
    dated: int

    @classmethod
    def show(cls, found: ReleasePreview) -> Self:
        return cls(
            held=found.held,
            grace_days=found.grace_days,
            judged=found.judged,
            kept=found.kept,
            due=found.due,
            dated=found.dated,
        )


router = routed(
    APIRouter(prefix="/holds", tags=["holds"]),
    Row("GET", "", LIST, HoldsView),
    Row("GET", "/{number}", SHOW, LegalHoldView),
    Row("GET", "/{number}/recordings", RECORDINGS, HeldRecordingsView),
    Row("GET", "/{number}/preview", PREVIEW, ReleasePreviewView),
    Row("POST", "/{number}/resume", RESUME, LegalHoldView),
    Row("POST", "/{number}/release", RELEASE, LegalHoldView),
    Row("POST", "/{number}/cancel", CANCEL, LegalHoldView),
)


@router.post(
    "",
    status_code=201,
    responses=refusals(PLACE, has_body=True),
    openapi_extra=told_of(PLACE),
)
async def place(
    body: HoldBody, actor: CurrentActor, application: CurrentApplication, response: Response
) -> LegalHoldView:
    """Place a legal hold; the answer says what it holds and what it was too late for."""
    wish = body.wish(application.place.country)
    placed = await application.hold_placements.place(actor, wish)
    response.headers["Location"] = f"{router.prefix}/{placed.hold.number}"
    return LegalHoldView.show(placed)
