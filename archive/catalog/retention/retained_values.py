"""What of recordings a retention policy may ask, read from the rows of the index.

Values are folded. Knows no policy.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    select,
)

from archive.attributes import AttributeKind, Kept, kept_as
from archive.call.archived_recording import COMPLETE
from archive.call.direction import CORRECTION
from archive.call.event_values import is_guess
from archive.call.silent_sides import SIDE_MISSING
from archive.catalog.database.rarity import rare
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.tables.catalog import agent_period, leg, leg_address, mark, recording
from archive.catalog.tables.derived_forms import FORM
from archive.folded_names import fold_name
from archive.lifecycle.recording_values import ALL_UNKNOWN, Values

IndexRow = Row[tuple[object, ...]]

_KNOWN: Final = frozenset({COMPLETE, SIDE_MISSING, DESTROYED})
# How a number is written that must not be told (RFC 3323 section 4.1.1.3).
WITHHELD: Final = frozenset({"", "anonymous"})
_MARK_KINDS: Final = tuple(kind.value for kind in kept_as(Kept.MARK))
_TENANT: Final[BindParameter[int]] = bindparam("tenant")


def is_known(row: IndexRow) -> bool:
    """Whether anything is known of a row of `recording`: all parts are here, in today's form.

    Or were: of which nothing was known, that was not destroyed.
    """
    return bool(row.state in _KNOWN and row.derived == FORM)


def values_of(
    connection: Connection, tenant: int, rows: Sequence[IndexRow]
) -> Mapping[int, Values]:
    wanted = {"tenant": tenant, "rows": [row.row for row in rows]}
    hanging = _Hanging(
        marks=_grouped(connection, _MARKS, wanted, "recording"),
        legs=_grouped(connection, _LEGS, wanted, "recording"),
        addresses=_grouped(connection, _ADDRESSES, wanted, "leg"),
    )
    return {row.row: _values(row, hanging) if is_known(row) else ALL_UNKNOWN for row in rows}


def _of(column: ColumnElement[int]) -> ColumnElement[bool]:
    return column.in_(bindparam("rows", expanding=True))


# From the recordings: of a list of them SQLite would rather read every mark of the tenant.
_MARKS: Final = (
    select(mark.c.recording, mark.c.kind, mark.c.folded)
    .join_from(
        recording,
        mark,
        and_(mark.c.tenant == recording.c.tenant, rare(mark.c.recording == recording.c.row)),
    )
    .where(recording.c.tenant + 0 == _TENANT, _of(recording.c.row), mark.c.kind.in_(_MARK_KINDS))
)
_LEGS: Final = (
    select(
        leg.c.row,
        leg.c.recording,
        leg.c.side,
        leg.c.side_because,
        leg.c.agent_id,
        leg.c.attributed_by,
        agent_period.c.team,
    )
    .join_from(leg, agent_period, leg.c.agent_period == agent_period.c.row, isouter=True)
    .where(leg.c.tenant == _TENANT, _of(leg.c.recording))
)
_ADDRESSES: Final = select(leg_address.c.leg, leg_address.c.raw, leg_address.c.e164).where(
    leg_address.c.tenant == _TENANT,
    _of(leg_address.c.recording),
    leg_address.c.in_force == 1,
)


@dataclass(frozen=True, slots=True)
class _Hanging:
    """What hangs on recordings, by their rows; addresses by rows of legs."""

    marks: Mapping[int, Sequence[IndexRow]]
    legs: Mapping[int, Sequence[IndexRow]]
    addresses: Mapping[int, Sequence[IndexRow]]


def _grouped(
    connection: Connection,
    rows: Select[tuple[object, ...]],
    wanted: Mapping[str, object],
    by: str,
) -> Mapping[int, Sequence[IndexRow]]:
    found: defaultdict[int, list[IndexRow]] = defaultdict(list)
    for row in connection.execute(rows, wanted):
        found[getattr(row, by)].append(row)
    return found


def _values(row: IndexRow, hanging: _Hanging) -> Values:
    legs = hanging.legs.get(row.row, ())
    return {
        **_marks(hanging.marks.get(row.row, ())),
        "agent": _agents(legs),
        "team": _teams(legs),
        "number": _numbers(legs, hanging.addresses),
        **{kind.value: _in_column(row, kind) for kind in kept_as(Kept.COLUMN)},
    }


def _in_column(row: IndexRow, kind: AttributeKind) -> frozenset[str] | None:
    value = getattr(row, kind)
    return None if value == kind.attribute.unknown else frozenset({fold_name(value)})


def _marks(rows: Sequence[IndexRow]) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {kind: set() for kind in _MARK_KINDS}
    for each in rows:
        found[each.kind].add(each.folded)
    return {kind: frozenset(values) for kind, values in found.items()}


def _is_nobody(each: IndexRow) -> bool:
    """Whether it is known that no agent of ours was on a leg; a guess is no knowledge."""
    is_customer = each.side == "customer" and not is_guess(each.side_because)
    return bool(is_customer or each.attributed_by == CORRECTION)


def _agents(legs: Sequence[IndexRow]) -> frozenset[str] | None:
    """Who took part; None where an agent, or nobody who can be named, did."""
    if not legs or any(not each.agent_id and not _is_nobody(each) for each in legs):
        return None
    return frozenset(fold_name(each.agent_id) for each in legs if each.agent_id)


def _teams(legs: Sequence[IndexRow]) -> frozenset[str] | None:
    """The teams of those who took part; None where the table of agents lacks one of them."""
    if _agents(legs) is None or any(each.agent_id and each.team is None for each in legs):
        return None
    return frozenset(fold_name(each.team) for each in legs if each.team and each.team.strip())


def _numbers(
    legs: Sequence[IndexRow], addresses: Mapping[int, Sequence[IndexRow]]
) -> frozenset[str] | None:
    """Every number in force, as received and in E.164; None where a party's is not known."""
    found: set[str] = set()
    for each in legs:
        own = [at for at in addresses.get(each.row, ()) if at.raw.casefold() not in WITHHELD]
        if not own:
            return None
        found.update(text for at in own for text in (at.raw, at.e164) if text)
    return frozenset(found) if legs else None
