"""A call that may be meant, as it is answered: how well each clue fits it, and what is left of it.

Knows nothing of how candidates come about, nor of who may see which.
"""

from collections.abc import Mapping
from datetime import datetime, tzinfo
from typing import Final, Literal, Self

from pydantic import BaseModel

from api.locate.question import Located, LocatedCall
from api.web.http.language import Reader
from api.web.http.models import FoundView, RecordingView
from api.web.http.times import shown
from api.words.values import words_of
from api.words.verdict_words import verdict_told
from archive.call.refusal_reasons import Fate
from archive.catalog.search.ledger import LedgerRow
from archive.lifecycle.intention import Scope
from archive.lifecycle.tombstone import FoundTombstone
from archive.locate.answer.bursts import Burst
from archive.locate.answer.confirmed import of_another
from archive.locate.answer.facts import State
from archive.locate.answer.verdict import Outcome, Verdict

# No enumeration of its own name: what retention decides is an outcome, too.
Fit = Literal["match", "near", "conflict", "unknown"]
_FITS: Final[Mapping[Outcome, Fit]] = {
    Outcome.MATCH: "match",
    Outcome.NEAR: "near",
    Outcome.CONFLICT: "conflict",
    Outcome.UNKNOWN: "unknown",
}


class VerdictView(BaseModel):
    """Whether a clue fits what is stored of the call, and why, in words.

    `weight` is its part of the score; of a call without a recording it is not known, and null.
    """

    kind: str
    verdict: Fit
    words: str
    weight: float | None

    @classmethod
    def show(cls, kind: str, verdict: Verdict, weight: float | None, reader: Reader) -> Self:
        """A verdict for its reader."""
        words = verdict_told(verdict, reader.words, reader.language)
        return cls(kind=kind, verdict=_FITS[verdict.outcome], words=words, weight=weight)


class PartyCallView(BaseModel):
    """Another call of the same party."""

    conversation: str
    started_at: datetime


class BurstView(BaseModel):
    """The nearest other calls of its party, oldest first, and how many more there are."""

    calls: list[PartyCallView]
    others: int

    @classmethod
    def show(cls, burst: Burst, zone: tzinfo) -> Self:
        """Them with their times in `zone`."""
        return cls(
            calls=[
                PartyCallView(
                    conversation=str(each.conversation), started_at=shown(each.begin_us, zone)
                )
                for each in burst.calls
            ],
            others=burst.others,
        )


class UnrecordedView(BaseModel):
    """A call without a recording, as the ledger has it; `words` are fate and reason."""

    at: datetime
    source: str
    fate: Fate
    reason: str
    words: str

    @classmethod
    def show(cls, row: LedgerRow, zone: tzinfo, reader: Reader) -> Self:
        """A row for its reader."""
        reason = row.answer.reason
        codes = (("fate", str(row.fate)), ("reason", reason))
        told = (_told(kind, code, reader) for kind, code in codes if code)
        return cls(
            at=shown(row.at_us, zone),
            source=row.source,
            fate=row.fate,
            reason=reason,
            words=": ".join(told),
        )


class DestroyedView(BaseModel):
    """A destroyed recording: the hour in which it began, and what went.

    `certificate` is the number of the plan by which it was destroyed, null where there was none.
    """

    hour_at: datetime | None
    certificate: int | None
    scope: Scope

    @classmethod
    def show(cls, left: FoundTombstone, zone: tzinfo) -> Self:
        """What is left of it, with its time in `zone`."""
        remains = left.remains
        return cls(
            hour_at=None if remains.hour_us is None else shown(remains.hour_us, zone),
            certificate=remains.plan or None,
            scope=remains.scope,
        )


class KeptView(BaseModel):
    """What is kept of a call.

    `calls` are its recordings, oldest first, `bursts` the other calls of its party within four
    days; where there is no recording, `unrecorded` or `destroyed` says why.
    """

    conversation: str | None
    calls: list[FoundView]
    bursts: BurstView | None
    unrecorded: UnrecordedView | None
    destroyed: DestroyedView | None


class CandidateView(KeptView):
    """A call that may be meant, and what is kept of it.

    `score` is how much likelier the clues make it (natural logarithm), `chance` that it is the one.
    `confirmed`: two things that few know fit, and no other call fits as well. `against` are the
    clues, by their places in `understood`, by which it is another person's call.
    """

    state: State
    score: float
    chance: float
    confirmed: bool
    against: list[int]
    verdicts: list[VerdictView]

    @classmethod
    def show(cls, call: LocatedCall, located: Located, zone: tzinfo, reader: Reader) -> Self:
        """One of an answer."""
        own, lost, left = call.recorded, call.unrecorded, call.destroyed
        clues = located.understood.clues
        return cls(
            conversation=None if own is None else str(own.conversation),
            state=call.state,
            score=call.score,
            chance=call.chance,
            confirmed=call.is_confirmed,
            against=[] if own is None else list(of_another(clues, call.verdicts)),
            verdicts=[
                VerdictView.show(clue.kind, each, weight, reader)
                for clue, each, weight in zip(
                    clues,
                    call.verdicts,
                    (None,) * len(call.verdicts) if own is None else own.weights,
                    strict=True,
                )
            ],
            calls=[
                FoundView(
                    **dict(RecordingView.show(each, zone)), limit=located.limits.get(each.recording)
                )
                for each in call.calls
            ],
            bursts=None if own is None else BurstView.show(own.burst, zone),
            unrecorded=None if lost is None else UnrecordedView.show(lost, zone, reader),
            destroyed=None if left is None else DestroyedView.show(left, zone),
        )


def _told(kind: str, code: str, reader: Reader) -> str:
    """A value of a later version has no words."""
    words = words_of(kind, code)
    return reader.words(reader.language, words) if words else code
