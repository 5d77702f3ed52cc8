"""What decides how long recordings are kept, read from the index for many at a time.

Values are folded; None is what is not known, never what is not there. Knows no policy.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    select,
)

from archive.catalog.forms import FORM
from archive.catalog.tables import (
    agent_period,
    conversation,
    leg,
    leg_address,
    mark,
    part,
    recording,
)
from archive.catalog.told_events import days_told
from archive.direction import CORRECTION
from archive.ids import ConversationId, RecordingId
from archive.retention_events import EventKey, keys_of

_Row = Row[tuple[object, ...]]
Values = Mapping[str, frozenset[str] | None]

COMPLETE: Final = "complete"
# Of the index's kinds of marks those that a policy may ask.
MARKS: Final = ("tag", "queue", "purpose", "controller", "notice", "refusal")
_OF_LEGS: Final = ("agent", "team", "number")
_OTHERS: Final = ("direction", "source")
# Everything that `RetainedRecording.values` has.
KINDS: Final = (*MARKS, *_OF_LEGS, *_OTHERS)
_ALL_UNKNOWN: Final[Values] = dict.fromkeys(KINDS)
_NOTHING_TOLD: Final[Mapping[EventKey, date]] = {}
# How a number is written that must not be told (RFC 3323 section 4.1.1.3).
_WITHHELD: Final = frozenset({"", "anonymous"})
# Conversations whose recordings are read by one statement of each kind.
_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class RetainedRecording:
    """A recording; `ended_us` (µs since 1970 UTC) is None where its end is not known.

    `values` has each of `KINDS`. `size_bytes` is that of its files. `told` has the days on which
    what its keys name happens, as far as somebody has told them.
    """

    recording: RecordingId
    call: ConversationId
    started_us: int
    ended_us: int | None
    size_bytes: int
    values: Values
    told: Mapping[EventKey, date]

    @property
    def event_keys(self) -> tuple[EventKey, ...]:
        """What can be told of it: by its tags, and by its agents where all are known."""
        return tuple(keys_of(self.values["tag"] or (), self.values["agent"] or ()))


def _of(column: ColumnElement[int]) -> ColumnElement[bool]:
    return column.in_(bindparam("rows", expanding=True))


_TENANT: Final[BindParameter[int]] = bindparam("tenant")
_FOUND: Final = (
    select(recording, conversation.c.id.label("call"))
    .join_from(recording, conversation, conversation.c.row == recording.c.conversation)
    .where(recording.c.tenant == _TENANT, _of(recording.c.conversation))
    .order_by(recording.c.conversation, recording.c.row)
)
_SIZES: Final = (
    select(part.c.recording, func.sum(part.c.size_bytes).label("size_bytes"))
    .where(part.c.tenant == _TENANT, _of(part.c.recording))
    .group_by(part.c.recording)
)
_MARKS: Final = select(mark.c.recording, mark.c.kind, mark.c.folded).where(
    mark.c.tenant == _TENANT, _of(mark.c.recording), mark.c.kind.in_(MARKS)
)
_LEGS: Final = (
    select(
        leg.c.row,
        leg.c.recording,
        leg.c.side,
        leg.c.agent_id,
        leg.c.attributed_by,
        agent_period.c.team_folded,
    )
    .join_from(leg, agent_period, leg.c.agent_period == agent_period.c.row, isouter=True)
    .where(leg.c.tenant == _TENANT, _of(leg.c.recording))
)
_ADDRESSES: Final = select(leg_address.c.leg, leg_address.c.raw, leg_address.c.e164).where(
    leg_address.c.tenant == _TENANT,
    _of(leg_address.c.recording),
    leg_address.c.in_force == 1,
)


def retained_of(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> tuple[RetainedRecording, ...]:
    """All recordings of the conversations that these belong to, oldest row first."""
    wanted = select(recording.c.conversation).where(
        recording.c.tenant == tenant, recording.c.id.in_([each.raw for each in recordings])
    )
    calls = list(dict.fromkeys(connection.scalars(wanted)))
    return _retained(connection, tenant, calls)


def all_retained(connection: Connection, tenant: int) -> Iterator[tuple[RetainedRecording, ...]]:
    """Every recording of the tenant, in batches that divide no conversation."""
    after, batch = retained_behind(connection, tenant, 0)
    while after:
        yield batch
        after, batch = retained_behind(connection, tenant, after)


def retained_behind(
    connection: Connection, tenant: int, after: int
) -> tuple[int, tuple[RetainedRecording, ...]]:
    """The batch behind the place `after`, and the place behind which the next one is; 0: none."""
    wanted = {"tenant": tenant, "after": after, "most": _AT_ONCE}
    calls = list(connection.scalars(_CALLS, wanted))
    return (calls[-1], _retained(connection, tenant, calls)) if calls else (0, ())


def count_retained(connection: Connection, tenant: int) -> int:
    """How many recordings the tenant has."""
    wanted = select(func.count()).select_from(recording).where(recording.c.tenant == tenant)
    return int(connection.execute(wanted).scalar_one())


_CALLS: Final = (
    select(recording.c.conversation)
    .where(recording.c.tenant == _TENANT, recording.c.conversation > bindparam("after"))
    .distinct()
    .order_by(recording.c.conversation)
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class _Hanging:
    """What hangs on recordings, by their rows; addresses by rows of legs."""

    sizes: Mapping[int, int]
    marks: Mapping[int, Sequence[_Row]]
    legs: Mapping[int, Sequence[_Row]]
    addresses: Mapping[int, Sequence[_Row]] = field(default_factory=dict)


def _retained(
    connection: Connection, tenant: int, calls: Sequence[int]
) -> tuple[RetainedRecording, ...]:
    rows = connection.execute(_FOUND, {"tenant": tenant, "rows": list(calls)}).all()
    wanted = {"tenant": tenant, "rows": [row.row for row in rows]}
    sizes = connection.execute(_SIZES, wanted)
    hanging = _Hanging(
        sizes={row.recording: row.size_bytes for row in sizes},
        marks=_grouped(connection, _MARKS, wanted, "recording"),
        legs=_grouped(connection, _LEGS, wanted, "recording"),
        addresses=_grouped(connection, _ADDRESSES, wanted, "leg"),
    )
    found = [_recording(row, hanging) for row in rows]
    return _with_events(connection, tenant, found)


def _with_events(
    connection: Connection, tenant: int, found: Sequence[RetainedRecording]
) -> tuple[RetainedRecording, ...]:
    """With the days that were told of their keys."""
    told = days_told(connection, tenant, {key for each in found for key in each.event_keys})
    if not told:
        return tuple(found)
    return tuple(
        replace(each, told={key: told[key] for key in each.event_keys if key in told})
        for each in found
    )


def _grouped(
    connection: Connection,
    rows: Select[tuple[object, ...]],
    wanted: Mapping[str, object],
    by: str,
) -> Mapping[int, Sequence[_Row]]:
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    for row in connection.execute(rows, wanted):
        found[getattr(row, by)].append(row)
    return found


def _recording(row: _Row, hanging: _Hanging) -> RetainedRecording:
    """Of one whose parts are not all here, or whose rows are of an older form, nothing is known."""
    is_known = row.state == COMPLETE and row.derived == FORM
    return RetainedRecording(
        recording=RecordingId(row.id),
        call=ConversationId(row.call),
        started_us=row.started_us,
        ended_us=row.ended_us if is_known else None,
        size_bytes=hanging.sizes.get(row.row, 0),
        values=_values(row, hanging) if is_known else _ALL_UNKNOWN,
        told=_NOTHING_TOLD,
    )


def _values(row: _Row, hanging: _Hanging) -> Values:
    marks: dict[str, set[str]] = {kind: set() for kind in MARKS}
    for each in hanging.marks.get(row.row, ()):
        marks[each.kind].add(each.folded.strip())
    legs = hanging.legs.get(row.row, ())
    return {
        **{kind: frozenset(values) for kind, values in marks.items()},
        "agent": _agents(legs),
        "team": _teams(legs),
        "number": _numbers(legs, hanging.addresses),
        "direction": frozenset({row.direction}),
        "source": frozenset({row.source.strip().casefold()}),
    }


def _is_nobody(each: _Row) -> bool:
    """Whether it is known that no agent of ours was on a leg."""
    return bool(each.side == "customer" or each.attributed_by == CORRECTION)


def _agents(legs: Sequence[_Row]) -> frozenset[str] | None:
    """Who took part; None where an agent, or nobody who can be named, did."""
    if not legs or any(not each.agent_id and not _is_nobody(each) for each in legs):
        return None
    return frozenset(each.agent_id.strip().casefold() for each in legs if each.agent_id)


def _teams(legs: Sequence[_Row]) -> frozenset[str] | None:
    """The teams of those who took part; None where the table of agents lacks one of them."""
    if _agents(legs) is None or any(each.agent_id and each.team_folded is None for each in legs):
        return None
    return frozenset(each.team_folded.strip() for each in legs if each.team_folded)


def _numbers(
    legs: Sequence[_Row], addresses: Mapping[int, Sequence[_Row]]
) -> frozenset[str] | None:
    """Every number in force, as received and in E.164; None where a party's is not known."""
    found: set[str] = set()
    for each in legs:
        own = [at for at in addresses.get(each.row, ()) if at.raw.casefold() not in _WITHHELD]
        if not own:
            return None
        found.update(text for at in own for text in (at.raw, at.e164) if text)
    return frozenset(found) if legs else None
