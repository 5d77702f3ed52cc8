"""Texts of the journal that are still there, by when their entries were written, and their end.

An entry keeps its salted digest, and its row here the day on which the text went. Knows no rule.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, and_, func, or_, select, update

from archive.catalog.journal.entries import Action
from archive.catalog.tables.catalog import conversation, journal, journal_text, recording
from archive.ids import ID_BYTES, RecordingId

Stretches = Sequence[tuple[int, int]]
Behind = tuple[int, int]
# Before every text.
FIRST: Final[Behind] = (-1, -1)


@dataclass(frozen=True, slots=True)
class KeptText:
    """A text that is there: of which entry, written when, about what."""

    entry: int
    at_us: int
    target: str


def kept_texts(
    connection: Connection, tenant: int, written: Stretches, behind: Behind, limit: int
) -> tuple[KeptText, ...]:
    """The oldest texts of entries written within stretches (from, until before), behind one.

    There is one stretch at the least; what was written behind the last one is not looked at.
    """
    own = journal_text.c
    within = (and_(own.at_us >= begin, own.at_us < end) for begin, end in written)
    rows = connection.execute(
        select(own.entry, own.at_us, journal.c.target)
        .join(journal, journal.c.seq == own.entry)
        .where(
            own.tenant == tenant,
            own.gone_us.is_(None),
            own.at_us >= behind[0],
            own.at_us < max(end for _, end in written),
            or_(own.at_us > behind[0], own.entry > behind[1]),
            or_(*within),
        )
        .order_by(own.at_us, own.entry)
        .limit(limit)
    )
    return tuple(KeptText(*row) for row in rows)


def texts_about(connection: Connection, tenant: int, own: RecordingId) -> tuple[KeptText, ...]:
    """Those about a recording, or about its call under any of its names, oldest first."""
    call = select(recording.c.conversation).where(
        recording.c.tenant == tenant, recording.c.id == own.raw
    )
    calls = connection.scalars(
        select(conversation.c.id).where(
            conversation.c.tenant == tenant,
            or_(
                conversation.c.row == call.scalar_subquery(),
                conversation.c.merged_into == call.scalar_subquery(),
            ),
        )
    )
    targets = {str(own), *(bytes(each).hex() for each in calls)}
    rows = connection.execute(
        select(journal_text.c.entry, journal_text.c.at_us, journal.c.target)
        .join(journal, journal.c.seq == journal_text.c.entry)
        .where(
            journal.c.tenant == tenant,
            journal.c.target.in_(targets),
            journal_text.c.gone_us.is_(None),
        )
        .order_by(journal_text.c.at_us, journal_text.c.entry)
    )
    return tuple(KeptText(*row) for row in rows)


def destroy_texts(connection: Connection, entries: Sequence[int], at_us: int) -> None:
    """Overwrite salt and text of these, which are there, with nothing."""
    connection.execute(
        update(journal_text)
        .where(journal_text.c.entry.in_(entries), journal_text.c.gone_us.is_(None))
        .values(salt=None, text=None, gone_us=at_us)
    )


def recordings_about(
    connection: Connection, tenant: int, targets: Collection[str]
) -> Mapping[str, tuple[RecordingId, ...]]:
    """Of targets that are ids: the recording of that id, and those of the call of that id."""
    ids = {target: raw for target in targets if (raw := _id_of(target))}
    found: defaultdict[str, list[RecordingId]] = defaultdict(list)
    for target, raw in ids.items():
        found[target].append(RecordingId(raw))
    row = func.coalesce(conversation.c.merged_into, conversation.c.row)
    rows = connection.execute(
        select(conversation.c.id, recording.c.id)
        .join(recording, and_(recording.c.tenant == tenant, recording.c.conversation == row))
        .where(conversation.c.tenant == tenant, conversation.c.id.in_(list(ids.values())))
    )
    for call, own in rows:
        found[bytes(call).hex()].append(RecordingId(own))
    return {target: tuple(each) for target, each in found.items()}


def last_place(connection: Connection, tenant: int, action: Action) -> int:
    """The place of the latest entry of an action; 0: there is none."""
    latest = (
        select(journal.c.seq)
        .where(journal.c.tenant == tenant, journal.c.action == action)
        .order_by(journal.c.at_us.desc())
        .limit(1)
    )
    return connection.scalar(latest) or 0


def is_written_behind(connection: Connection, tenant: int, at_us: int) -> bool:
    """Whether any entry has a later time."""
    later = select(journal.c.seq).where(journal.c.tenant == tenant, journal.c.at_us > at_us)
    return connection.scalar(later.limit(1)) is not None


def _id_of(target: str) -> bytes:
    """The id that a target is; b"" where it is another thing."""
    if len(target) != 2 * ID_BYTES:
        return b""
    try:
        return bytes.fromhex(target)
    except ValueError:
        return b""
