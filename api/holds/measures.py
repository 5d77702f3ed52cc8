"""Measures of cases: recordings frozen, suspended or erased, and each of that lifted again.

What protects takes one person at once; what takes away or lifts a protection is proposed, and
another person approves it. Knows nothing of the web, nor of how a measure decides.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Annotated, Final

from msgspec import Meta, Struct
from sqlalchemy import Connection

from api.access.approvals import Approvals, ApprovalWord, Want, word_for
from api.access.authorization import Door
from api.access.use_case import EntryPlace, UseCase, any_of, use_case
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded, NotFound
from api.permissions.verbs import Verb
from api.words.proposal_summaries import SummaryLine, kept, plain
from api.words.texts import said
from archive.access.approvals import Kind, digest_of
from archive.catalog.access.grants import Access, Target
from archive.catalog.access.served_recordings import meant_by
from archive.catalog.database.engine import read, write
from archive.catalog.destruction.planned_recordings import under_way_among
from archive.catalog.holds.measures import (
    MeasureAct,
    StoredMeasure,
    have_measure,
    lift_measure,
    measures_of_case,
    take_measure,
)
from archive.catalog.journal.authors import Author
from archive.catalog.tables.tenants import tenant_row
from archive.ids import RecordingId
from archive.lifecycle.measures import Measure, MeasureKind
from retention.decisions.run_stages import Stage

_MAX_CASE: Final = 64
CaseName = Annotated[str, Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,63}$")]


class Lift(Struct, frozen=True, kw_only=True):
    """A measure of a case (docs/restriction.md)."""

    target: Target
    kind: MeasureKind
    case: Annotated[str, Meta(max_length=_MAX_CASE)]


class Take(Lift, frozen=True, kw_only=True):
    """A measure to be taken; of a whole conversation a freeze alone may be.

    A freeze needs `measures:freeze` alone and no other person; all else `measures:take`.
    """

    whole_conversation: bool = False


_Step = Callable[[Connection, Author, MeasureAct], tuple[RecordingId, ...]]
_MEANT: Final = said("{target}: {count} recordings")
_SUMMARIES: Final = {
    (Kind.TAKE_MEASURE, MeasureKind.FREEZE): said("freeze for case {case}"),
    (Kind.TAKE_MEASURE, MeasureKind.SUSPENSION): said("suspend the use for case {case}"),
    (Kind.TAKE_MEASURE, MeasureKind.ERASURE_GRANTED): said("erase, as granted in case {case}"),
    (Kind.TAKE_MEASURE, MeasureKind.ERASURE_COURT): said("erase, as ordered in case {case}"),
    (Kind.LIFT_MEASURE, MeasureKind.FREEZE): said("lift the freeze of case {case}"),
    (Kind.LIFT_MEASURE, MeasureKind.SUSPENSION): said("lift the suspension of case {case}"),
    (Kind.LIFT_MEASURE, MeasureKind.ERASURE_GRANTED): said(
        "take the granted erasure of case {case} back"
    ),
    (Kind.LIFT_MEASURE, MeasureKind.ERASURE_COURT): said(
        "take the ordered erasure of case {case} back"
    ),
}
_STEPS: Final[dict[Kind, _Step]] = {
    Kind.TAKE_MEASURE: take_measure,
    Kind.LIFT_MEASURE: lift_measure,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What was done to which recordings; none where it was so already.

    `going`: those whose destruction had begun; the measure is in force on what of them is still
    there afterwards. `too_late`: their keys were gone, and nothing was done.
    """

    measure: Measure
    changed: tuple[RecordingId, ...]
    going: tuple[RecordingId, ...] = ()
    too_late: tuple[RecordingId, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseMeasures:
    """The acts; each raises `Refused`, `NotFound`, and `ApprovalNeeded` where it takes two."""

    door: Door
    approvals: Approvals

    async def take(self, actor: Actor, target: Target, measure: Measure) -> Measured:
        """Put it in force on a call's recordings, or on one."""
        is_freeze = measure.kind is MeasureKind.FREEZE
        verb = Verb.FREEZE if is_freeze else Verb.MEASURE
        access = await self.door.access(actor, TAKE.of(verb))
        return await self._do(_Wanted(actor, access, Kind.TAKE_MEASURE, target, measure))

    async def lift(self, actor: Actor, target: Target, measure: Measure) -> Measured:
        """End it."""
        access = await self.door.access(actor, LIFT)
        return await self._do(_Wanted(actor, access, Kind.LIFT_MEASURE, target, measure))

    async def listed(
        self, actor: Actor, case: CaseName, behind: EntryPlace = 0
    ) -> tuple[StoredMeasure, ...]:
        """What a case has done to recordings within reach, also what was lifted since."""
        access = await self.door.access(actor, LIST)
        return await read(
            self.door.engine,
            lambda c: measures_of_case(
                c, tenant_row(c, access.tenant), case, access.within, behind
            ),
        )

    async def _do(self, wanted: "_Wanted") -> Measured:
        done = await write(self.door.engine, wanted.done)
        if isinstance(done, Measured):
            return done
        known = await self.approvals.propose(
            wanted.actor, done.kind, done.digest, done.summary, done.about
        )
        raise ApprovalNeeded(known.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Meant:
    """The recordings that a target means: which are `there`, of these `going`; and which not."""

    there: tuple[RecordingId, ...]
    going: tuple[RecordingId, ...]
    too_late: tuple[RecordingId, ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A measure that somebody wants taken or lifted."""

    actor: Actor
    access: Access
    kind: Kind
    target: Target
    measure: Measure

    def done(self, connection: Connection) -> Measured | Want:
        """It; where nobody has proposed what takes two, what is to be proposed.

        Raises `NotFound`, `ApprovalNeeded`.
        """
        meant = self._meant(connection)
        act = MeasureAct(measure=self.measure, target=self.target, recordings=meant.there)
        if not self._changes(connection, act):
            return self._measured((), meant)
        author = Author(access=self.access, user=self.actor.account.user)
        word = ApprovalWord.ENOUGH
        if self._takes_two:
            want = self._want(act)
            word = word_for(connection, author, self.actor, want)
            if word is ApprovalWord.MISSING:
                return want
        own = replace(act, one_person=word is ApprovalWord.OF_ONE_PERSON)
        return self._measured(_STEPS[self.kind](connection, author, own), meant)

    def _measured(self, changed: tuple[RecordingId, ...], meant: "_Meant") -> Measured:
        return Measured(
            measure=self.measure, changed=changed, going=meant.going, too_late=meant.too_late
        )

    @property
    def _takes_two(self) -> bool:
        """All but what protects."""
        is_freeze = self.measure.kind is MeasureKind.FREEZE
        return not (is_freeze and self.kind is Kind.TAKE_MEASURE)

    def _meant(self, connection: Connection) -> "_Meant":
        """What lies within reach, whatever its limits; also what is about to go.

        Its run may still let it fall back, and then nobody would come with the measure again.
        """
        access = self.access
        row = tenant_row(connection, access.tenant)
        meant = meant_by(connection, access.tenant, access.within, self.target)
        served = tuple(each.recording for each in meant if each.is_served)
        begun = under_way_among(connection, row, [each.recording for each in meant])
        going = tuple(own for own, stage in begun.items() if stage == Stage.INTENDED)
        if not served and not begun:
            raise NotFound("no such call or recording")
        late = tuple(own for own in begun if own not in going)
        return _Meant(there=served + going, going=going, too_late=late)

    def _changes(self, connection: Connection, act: MeasureAct) -> bool:
        """Whether anything is not so already."""
        row = tenant_row(connection, self.access.tenant)
        there = set(have_measure(connection, row, act).values())
        if self.kind is Kind.LIFT_MEASURE:
            return bool(there)
        return not there.issuperset(act.recordings)

    def _want(self, act: MeasureAct) -> Want:
        own = [str(each) for each in act.recordings]
        content = {
            "measure": self.measure.kind.value,
            "case": self.measure.case,
            "recordings": own,
        }
        return Want(
            kind=self.kind,
            digest=digest_of(self.kind, content),
            summary=kept(
                SummaryLine(_SUMMARIES[self.kind, self.measure.kind], {"case": self.measure.case}),
                SummaryLine(_MEANT, {"target": str(self.target), "count": len(own)}),
                plain(" ".join(own)),
            ),
            about=act.recordings,
        )


LIST: Final = use_case(CaseMeasures.listed, Verb.FREEZE, name="measures_of_case")
TAKE: Final = UseCase(
    name="take",
    about="Freeze, suspend or erase recordings for a case.",
    by=CaseMeasures,
    asks=Take,
    run=lambda measures, actor, asked: measures.take(
        actor,
        asked.target,
        Measure(kind=asked.kind, case=asked.case, whole_conversation=asked.whole_conversation),
    ),
    needs=any_of(Verb.FREEZE, at_times=(Verb.MEASURE,)),
    writes=("measure_taken", "carried_out"),
    refuses=(NotFound, ApprovalNeeded),
)
LIFT: Final = UseCase(
    name="lift",
    about="End a measure of a case on recordings.",
    by=CaseMeasures,
    asks=Lift,
    run=lambda measures, actor, asked: measures.lift(
        actor, asked.target, Measure(kind=asked.kind, case=asked.case)
    ),
    needs=any_of(Verb.MEASURE),
    writes=("measure_lifted", "carried_out"),
    refuses=(NotFound, ApprovalNeeded),
)
