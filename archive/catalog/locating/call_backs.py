"""Who was called back, and whom a change reaches: the same outside number within four days.

Inferred, and never merged. Knows nothing of ids that join calls.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from sqlalchemy import Connection, select

from archive.catalog.database.portions import portions
from archive.catalog.locating.column_rows import numbers_of
from archive.catalog.locating.recording_facts import Facts, RecordingFacts
from archive.catalog.tables.catalog import leg_address, recording

CALL_BACK_US: Final = 4 * 86_400 * 1_000_000
# Fewer digits are an extension, or name nobody.
_LEAST_DIGITS: Final = 6
_TURNS: Final = ("inbound", "outbound")


def called_back(every: Iterable[RecordingFacts]) -> frozenset[int]:
    """Outbound calls to who had called in within four days, and those calls."""
    by_number: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for one in every:
        if one.own.direction in _TURNS:
            for number in numbers_of(one):
                if len(number) >= _LEAST_DIGITS:
                    by_number[number].append((one.own.started_us, one.own.row, one.own.direction))
    return frozenset(row for calls in by_number.values() for row in _answered(sorted(calls)))


def _answered(calls: list[tuple[int, int, str]]) -> Iterable[int]:
    """Of one number: an inbound call behind which there is an outbound one, and the other way."""
    if len({direction for _, _, direction in calls}) < len(_TURNS):
        return
    came_us, went_us = None, None
    for at_us, row, direction in calls:
        if direction == "inbound":
            came_us = at_us
        elif came_us is not None and at_us - came_us <= CALL_BACK_US:
            yield row
    for at_us, row, direction in reversed(calls):
        if direction == "outbound":
            went_us = at_us
        elif went_us is not None and went_us - at_us <= CALL_BACK_US:
            yield row


def near_by_number(connection: Connection, tenant: int, facts: Facts) -> set[int]:
    """Recordings with the same outside number within four days of any of these."""
    began: defaultdict[str, list[int]] = defaultdict(list)
    for one in facts.values():
        for number in numbers_of(one):
            if len(number) >= _LEAST_DIGITS:
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
