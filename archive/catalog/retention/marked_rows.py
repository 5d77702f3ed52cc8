"""Which recordings have numbers of some sets, as bytes: those of a recording by its row.

A byte of a value is asked faster than a table. Knows nothing of what the sets are for.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import chain
from typing import Any, Final

import numpy as np
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    LargeBinary,
    Select,
    Text,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    select,
)

from archive.access.reach import NumberRange
from archive.catalog.access.reach import lies_in
from archive.catalog.retention.numbers_held import MAX_SETS, NumberSets, held_by
from archive.catalog.retention.retained_values import WITHHELD
from archive.catalog.tables.catalog import leg_address, recording

_BITS: Final = 8
# Of a mark, in bytes.
_WIDTHS: Final = (1, 2, 4, 8)
_AT_ONCE: Final = 5_000
# As the conditions of partial indexes have them: a value that is bound would be none of theirs.
_IN_FORCE: Final = leg_address.c.in_force == literal_column("1")
_CORRECTED: Final = leg_address.c.in_force == literal_column("0")
_HAS_OTHER_FORM: Final = (
    leg_address.c.e164 != literal_column("''"),
    leg_address.c.e164 != leg_address.c.raw,
)


@dataclass(frozen=True, slots=True)
class MarkedRows:
    """Of each row `width` bytes, whose bits are the sets."""

    content: bytes
    width: int

    @property
    def choices(self) -> list[int]:
        """Every choice of sets that some recording has numbers of, and of no others."""
        marks = np.unique(np.frombuffer(self.content, f">u{self.width}")) if self.width else ()
        return sorted({int(each) for each in marks} - {0})

    @property
    def sets(self) -> ColumnElement[int]:
        """Of which sets a recording has numbers, for PostgreSQL."""
        if not self.width:
            return literal(0)
        content = bindparam(None, self.content, LargeBinary)
        first = cast(recording.c.row * self.width, Integer)
        octets = (cast(func.get_byte(content, first + at), BigInteger) for at in range(self.width))
        return reduce(lambda higher, octet: higher * (1 << _BITS) + octet, octets)

    def have(self, sets: int) -> ColumnElement[bool]:
        """Whether a recording has numbers of exactly these sets, for SQLite."""
        content = bindparam(None, self.content, LargeBinary)
        own = func.substr(content, recording.c.row * self.width + 1, self.width, type_=LargeBinary)
        return own == bindparam(None, sets.to_bytes(self.width), LargeBinary)


def marked_rows(connection: Connection, tenant: int, sets: NumberSets) -> MarkedRows:
    assert len(sets) <= MAX_SETS, "more sets than bits"
    if not sets:
        return MarkedRows(b"", 0)
    width = next(each for each in _WIDTHS if each * _BITS >= len(sets))
    last = connection.scalar(select(func.max(recording.c.row))) or 0
    marks = np.zeros(last + 1, f">u{width}")
    for at, numbers in enumerate(sets):
        for wanted in chain.from_iterable(_with_number(tenant, each) for each in numbers):
            # As one text: millions of rows would each become an object.
            rows = np.fromstring(connection.scalar(wanted) or "", np.int64, sep=",")
            marks[rows] |= 1 << at
    for row, held in _corrected(connection, tenant, sets):
        marks[row] = held
    return MarkedRows(marks.tobytes(), width)


def _with_number(tenant: int, numbers: NumberRange) -> Iterator[Select[Any]]:
    """Recordings that have or had one in a range, as it came; then those by its E.164 alone."""
    joined = func.aggregate_strings(cast(leg_address.c.recording, Text), ",")
    of_tenant = select(joined).where(leg_address.c.tenant == tenant)
    # What a range has begins with a digit or a plus: it is told.
    yield of_tenant.where(lies_in(leg_address.c.raw, numbers))
    is_told = func.lower(leg_address.c.raw).not_in(sorted(WITHHELD))
    yield of_tenant.where(
        _IN_FORCE, *_HAS_OTHER_FORM, lies_in(leg_address.c.e164, numbers), is_told
    )


def _corrected(connection: Connection, tenant: int, sets: NumberSets) -> Iterator[tuple[int, int]]:
    """Recordings with numbers that are in force no more, and their sets by those that are."""
    wanted = (
        select(leg_address.c.recording).where(leg_address.c.tenant == tenant, _CORRECTED).distinct()
    )
    for rows in connection.scalars(wanted).partitions(_AT_ONCE):
        held = held_by(connection, tenant, sets, rows)
        yield from ((row, held.get(row, 0)) for row in rows)
