"""The register of measures: what cases have done to recordings, taken and lifted.

Each step with its entry in the journal, in the caller's transaction. Knows nothing of who may.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from archive.access.reach import Within
from archive.catalog.access.grants import Target
from archive.catalog.access.reach import within
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import ONE_RECORDING, Action, Detail, Entry, append
from archive.catalog.tables.catalog import case_measure, recording
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import RecordingId
from archive.lifecycle.measures import Measure, MeasureKind, TakenMeasure

MAX_PAGE: Final = 500
# As many ids as one statement takes.
_AT_ONCE: Final = 500
_KEPT: Final = recording.alias("kept")
_OTHER: Final = recording.alias("other")
_DONE: Final = case_measure.alias("done")
_IN_FORCE: Final = case_measure.c.lifted_us.is_(None)
_OWN: Final = select(case_measure).where(
    case_measure.c.tenant == bindparam("tenant"),
    case_measure.c.recording.in_(bindparam("own", expanding=True)),
    _IN_FORCE,
)
_FOR_ALL: Final = _OWN.where(case_measure.c.whole_conversation == 1)
# The others of each one's conversation. Asked by itself: joined to measures SQLite begins with
# every measure that there is.
_OTHERS: Final = (
    select(_KEPT.c.id.label("kept"), _OTHER.c.id.label("other"))
    .join_from(_KEPT, _OTHER, _OTHER.c.conversation == _KEPT.c.conversation)
    .where(
        _KEPT.c.tenant == bindparam("tenant"),
        _OTHER.c.tenant == bindparam("tenant"),
        _KEPT.c.id.in_(bindparam("own", expanding=True)),
        _OTHER.c.row != _KEPT.c.row,
    )
)
Measures = Mapping[RecordingId, tuple[TakenMeasure, ...]]


@dataclass(frozen=True, slots=True)
class StoredMeasure:
    """A measure with its place; `lifted_us` (µs UTC) is None while it is in force."""

    place: int
    taken: TakenMeasure
    lifted_us: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureAct:
    """A measure and what it is taken on, or lifted from: what was named, and what that means.

    `one_person`: one wanted what takes two.
    """

    measure: Measure
    target: Target
    recordings: tuple[RecordingId, ...]
    one_person: bool = False


def have_measure(connection: Connection, tenant: int, act: MeasureAct) -> Mapping[int, RecordingId]:
    """By their rows, those that have this measure in force, or more of it."""
    measure = act.measure
    found = connection.execute(
        select(case_measure.c.row, case_measure.c.recording).where(
            case_measure.c.tenant == tenant,
            case_measure.c.recording.in_([each.raw for each in act.recordings]),
            case_measure.c.kind == measure.kind.value,
            case_measure.c.case_id == measure.case,
            case_measure.c.whole_conversation >= int(measure.whole_conversation),
            _IN_FORCE,
        )
    )
    return {row.row: RecordingId(row.recording) for row in found}


def take_measure(
    connection: Connection, author: Author, act: MeasureAct
) -> tuple[RecordingId, ...]:
    """Put it in force on all that have it not yet, which are returned; () changes nothing."""
    tenant = ensure_tenant(connection, author.access.tenant)
    there = set(have_measure(connection, tenant, act).values())
    new = tuple(each for each in act.recordings if each not in there)
    if not new:
        return ()
    place = append(connection, _entry(author, "measure_taken", act, new))
    values = {
        "tenant": tenant,
        "kind": act.measure.kind.value,
        "case_id": act.measure.case,
        "whole_conversation": int(act.measure.whole_conversation),
        "taken_us": author.access.at_us,
        "author": author.access.actor,
        "one_person": int(act.one_person),
        "journal": place,
    }
    connection.execute(insert(case_measure), [{**values, "recording": each.raw} for each in new])
    return new


def lift_measure(
    connection: Connection, author: Author, act: MeasureAct
) -> tuple[RecordingId, ...]:
    """End it on all that have it, which are returned; () changes nothing."""
    tenant = ensure_tenant(connection, author.access.tenant)
    there = have_measure(connection, tenant, act)
    lifted = tuple(dict.fromkeys(there.values()))
    if not lifted:
        return ()
    place = append(connection, _entry(author, "measure_lifted", act, lifted))
    connection.execute(
        update(case_measure)
        .where(case_measure.c.tenant == tenant, case_measure.c.row.in_(list(there)))
        .values(lifted_us=author.access.at_us, lifted_journal=place)
    )
    return lifted


def measures_of(connection: Connection, tenant: int, recordings: Sequence[RecordingId]) -> Measures:
    """What is in force on each of these, oldest first; those that have nothing are not in it.

    A freeze of a whole conversation is on every recording that belongs to it now.
    """
    found: defaultdict[RecordingId, list[TakenMeasure]] = defaultdict(list)
    for first in range(0, len(recordings), _AT_ONCE):
        own = [each.raw for each in recordings[first : first + _AT_ONCE]]
        for row in connection.execute(_OWN, {"tenant": tenant, "own": own}):
            found[RecordingId(row.recording)].append(_taken(row))
        others = connection.execute(_OTHERS, {"tenant": tenant, "own": own}).all()
        for_all = _for_all(connection, tenant, sorted({row.other for row in others}))
        for row in others:
            if row.other in for_all:
                found[RecordingId(row.kept)] += for_all[row.other]
    return {own: tuple(each) for own, each in found.items()}


def _for_all(
    connection: Connection, tenant: int, others: Sequence[bytes]
) -> Mapping[bytes, list[TakenMeasure]]:
    found: defaultdict[bytes, list[TakenMeasure]] = defaultdict(list)
    for first in range(0, len(others), _AT_ONCE):
        some = others[first : first + _AT_ONCE]
        for row in connection.execute(_FOR_ALL, {"tenant": tenant, "own": some}):
            found[row.recording].append(_taken(row))
    return found


def measures_of_case(
    connection: Connection, tenant: int, case: str, allowed: Within, behind: int
) -> tuple[StoredMeasure, ...]:
    """A page of what a case has done to recordings within a reach, behind a place, oldest first.

    Also what was lifted since.
    """
    done = _DONE.c
    rows = connection.execute(
        select(_DONE)
        .join(recording, recording.c.id == done.recording)
        .where(
            done.tenant == tenant,
            done.case_id == case,
            done.row > behind,
            recording.c.tenant == tenant,
            *within(tenant, allowed),
        )
        .order_by(done.row)
        .limit(MAX_PAGE)
    )
    return tuple(StoredMeasure(row.row, _taken(row), row.lifted_us) for row in rows)


def measured_recordings(connection: Connection, tenant: int) -> tuple[RecordingId, ...]:
    """Every recording of a conversation in which a measure is in force: on all others none is."""
    wanted = (
        select(_KEPT.c.id)
        .join_from(_KEPT, _OTHER, _OTHER.c.conversation == _KEPT.c.conversation)
        .join(case_measure, case_measure.c.recording == _OTHER.c.id)
        .where(
            _KEPT.c.tenant == tenant,
            _OTHER.c.tenant == tenant,
            case_measure.c.tenant == tenant,
            _IN_FORCE,
        )
        .distinct()
    )
    return tuple(RecordingId(each) for each in connection.scalars(wanted))


def _entry(
    author: Author, action: Action, act: MeasureAct, changed: Sequence[RecordingId]
) -> Entry:
    told: dict[str, Detail] = {
        "kind": act.measure.kind.value,
        "case": act.measure.case,
        "recordings": [str(each) for each in changed],
    }
    if act.measure.whole_conversation:
        told["whole_conversation"] = 1
    if act.one_person:
        told["one_person"] = 1
    if isinstance(act.target, RecordingId):
        told |= ONE_RECORDING
    return author.entry(action, str(act.target), told)


def _taken(row: Row[tuple[object, ...]]) -> TakenMeasure:
    return TakenMeasure(
        measure=Measure(
            kind=MeasureKind(row.kind),
            case=row.case_id,
            whole_conversation=bool(row.whole_conversation),
        ),
        recording=RecordingId(row.recording),
        taken_us=row.taken_us,
        author=row.author,
        one_person=bool(row.one_person),
    )
