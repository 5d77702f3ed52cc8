"""Which recordings say something of others: those of one conversation, those with one number.

Knows nothing of what they say.
"""

from collections import defaultdict
from collections.abc import Collection

from sqlalchemy import Connection, select

from archive.catalog.database.portions import portions
from archive.catalog.locating.column_rows import numbers_of
from archive.catalog.locating.recording_facts import Facts
from archive.catalog.tables.catalog import leg_address, recording
from archive.locate.inferred_links import CALL_BACK_US, names_a_party


def near_by_number(connection: Connection, tenant: int, facts: Facts) -> set[int]:
    """Recordings with the same outside number within four days of any of these."""
    began: defaultdict[str, list[int]] = defaultdict(list)
    for one in facts.values():
        for number in filter(names_a_party, numbers_of(one)):
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
    return {
        row
        for some in portions(sorted(conversations))
        for row in connection.scalars(
            select(recording.c.row).where(
                recording.c.tenant == tenant, recording.c.conversation.in_(some)
            )
        )
    }
