"""Routes that say why a call or recording is kept, and until when.

Each is three moves: read, ask, show. Knows nothing of how a policy decides.
"""

from datetime import date, datetime
from typing import Final, Self

from fastapi import APIRouter, Request
from pydantic import BaseModel

from api.retention.explanations import Explained
from api.retention.journal_text_periods import JudgedTexts
from api.web.http.api_routes import IdText, guarded
from api.web.http.language import Reader, reader_of
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.words.explanation_words import explain
from archive.catalog.access.grants import ReadGrant
from archive.ids import ConversationId, RecordingId
from retention.decisions.bounds import Bound
from retention.decisions.decision import Outcome
from retention.decisions.recording_judgement import Judged, Judgement
from retention.rules.deadline import FOREVER

_SEEN: Final = documented(401, 403, 404, 410, 422, 429, 503)

router = APIRouter(tags=["retention"])


class BoundView(BaseModel):
    """A moment (null: it has no end), its last day in `zone`, and the rules that make it."""

    at: datetime | None
    last_day: date | None
    rules: list[str]

    @classmethod
    def show(cls, bound: Bound, judgement: Judgement) -> Self:
        """A bound by the recording's calendar."""
        at = None if bound.at == FOREVER else bound.at
        return cls(at=at, last_day=judgement.last_day(bound.at), rules=list(bound.rules))


class RetainedView(BaseModel):
    """What becomes of one kind of thing of a recording, in sentences and in values.

    `floor`: it must be kept until then; `ceiling`: it must go from then on; null: no rule says so.
    `due_at` is when it goes if nothing changes, null where nothing says when. `purposes` are those
    that a restricted one is left for, also where a hold or a case keeps it. `changes` say what
    would make it otherwise.
    """

    outcome: Outcome
    due_at: datetime | None
    kept: str
    because: list[str]
    changes: list[str]
    floor: BoundView | None
    ceiling: BoundView | None
    purposes: list[str]

    @classmethod
    def show(cls, judgement: Judgement, judged: Judged, reader: Reader) -> Self:
        """It in the language of who reads."""
        made, told = judged.bounds, explain(judgement, judged, reader.words, reader.language)
        return cls(
            outcome=judged.decision.outcome,
            due_at=None if made.due_at == FOREVER else made.due_at,
            kept=told.kept,
            because=list(told.because),
            changes=list(told.changes),
            floor=BoundView.show(made.floor, judgement) if made.floor else None,
            ceiling=BoundView.show(made.ceiling, judgement) if made.ceiling else None,
            purposes=sorted(judged.decision.purposes),
        )


class RetainedTextsView(BaseModel):
    """Texts of the journal about a recording or its call: how many, and what becomes of the last.

    `revision` judges that one, as `judged_by` says in a sentence; days are `zone`'s.
    """

    count: int
    revision: int
    zone: str
    judged_by: str
    last: RetainedView

    @classmethod
    def show(cls, texts: JudgedTexts, reader: Reader) -> Self:
        """Them in the language of who reads."""
        judgement = texts.judgement
        told = explain(judgement, texts.last, reader.words, reader.language)
        return cls(
            count=texts.count,
            revision=judgement.revision.number,
            zone=judgement.calendar.zone.key,
            judged_by=told.revision,
            last=RetainedView.show(judgement, texts.last, reader),
        )


class RetentionView(BaseModel):
    """Why a recording is kept: `revision` judges it (0: the policy as shipped), days are `zone`'s.

    `judged_by` says the same as a sentence. `texts`: those of the journal; null: there are none.
    """

    recording: str
    conversation: str
    revision: int
    zone: str
    judged_by: str
    audio: RetainedView
    metadata: RetainedView
    texts: RetainedTextsView | None

    @classmethod
    def show(cls, explained: Explained, reader: Reader) -> Self:
        """A judgement in the language of who reads."""
        judgement, texts = explained.judgement, explained.texts
        told = explain(judgement, judgement.audio, reader.words, reader.language)
        return cls(
            recording=str(judgement.found.recording),
            conversation=str(judgement.found.call),
            revision=judgement.revision.number,
            zone=judgement.calendar.zone.key,
            judged_by=told.revision,
            audio=RetainedView.show(judgement, judgement.audio, reader),
            metadata=RetainedView.show(judgement, judgement.metadata, reader),
            texts=RetainedTextsView.show(texts, reader) if texts else None,
        )


class CallRetentionView(BaseModel):
    """Why each recording of a call is kept, oldest first."""

    conversation: str
    recordings: list[RetentionView]


@router.get("/recordings/{recording}/retention", responses=_SEEN, openapi_extra=guarded(ReadGrant))
async def recording_retention(
    recording: IdText, actor: CurrentActor, application: CurrentApplication, request: Request
) -> RetentionView:
    """Until when one recording is kept, by which rule of which revision, and why."""
    (found,) = await application.retention.explain(actor, RecordingId.parse(recording))
    return RetentionView.show(found, reader_of(request))


@router.get("/calls/{conversation}/retention", responses=_SEEN, openapi_extra=guarded(ReadGrant))
async def call_retention(
    conversation: IdText, actor: CurrentActor, application: CurrentApplication, request: Request
) -> CallRetentionView:
    """Until when each recording of a call is kept, by which rule of which revision, and why."""
    found = await application.retention.explain(actor, ConversationId.parse(conversation))
    reader = reader_of(request)
    return CallRetentionView(
        conversation=conversation,
        recordings=[RetentionView.show(each, reader) for each in found],
    )
