"""Which recordings have a number of some sets of ranges, as bits.

Knows nothing of what the sets are for.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import BigInteger, ColumnElement, Connection, case, cast, func, or_, select

from archive.access.reach import NumberRange
from archive.catalog.access.reach import lies_in
from archive.catalog.retention.retained_values import WITHHELD
from archive.catalog.tables.catalog import leg_address

NumberSets = Sequence[frozenset[NumberRange]]
# A sum of bits is an integer of 64.
MAX_SETS: Final = 60


def held_by(
    connection: Connection, tenant: int, sets: NumberSets, rows: Sequence[int]
) -> Mapping[int, int]:
    """Of which sets these recordings have numbers, by their rows; those that have none are not."""
    if not sets:
        return {}
    assert len(sets) <= MAX_SETS, "more sets than bits"
    has = [_has_one(numbers) for numbers in sets]
    bits = [
        func.max(case((each, cast(1 << at, BigInteger)), else_=0)) for at, each in enumerate(has)
    ]
    wanted = (
        select(leg_address.c.recording, sum(bits[1:], start=bits[0]).label("sets"))
        .where(leg_address.c.tenant == tenant, leg_address.c.in_force == 1, or_(*has))
        .where(func.lower(leg_address.c.raw).not_in(sorted(WITHHELD)))
        .where(leg_address.c.recording.in_(rows))
        .group_by(leg_address.c.recording)
    )
    return {row.recording: row.sets for row in connection.execute(wanted)}


def _has_one(numbers: frozenset[NumberRange]) -> ColumnElement[bool]:
    columns = (leg_address.c.raw, leg_address.c.e164)
    return or_(*(lies_in(column, each) for each in numbers for column in columns))
