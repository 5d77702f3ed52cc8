"""What stands above the rules of a retention policy over recordings: legal holds, cases' measures.

The one way to it: `explain`, a simulation and the sweep ask here alike. Knows nothing of rules, nor
of what time it is.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from archive.catalog.holds.measures import measured_recordings, measures_of
from archive.catalog.register.legal_holds import Over, held_recordings, holds_over
from archive.ids import RecordingId
from archive.lifecycle.measures import ERASING, MeasureKind, TakenMeasure
from archive.moments import moment
from retention.decisions.decision import Erasure, Hold, Standing


def standing_of(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> Mapping[RecordingId, Standing]:
    """What stands over each; over those that are missing, nothing."""
    held: defaultdict[RecordingId, list[Hold]] = defaultdict(list)
    for each in holds_over(connection, tenant, recordings):
        held[each.recording].append(_hold(each))
    measures = measures_of(connection, tenant, recordings)
    return {
        own: _standing(held.get(own, ()), measures.get(own, ()))
        for own in dict.fromkeys((*held, *measures))
    }


def _standing(holds: Sequence[Hold], taken: Sequence[TakenMeasure]) -> Standing:
    def cases(kind: MeasureKind) -> frozenset[str]:
        return frozenset(each.measure.case for each in taken if each.measure.kind is kind)

    return Standing(
        holds=tuple(holds),
        freezes=cases(MeasureKind.FREEZE),
        suspensions=cases(MeasureKind.SUSPENSION),
        erasures=tuple(_erasure(each) for each in taken if each.measure.kind in ERASING),
    )


def _erasure(taken: TakenMeasure) -> Erasure:
    is_court = taken.measure.kind is MeasureKind.ERASURE_COURT
    return Erasure(taken.measure.case, "court" if is_court else "granted", moment(taken.taken_us))


def _hold(over: Over) -> Hold:
    until = None if over.until_us is None else moment(over.until_us)
    return Hold(str(over.number), over.matter, until)


def all_standing(connection: Connection, tenant: int) -> tuple[RecordingId, ...]:
    """Every recording over which something stands, or has stood: who groups leaves these out."""
    return (*held_recordings(connection, tenant), *measured_recordings(connection, tenant))
