"""A simulation of a whole archive: recordings that are alike are judged once and counted together.

What cannot be judged by its kind alone is judged one by one: where something stands above rules,
and where a minimum is for whole conversations. The sums are those of judging each. Knows nothing of
jobs or of who asks.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.simulations.archive_groups import apart_rows, grouping_of, judged_pieces
from api.simulations.judged_pieces import JudgedPieces
from api.simulations.simulation import Simulated, Simulation, Sum, Supposition
from archive.catalog.register.kept_facts import rows_of_facts
from archive.catalog.retention.retained import count_retained, retained_at, retained_of
from archive.catalog.retention.retained_counts import CountGroup, counted, one_by_one
from archive.lifecycle.recording_values import RetainedRecording
from retention.runner.judgement.protections import standing_of

# Recordings that are judged one by one are read so many at once.
_AT_ONCE: Final = 500

Step = Callable[[int, int], None]


def simulate_archive(
    connection: Connection, tenant: int, what: Supposition, step: Step
) -> Simulation:
    """What becomes of every recording of a tenant; `step` is told how many of how many.

    Of one whose audio is gone nothing becomes: it is none, and only the end of its facts counts.
    """
    what = what.with_facts
    gone = frozenset(rows_of_facts(connection, tenant))
    total, sums = count_retained(connection, tenant) - len(gone), Simulation()
    step(0, total)
    singled = frozenset(apart_rows(connection, tenant, what))
    alone, rest = sorted(singled - gone), sorted(gone - singled)
    if len(alone) < total or rest:
        judged = judged_pieces(connection, tenant, what, _simulated, lambda each: each.decided)
        adding = _Adding(judged, sums, lambda done: step(done, total))
        _add_groups(connection, tenant, adding, sorted(gone | singled))
        _add_facts(connection, tenant, adding, rest)
    for simulated in _one_by_one(connection, tenant, what, alone):
        sums.add_all(simulated)
        step(sums.whole.recordings, total)
    for simulated in _one_by_one(connection, tenant, what, sorted(gone & singled)):
        for each in simulated:
            sums.facts.add(each.facts_left, 1)
    return sums


@dataclass(frozen=True, slots=True)
class _Adding:
    """Adds groups up as each is judged, and says how far it is."""

    judged: JudgedPieces[Simulated]
    sums: Simulation
    step: Callable[[int], None]

    def add(self, each: CountGroup, own: Sum) -> None:
        """So many of a group."""
        self.sums.add(self.judged.of(each.kind, each.sets, each.ended_us), own)
        self.step(self.sums.whole.recordings)


def _add_groups(connection: Connection, tenant: int, adding: _Adding, apart: list[int]) -> None:
    """All; less what is judged one by one, in another place."""
    grouping = grouping_of(tenant, adding.judged)
    for each in counted(connection, grouping):
        adding.add(each, _sum(each))
    for each in one_by_one(connection, grouping, apart):
        adding.add(each, -_sum(each))


def _add_facts(connection: Connection, tenant: int, adding: _Adding, rows: list[int]) -> None:
    """The end of the facts of these, whose audio is gone."""
    for each in one_by_one(connection, grouping_of(tenant, adding.judged), rows):
        found = adding.judged.of(each.kind, each.sets, each.ended_us)
        adding.sums.facts.add(found.facts_left, each.recordings)


def _sum(group: CountGroup) -> Sum:
    return Sum(group.recordings, group.size_bytes)


def _simulated(what: Supposition, found: RetainedRecording) -> Simulated:
    (simulated,) = what.of([found], {})
    return simulated


def _one_by_one(
    connection: Connection, tenant: int, what: Supposition, rows: Sequence[int]
) -> Iterator[Iterator[Simulated]]:
    """Some at a time."""
    for at in range(0, len(rows), _AT_ONCE):
        own = retained_at(connection, tenant, rows[at : at + _AT_ONCE])
        found = retained_of(connection, tenant, own)
        standing = standing_of(connection, tenant, own)
        wanted = set(own)
        yield (each for each in what.of(found, standing) if each.found.recording in wanted)
