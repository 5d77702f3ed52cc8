"""From an adopted part to the rows of the index; the same for the keeper and for a rebuild.

Knows nothing of the journal or of when it is run: the same parts give the same rows.
"""

from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import Connection, delete, func, insert, select, update

from archive.adoption import Adoption
from archive.catalog.attribution import attribute_recording
from archive.catalog.continuity import PartSeam, count_open_ends, encode_sequences, has_lost
from archive.catalog.details import write_details
from archive.catalog.joining import conversation_for
from archive.catalog.tables import conversation, event, leg, leg_name, part, recording
from archive.events import (
    Event,
    MetadataReceived,
    SipMessage,
    StreamKeyed,
    decode_event,
    encode_event,
)
from archive.facts import LegFacts, RecordingFacts, describe
from archive.folding import findable
from archive.ids import ConversationId, RecordingId
from archive.pauses import Masked, masked_in

_US_PER_MS: Final = 1_000
# A pause without an end lasts as long as the recording.
_LATEST_US: Final = 1 << 62
FLAGS_JOINED: Final = ","
RECOVERED: Final = "recovered"
PACKETS_LOST: Final = "packets_lost"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """What the parts of a recording say together."""

    first_us: int
    last_us: int
    complete: bool
    recovered: bool
    lost: bool


def index_part(connection: Connection, tenant: int, adoption: Adoption) -> None:
    """Add one part that is not there yet, and work its recording out anew from all its events."""
    row = _recording_row(connection, tenant, adoption)
    _insert_part(connection, tenant, row, adoption)
    _merge_events(connection, tenant, row, adoption)
    events = _events(connection, tenant, row)
    masked = masked_in((told for _, told in events), _LATEST_US)
    parts = _parts(connection, tenant, row, masked)
    facts = describe(events, first_us=parts.first_us, last_us=parts.last_us)
    _write_recording(connection, tenant, row, (facts, parts))
    _write_legs(connection, tenant, row, facts)
    write_details(connection, tenant, row, facts)
    attribute_recording(connection, tenant, row)


def _recording_row(connection: Connection, tenant: int, adoption: Adoption) -> int:
    own = adoption.part_name.recording
    known = connection.scalar(
        select(recording.c.row)
        .where(recording.c.tenant == tenant, recording.c.id == own.raw)
        .with_for_update()
    )
    if known is not None:
        return int(known)
    new = insert(recording).values(
        tenant=tenant,
        id=own.raw,
        conversation=_conversation_row(connection, tenant, ConversationId(own.raw)),
        source="",
        mode="",
        started_us=adoption.first_us,
        ended_us=adoption.last_us,
        duration_ms=0,
        direction="unknown",
        flags="",
        state="partial",
    )
    return int(connection.execute(new.returning(recording.c.row)).scalar_one())


def _conversation_row(connection: Connection, tenant: int, own: ConversationId) -> int:
    known = connection.scalar(
        select(conversation.c.row).where(
            conversation.c.tenant == tenant, conversation.c.id == own.raw
        )
    )
    if known is not None:
        return int(known)
    new = insert(conversation).values(tenant=tenant, id=own.raw)
    return int(connection.execute(new.returning(conversation.c.row)).scalar_one())


def _insert_part(connection: Connection, tenant: int, row: int, adoption: Adoption) -> None:
    connection.execute(
        insert(part).values(
            tenant=tenant,
            recording=row,
            part=adoption.part_name.part,
            generation=adoption.part_name.generation,
            node=adoption.node.raw,
            key_id=adoption.key_id.raw,
            path=adoption.path,
            map_path=adoption.map_path,
            size_bytes=adoption.size_bytes,
            sha256=adoption.sha256,
            segments=adoption.segments,
            created_us=adoption.created_us,
            first_us=adoption.first_us,
            last_us=adoption.last_us,
            packets=sum(stream.packets for stream in adoption.packets),
            lost_ranges=len(adoption.lost),
            open_ends=count_open_ends(adoption.lost),
            sequences=encode_sequences(adoption.sequences),
            end_reason=adoption.end_reason,
            is_last=int(adoption.is_last),
        )
    )


def _merge_events(connection: Connection, tenant: int, row: int, adoption: Adoption) -> None:
    """Keep the events whose serials are new; documents and messages stay in the recording only."""
    known = set(
        connection.scalars(
            select(event.c.serial).where(event.c.tenant == tenant, event.c.recording == row)
        )
    )
    new = [
        {
            "tenant": tenant,
            "recording": row,
            "serial": serial,
            "at_us": told.at_us,
            "body": encode_event(_for_the_index(told)),
        }
        for serial, told in dict(adoption.events).items()
        if serial not in known and not isinstance(told, SipMessage)
    ]
    if new:
        connection.execute(insert(event), new)


def _for_the_index(told: Event) -> Event:
    """Documents and keys stay in the sealed file."""
    match told:
        case MetadataReceived():
            return msgspec.structs.replace(told, body=b"")
        case StreamKeyed():
            return msgspec.structs.replace(told, crypto="")
        case _:
            return told


def _events(connection: Connection, tenant: int, row: int) -> list[tuple[int, Event]]:
    rows = connection.execute(
        select(event.c.serial, event.c.body).where(
            event.c.tenant == tenant, event.c.recording == row
        )
    )
    return [(serial, decode_event(body)) for serial, body in rows]


def _parts(connection: Connection, tenant: int, row: int, masked: tuple[Masked, ...]) -> _Parts:
    rows = connection.execute(
        select(part)
        .where(part.c.tenant == tenant, part.c.recording == row)
        .order_by(part.c.part, part.c.generation)
    ).all()
    latest = {found.part: found for found in rows}
    numbers = set(latest)
    last = {found.part for found in rows if found.is_last}
    return _Parts(
        first_us=min(found.first_us for found in rows),
        last_us=max(found.last_us for found in rows),
        complete=bool(last) and numbers == set(range(max(last) + 1)),
        recovered=any(found.end_reason == RECOVERED for found in rows),
        lost=has_lost(
            [
                PartSeam(
                    lost_ranges=found.lost_ranges,
                    open_ends=found.open_ends,
                    sequences=found.sequences,
                    first_us=found.first_us,
                    last_us=found.last_us,
                )
                for found in latest.values()
            ],
            masked,
        ),
    )


def _write_recording(
    connection: Connection, tenant: int, row: int, told: tuple[RecordingFacts, _Parts]
) -> None:
    facts, parts = told
    own = connection.execute(
        select(recording.c.id, recording.c.conversation).where(recording.c.row == row)
    ).one()
    group = conversation_for(connection, tenant, row, RecordingId(own.id), facts)
    belongs_to = _conversation_row(connection, tenant, group)
    connection.execute(
        update(recording)
        .where(recording.c.row == row)
        .values(
            conversation=belongs_to,
            source=facts.source,
            mode=facts.mode,
            started_us=facts.started_us,
            ended_us=facts.ended_us,
            duration_ms=(facts.ended_us - facts.started_us) // _US_PER_MS,
            direction=facts.direction,
            flags=FLAGS_JOINED.join(_flags(facts, parts)),
            state="complete" if parts.complete else "partial",
        )
    )
    if belongs_to != own.conversation:
        _drop_if_empty(connection, tenant, own.conversation)


def _flags(facts: RecordingFacts, parts: _Parts) -> list[str]:
    found = set(facts.flags)
    if parts.recovered:
        found.add(RECOVERED)
    if parts.lost:
        found.add(PACKETS_LOST)
    return sorted(found)


def _drop_if_empty(connection: Connection, tenant: int, row: int) -> None:
    left = connection.scalar(
        select(func.count())
        .select_from(recording)
        .where(recording.c.tenant == tenant, recording.c.conversation == row)
    )
    if not left:
        connection.execute(delete(conversation).where(conversation.c.row == row))


def _write_legs(connection: Connection, tenant: int, row: int, facts: RecordingFacts) -> None:
    for table in (leg_name, leg):
        connection.execute(delete(table).where(table.c.tenant == tenant, table.c.recording == row))
    for told in facts.legs:
        common: dict[str, int | str] = {
            "tenant": tenant,
            "recording": row,
            "started_us": facts.started_us,
        }
        new = insert(leg).values(common | _leg_values(told)).returning(leg.c.row)
        leg_row = int(connection.execute(new).scalar_one())
        names = [common | {"leg": leg_row} | name for name in _name_values(told)]
        if names:
            connection.execute(insert(leg_name), names)


def _leg_values(told: LegFacts) -> dict[str, int | str]:
    return {
        "stream": told.stream,
        "participant": told.participant,
        "side": told.side,
        "side_guessed": int(told.side_guessed),
        "raw": told.number.raw,
        "e164": told.number.e164,
        "reversed_digits": told.number.reversed_digits,
        "last4": told.number.last4,
        "name": told.names[0][0] if told.names else "",
        "from_us": told.from_us,
        "until_us": told.until_us,
        "agent_id": "",
        "attributed_by": "none",
        "confidence": "none",
    }


def _name_values(told: LegFacts) -> list[dict[str, int | str]]:
    return [
        {"side": told.side, "text": text, "language": language, "folded": word}
        for text, language in dict.fromkeys(told.names)
        for word in sorted(findable(text))
    ]
