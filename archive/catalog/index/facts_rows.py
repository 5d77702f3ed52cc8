"""The facts of recordings as rows of the index: read for a copy, left alone, written from a copy.

Knows nothing of seals or keys, nor of why the audio goes.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from archive.call.event_values import GUESSES
from archive.catalog.index.conversations import conversation_row, leave_conversation
from archive.catalog.index.namings import names_in, naming_row
from archive.catalog.index.text_pieces import write_pieces
from archive.catalog.locating.changes import note_change
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.retention.retention_classes import classify
from archive.catalog.tables.catalog import (
    call_id,
    conversation,
    event,
    leg,
    leg_address,
    leg_agent,
    leg_name,
    leg_naming,
    leg_stream,
    mark,
    mention,
    naming,
    packed_events,
    part,
    recording,
    tolerance,
)
from archive.catalog.tables.derived_forms import FORM
from archive.folded_names import findable
from archive.ids import ConversationId, RecordingId
from archive.lifecycle.kept_facts import Cells, KeptFacts, KeptLeg

# The columns of each table that are facts; ids of rows are none.
_COLUMNS: Final[Mapping[Table, tuple[str, ...]]] = {
    recording: (
        *("source", "mode", "started_us", "ended_us", "duration_ms", "held_ms"),
        *("direction", "direction_because", "flags", "read_form"),
    ),
    leg: (
        *("participant", "instead_of", "side", "side_because", "party", "party_because"),
        *("name", "from_us", "until_us", "agent_id", "agent_period", "attributed_by", "confidence"),
    ),
    leg_address: ("aor", "raw", "e164", "reversed_digits", "last4", "in_force"),
    leg_agent: ("agent_id", "in_force"),
    call_id: ("kind", "value", "folded"),
    mark: ("kind", "folded"),
    mention: ("nth", "kind", "told_as", "text", "e164", "folded"),
}
_OF_NAMES: Final = ("side", "text", "language", "folded")
# A direction that followed from who is named first.
_BY_ORDER: Final = "order"
_GUESSES: Final = sorted(GUESSES)
# What goes with the audio; children first.
_WITH_AUDIO: Final = (tolerance, leg_stream, event, packed_events, part)

_Found = Mapping[int, Sequence[Row[tuple[object, ...]]]]


def facts_of(
    connection: Connection, tenant: int, own: Sequence[RecordingId]
) -> dict[RecordingId, KeptFacts]:
    """Those of these recordings that are in the index, as it has them now."""
    found = connection.execute(
        select(recording, conversation.c.id.label("call"))
        .join_from(recording, conversation, recording.c.conversation == conversation.c.row)
        .where(recording.c.tenant == tenant, recording.c.id.in_([each.raw for each in own]))
    ).all()
    rows = [each.row for each in found]
    hanging = {
        table: _by(connection, tenant, table, rows)
        for table in (leg, leg_address, leg_agent, call_id, mark, mention)
    }
    names = _names_by_leg(connection, tenant, rows)
    return {
        RecordingId(each.id): KeptFacts(
            call=each.call,
            recording=_cells(recording, each),
            legs=tuple(_leg(one, hanging, names) for one in hanging[leg].get(each.row, ())),
            ids=tuple(
                cells | {"value": cells["value"] or cells["folded"]}
                for cells in _all_cells(call_id, hanging[call_id].get(each.row, ()))
            ),
            marks=_all_cells(mark, hanging[mark].get(each.row, ())),
            mentions=_all_cells(mention, hanging[mention].get(each.row, ())),
        )
        for each in found
    }


def leave_facts(connection: Connection, tenant: int, own: RecordingId) -> None:
    """Take out of the index what went with the audio; the facts stay, and say that it is gone."""
    row = _row_of(connection, tenant, own)
    if row is None:
        return
    for table in _WITH_AUDIO:
        of_it = (table.c.tenant == tenant, table.c.recording == row)
        connection.execute(delete(table).where(*of_it))
    gone = {"state": DESTROYED, "packets": 0, "size_bytes": 0, "derived": FORM}
    connection.execute(update(recording).where(recording.c.row == row).values(**gone))
    classify(connection, tenant, row)


def is_audio_gone(connection: Connection, tenant: int, row: int) -> bool:
    """Whether only the facts of a recording are left."""
    wanted = select(recording.c.state).where(recording.c.tenant == tenant, recording.c.row == row)
    return connection.scalar(wanted) == DESTROYED


def leave_as_is(connection: Connection, tenant: int, row: int) -> None:
    """Take the rows of facts for such of today's form."""
    of_it = (recording.c.tenant == tenant, recording.c.row == row)
    connection.execute(update(recording).where(*of_it).values(derived=FORM))
    _move_names(connection, tenant, row)
    write_pieces(connection, tenant, row)
    _guesses_unsaid(connection, tenant, row)
    classify(connection, tenant, row)


def replay_facts(connection: Connection, tenant: int, own: RecordingId, facts: KeptFacts) -> None:
    """Write the rows of a copy, unless the index has the recording."""
    if _row_of(connection, tenant, own) is not None:
        return
    row = _insert_recording(connection, tenant, own, facts)
    common: Cells = {"tenant": tenant, "recording": row}
    began = common | {"started_us": facts.recording["started_us"]}
    for each in facts.legs:
        at = _insert_leg(connection, began | _known(leg, each.own))
        for table, cells in ((leg_address, each.addresses), (leg_agent, each.agents)):
            _insert(connection, table, began | {"leg": at}, cells)
        _insert_names(connection, began | {"leg": at}, each.names)
    _insert(connection, call_id, began, map(_id_cells, facts.ids))
    _insert(connection, mark, began, facts.marks)
    _insert(connection, mention, began, facts.mentions)
    write_pieces(connection, tenant, row)
    _guesses_unsaid(connection, tenant, row)
    classify(connection, tenant, row)
    note_change(connection, tenant, row)


def _guesses_unsaid(connection: Connection, tenant: int, row: int) -> None:
    """What older forms took for known and was a guess: who called, whose name it is, whose leg."""
    by_order = (recording.c.row == row, recording.c.direction_because == _BY_ORDER)
    unknown = {"direction": "unknown", "direction_because": ""}
    connection.execute(update(recording).where(*by_order).values(**unknown))
    of_it = (leg.c.tenant == tenant, leg.c.recording == row, leg.c.side_because.in_(_GUESSES))
    named = (
        leg_naming.c.tenant == tenant,
        leg_naming.c.recording == row,
        leg_naming.c.leg.in_(select(leg.c.row).where(*of_it)),
    )
    connection.execute(update(leg_naming).where(*named).values(side="unknown"))
    nobody = {"attributed_by": "none", "confidence": "none"}
    by_name = (*of_it, leg.c.attributed_by == "metadata")
    connection.execute(update(leg).where(*by_name).values(**nobody))


def _row_of(connection: Connection, tenant: int, own: RecordingId) -> int | None:
    wanted = select(recording.c.row).where(recording.c.tenant == tenant, recording.c.id == own.raw)
    return connection.scalar(wanted)


def _insert_recording(
    connection: Connection, tenant: int, own: RecordingId, facts: KeptFacts
) -> int:
    # As every recording does, it begins one of its own; that name leads to the call's.
    alone = conversation_row(connection, tenant, ConversationId(own.raw))
    named = conversation_row(connection, tenant, ConversationId(facts.call))
    merged = func.coalesce(conversation.c.merged_into, conversation.c.row)
    call = connection.execute(select(merged).where(conversation.c.row == named)).scalar_one()
    new = insert(recording).values(
        tenant=tenant,
        id=own.raw,
        conversation=call,
        state=DESTROYED,
        derived=FORM,
        **_known(recording, facts.recording),
    )
    row = int(connection.execute(new.returning(recording.c.row)).scalar_one())
    if alone != call:
        leave_conversation(connection, tenant, alone, int(call))
    return row


def _insert_leg(connection: Connection, cells: Cells) -> int:
    return int(connection.execute(insert(leg).values(cells).returning(leg.c.row)).scalar_one())


def _insert(connection: Connection, table: Table, common: Cells, rows: Iterable[Cells]) -> None:
    values = [common | _known(table, each) for each in rows]
    if values:
        connection.execute(insert(table), values)


def _known(table: Table, cells: Cells) -> Cells:
    """Without what this version has no column for."""
    return {name: cells[name] for name in _COLUMNS[table] if name in cells}


def _by(connection: Connection, tenant: int, table: Table, rows: Sequence[int]) -> _Found:
    """What hangs on these rows of `recording`: by them, or by the leg that it belongs to."""
    found: defaultdict[int, list[Row[tuple[object, ...]]]] = defaultdict(list)
    own = (table.c.tenant == tenant, table.c.recording.in_(rows))
    for each in connection.execute(select(table).where(*own).order_by(table.c.row)):
        found[each.leg if "leg" in table.c else each.recording].append(each)
    return found


def _leg(
    row: Row[tuple[object, ...]],
    hanging: Mapping[Table, _Found],
    names: Mapping[int, Sequence[Cells]],
) -> KeptLeg:
    def of(table: Table) -> tuple[Cells, ...]:
        return _all_cells(table, hanging[table].get(row.row, ()))

    return KeptLeg(
        own=_cells(leg, row),
        addresses=of(leg_address),
        agents=of(leg_agent),
        names=tuple(names.get(row.row, ())),
    )


def _names_by_leg(
    connection: Connection, tenant: int, rows: Sequence[int]
) -> Mapping[int, Sequence[Cells]]:
    """A row for each side and word, as copies have had them from the beginning."""
    found: defaultdict[int, list[Cells]] = defaultdict(list)
    wanted = (
        select(leg_naming.c.leg, leg_naming.c.side, naming.c.content)
        .join_from(leg_naming, naming, naming.c.row == leg_naming.c.naming)
        .where(leg_naming.c.tenant == tenant, leg_naming.c.recording.in_(rows))
        .order_by(leg_naming.c.row)
    )
    for each in connection.execute(wanted):
        for text, language in names_in(each.content):
            own: Cells = {"side": each.side, "text": text, "language": language}
            found[each.leg] += [own | {"folded": word} for word in sorted(findable(text))]
    before = select(leg_name).where(leg_name.c.tenant == tenant, leg_name.c.recording.in_(rows))
    for each in connection.execute(before.order_by(leg_name.c.row)):
        found[each.leg].append({name: getattr(each, name) for name in _OF_NAMES})
    return found


def _insert_names(connection: Connection, own: Cells, names: Sequence[Cells]) -> None:
    texts = dict.fromkeys((str(each["text"]), str(each["language"])) for each in names)
    tenant = own["tenant"]
    assert isinstance(tenant, int)
    row = naming_row(connection, tenant, tuple(texts)) if texts else None
    if row is not None:
        sides = dict.fromkeys(each["side"] for each in names)
        cells = [own | {"side": side, "naming": row} for side in sides]
        connection.execute(insert(leg_naming), cells)


def _move_names(connection: Connection, tenant: int, row: int) -> None:
    """Those of before, of which there is nothing left to derive from."""
    its = (leg_name.c.tenant == tenant, leg_name.c.recording == row)
    found: defaultdict[tuple[int, int], list[Cells]] = defaultdict(list)
    for each in connection.execute(select(leg_name).where(*its).order_by(leg_name.c.row)):
        cells: Cells = {name: getattr(each, name) for name in _OF_NAMES}
        found[each.leg, each.started_us].append(cells)
    for (at, began), names in found.items():
        own: Cells = {"tenant": tenant, "recording": row, "leg": at, "started_us": began}
        _insert_names(connection, own, names)
    connection.execute(delete(leg_name).where(*its))


def _id_cells(cells: Cells) -> Cells:
    """Kept once where it is folded as it is, as in the rows of recordings that are heard."""
    return cells | ({"value": ""} if cells["value"] == cells["folded"] else {})


def _all_cells(table: Table, rows: Iterable[Row[tuple[object, ...]]]) -> tuple[Cells, ...]:
    return tuple(_cells(table, each) for each in rows)


def _cells(table: Table, row: Row[tuple[object, ...]]) -> Cells:
    return {name: getattr(row, name) for name in _COLUMNS[table]}
