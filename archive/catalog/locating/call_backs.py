"""Who was called back, and whom a change reaches: the same outside number within four days.

Inferred, and never merged. Knows nothing of ids that join calls.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from archive.catalog.database.portions import portions
from archive.catalog.locating.column_rows import numbers_of
from archive.catalog.locating.recording_facts import Facts, RecordingFacts
from archive.catalog.tables.catalog import leg_address, recording
from archive.locate.inferred_links import CALL_BACK_US, names_a_party


@dataclass(slots=True)
class CallBacks:
    """All outbound calls first, then those that came in; `rows` are the calls of both kinds."""

    rows: set[int] = field(default_factory=set)
    _went: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def add_all(self, every: Collection[RecordingFacts]) -> None:
        """Both in their order."""
        self.add_outbound(every)
        self.add_inbound(every)

    def add_outbound(self, every: Iterable[RecordingFacts]) -> None:
        """Calls that may be call-backs; others are passed over."""
        for one in every:
            if one.own.direction == "outbound":
                for number in _telling(one):
                    self._went.setdefault(number, []).append((one.own.started_us, one.own.row))

    def add_inbound(self, every: Iterable[RecordingFacts]) -> None:
        """Calls that may have been answered so; others are passed over."""
        for one in every:
            if one.own.direction == "inbound":
                for number in _telling(one):
                    self._match(one, self._went.get(number, ()))

    def _match(self, one: RecordingFacts, went: Iterable[tuple[int, int]]) -> None:
        for at_us, row in went:
            if 0 <= at_us - one.own.started_us <= CALL_BACK_US:
                self.rows |= {one.own.row, row}


def _telling(one: RecordingFacts) -> Iterator[str]:
    return (number for number in numbers_of(one) if names_a_party(number))


def near_by_number(connection: Connection, tenant: int, facts: Facts) -> set[int]:
    """Recordings with the same outside number within four days of any of these."""
    began: defaultdict[str, list[int]] = defaultdict(list)
    for one in facts.values():
        for number in _telling(one):
            began[number].append(one.own.started_us)
    found: set[int] = set()
    at = leg_address.c
    for some in portions(sorted(began)):
        starts = [each for number in some for each in began[number]]
        wanted = select(at.recording, at.reversed_digits, at.started_us).where(
            at.tenant == tenant,
            at.reversed_digits.in_(some),
            at.started_us.between(min(starts) - CALL_BACK_US, max(starts) + CALL_BACK_US),
        )
        for row, number, at_us in connection.execute(wanted):
            if any(abs(at_us - each) <= CALL_BACK_US for each in began[number]):
                found.add(row)
    return found


def in_same_conversations(
    connection: Connection, tenant: int, conversations: Collection[int]
) -> set[int]:
    """All recordings of these."""
    return {
        row
        for some in portions(sorted(conversations))
        for row in connection.scalars(
            select(recording.c.row).where(
                recording.c.tenant == tenant, recording.c.conversation.in_(some)
            )
        )
    }
