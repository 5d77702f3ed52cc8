"""What must go, out of a whole archive: kinds are judged, and only what is due is read.

What has been due the longest comes first, so that who needs so many reads no more. Each verdict is
that of the one judgement: by kind, numbers and day, or by itself where something stands above
rules. Knows nothing of plans.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from heapq import merge, nsmallest
from itertools import combinations
from typing import Final

from sqlalchemy import Connection

from api.simulations.archive_groups import apart_rows, judged_pieces, number_sets_of
from api.simulations.judged_pieces import JudgedPieces, Span
from api.simulations.simulation import Supposition
from archive.catalog.register.kept_facts import rows_of_facts
from archive.catalog.retention.numbers_held import held_by
from archive.catalog.retention.retained import retained_at
from archive.catalog.retention.retained_groups import EndedRecording, ended_between
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId
from archive.lifecycle.recording_values import RetainedRecording
from retention.decisions.bounds import Winning
from retention.decisions.destruction_plan import MAX_PLANNED
from retention.decisions.due import Grounds
from retention.decisions.recording_judgement import judge_all
from retention.runner.judgement.page_verdicts import due_pages
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.recording_verdicts import Verdict, all_verdicts, verdicts_of

# Every choice of so many sets of numbers is tried; where policies name more, each is judged.
_MAX_SETS: Final = 4
_AT_ONCE: Final = 500
_DAY_US: Final = 86_400_000_000
# Of pages of the ledger: as many as a plan has, beside one that has as many and is not ended yet.
_MOST_PAGES: Final = 2 * MAX_PLANNED
# So many rows are wanted at once, by more days or by fewer: each time every class is looked for.
_FEW, _MANY, _BY = 5_000, 20_000, 4

# Before the verdict: what a case orders, since when it is due, and the id, of which there is one.
_Ranked = tuple[bool, datetime, bytes, Verdict]


@dataclass(frozen=True, slots=True)
class _Found:
    """A verdict, and which rules make it so."""

    verdict: Verdict
    by: tuple[int, Winning, Winning]

    @property
    def told(self) -> object:
        """What is the same of everything in a piece of time."""
        return self.verdict.says, self.by


def must_go(verdict: Verdict) -> bool:
    """Whether the time of a recording is over, of its audio alone, or of what outlived that."""
    return isinstance(verdict.says, Grounds)


def due_recordings(connection: Connection, tenant: TenantId, now_us: int) -> Iterator[Verdict]:
    """Every recording, and page of the ledger, that must go; the longest due comes first."""
    history = PolicyHistory.read(connection, tenant, now_us)
    what = Supposition(policy=history.in_force.policy, revisions=history.revisions, now=history.now)
    row = tenant_row(connection, tenant)
    pages = nsmallest(_MOST_PAGES, map(_ranked, due_pages(connection, tenant, now_us)))
    judged = judged_pieces(connection, row, what, judge_found, lambda found: found.told)
    if len(judged.kinds.sets) > _MAX_SETS:
        every = filter(must_go, all_verdicts(connection, tenant, now_us))
        return _in_order([sorted(map(_ranked, every)), pages])
    # The kind of a recording says when its audio goes: what outlived that is judged by itself.
    apart = sorted({*apart_rows(connection, row, what), *rows_of_facts(connection, row)})
    due = _Due(connection, row, judged, frozenset(apart))
    return _in_order([_one_by_one(connection, tenant, apart, now_us), pages, *due.streams()])


def _ranked(verdict: Verdict) -> _Ranked:
    """What a case orders comes first: it waits for nothing."""
    return not verdict.is_ordered, verdict.due_at, verdict.recording.raw, verdict


def _in_order(streams: Iterable[Iterable[_Ranked]]) -> Iterator[Verdict]:
    """Each stream is in order; so is what comes."""
    return (verdict for *_, verdict in merge(*streams))


def judge_found(what: Supposition, found: RetainedRecording) -> _Found:
    (judged,) = judge_all([found], what.revisions, what.now, {})
    by = (judged.revision.number, judged.audio.bounds.winning, judged.metadata.bounds.winning)
    return _Found(Verdict.of(judged), by)


def _one_by_one(
    connection: Connection, tenant: TenantId, rows: Sequence[int], now_us: int
) -> list[_Ranked]:
    """Of these rows those that must go."""
    found: list[Verdict] = []
    for at in range(0, len(rows), _AT_ONCE):
        own = retained_at(connection, tenant_row(connection, tenant), rows[at : at + _AT_ONCE])
        found += filter(must_go, verdicts_of(connection, tenant, own, now_us).values())
    return sorted(map(_ranked, found))


@dataclass(frozen=True)
class _Due:
    """What is due of each kind; `apart` are the rows that are judged by themselves."""

    connection: Connection
    tenant: int
    judged: JudgedPieces[_Found]
    apart: frozenset[int]

    def streams(self) -> Iterator[Iterator[_Ranked]]:
        """One for each piece of time in which a kind, with numbers of some sets, is due."""
        for kind in range(len(self.judged.kinds.found)):
            for sets in self._choices:
                for span in self.judged.spans(kind, sets):
                    if must_go(span.found.verdict):
                        yield self._stream(kind, sets, span)

    @cached_property
    def _choices(self) -> list[int]:
        bits = [1 << at for at in range(len(self.judged.kinds.sets))]
        return [sum(some) for n in range(len(bits) + 1) for some in combinations(bits, n)]

    @cached_property
    def _classes(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for own, kind in self.judged.kinds.by_class.items():
            found.setdefault(kind, []).append(own)
        return found

    def _stream(self, kind: int, sets: int, span: Span[_Found]) -> Iterator[_Ranked]:
        """In the order in which they ended: within a piece that is the order of being due."""
        from_us, days = span.from_us, 1
        until_us = min(span.until_us, self.judged.course.end_us)
        of_kind = self._classes.get(kind, [])
        while from_us < until_us:
            next_us = min(from_us + days * _DAY_US, until_us)
            rows = list(
                ended_between(self.connection, self.tenant, of_kind, range(from_us, next_us))
            )
            yield from sorted(self._verdicts(kind, sets, rows))
            from_us, days = next_us, _days_for(days, len(rows))

    def _verdicts(self, kind: int, sets: int, rows: list[EndedRecording]) -> Iterator[_Ranked]:
        numbers = number_sets_of(self.judged.kinds)
        held = held_by(self.connection, self.tenant, numbers, [each.row for each in rows])
        for each in rows:
            if each.row not in self.apart and held.get(each.row, 0) == sets:
                as_kind = self.judged.on_its_day(kind, sets, each.ended_us).verdict
                yield _ranked(
                    Verdict(
                        recording=each.recording,
                        started_us=each.started_us,
                        says=as_kind.says,
                        own=as_kind.own,
                        metadata=as_kind.metadata,
                        size_bytes=each.size_bytes,
                        limits=as_kind.limits,
                    )
                )


def _days_for(days: int, rows: int) -> int:
    """How many days to read at once, after so many rows of so many days."""
    if rows < _FEW:
        return days * _BY
    return max(1, days // _BY) if rows > _MANY else days
