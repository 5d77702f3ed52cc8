"""What a legal hold has of recordings: which are meant, whose keys are held, which were too late.

Knows nothing of why, nor of when. Each is a part of the caller's transaction.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    case,
    func,
    insert,
    literal,
    select,
    update,
)

from archive.access.reach import WHOLE_TENANT, Within, is_everywhere
from archive.access.use import EVERY_USE
from archive.catalog.access.reach import within
from archive.catalog.destruction.tombstones import destroyed_at, plan_of
from archive.catalog.holds.held_keys import IS_MEANT, keys_meant
from archive.catalog.journal.entries import Detail
from archive.catalog.register.legal_holds import PROTECTED, StoredHold, note_keys
from archive.catalog.search.clues import Span
from archive.catalog.search.search import MAX_CALL_MS, overlong, recent, span_of
from archive.catalog.tables.catalog import conversation, hold_recording, recording
from archive.ids import ConversationId, KeyId, RecordingId
from archive.keys.guard.hold_client import HoldClient
from archive.lifecycle.hold_scope import ByQuery
from archive.lifecycle.legal_holds import Because, Found

# Recordings whose keys are held in one transaction: some tens of milliseconds.
AT_ONCE: Final = 2_000
_COLUMNS: Final = ["tenant", "hold", "recording", "noted_us", "because", "state"]
_OWN: Final = (
    hold_recording.c.tenant == bindparam("of_tenant"),
    hold_recording.c.hold == bindparam("of_hold"),
)
_HELD: Final = (
    update(hold_recording)
    .where(
        *_OWN, IS_MEANT, hold_recording.c.recording.between(bindparam("first"), bindparam("last"))
    )
    .values(state="held")
)
_LATE: Final = (
    update(hold_recording)
    .where(*_OWN, hold_recording.c.recording == bindparam("own"))
    .values(state=bindparam("new_state"), destroyed_us=bindparam("at_us"))
)


class ToldOf(Enum):
    """What somebody may be told of recordings that are not there."""

    NOTHING = 0
    DESTROYED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many recordings a hold has, by what came of each."""

    meant: int = 0
    held: int = 0
    destroyed: int = 0
    unknown: int = 0

    @property
    def told(self) -> dict[str, Detail]:
        late = {"destroyed": self.destroyed, "unknown": self.unknown}
        return {"held": self.held, **{name: count for name, count in late.items() if count}}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRecording:
    """One of them; `destroyed_us` is None where it was not, or where nobody knows when yet.

    `call` is the one that it belongs to, None where it is not there.
    """

    recording: RecordingId
    call: ConversationId | None
    because: Because
    state: Found
    noted_us: int
    destroyed_us: int | None
    certificate: int | None = None


@dataclass(frozen=True, slots=True)
class Among:
    """Recordings that have changed: the condition on them, when they began, how long they are.

    What a search reads of its clues is no more than lies between the first and the last.
    """

    condition: ColumnElement[bool]
    first_us: int
    last_us: int
    longest_ms: int

    @classmethod
    def read(
        cls, connection: Connection, tenant: int, condition: ColumnElement[bool]
    ) -> Self | None:
        """What is so of them; None where there are none."""
        edges = select(
            func.min(recording.c.started_us),
            func.max(recording.c.started_us),
            func.max(recording.c.duration_ms),
        ).where(recording.c.tenant == tenant, condition)
        first_us, last_us, longest_ms = connection.execute(edges).one()
        return None if first_us is None else cls(condition, first_us, last_us, longest_ms)

    def span(self, whole: Span) -> Span:
        return Span(max(whole.after_us, self.first_us - 1), min(whole.before_us, self.last_us + 1))


@dataclass(frozen=True, slots=True)
class Noting:
    """The tenant and the hold that is written for, and when and why."""

    tenant: int
    hold: StoredHold
    at_us: int
    because: Because

    def query(self, connection: Connection, among: Among | None = None) -> None:
        """Note what its search finds; of these recordings only, where they are named."""
        scope = self.hold.terms.scope
        assert isinstance(scope, ByQuery)
        query, within = scope.query, Within(reach=scope.reach, use=EVERY_USE)
        if among is None:
            self.found(connection, recent(self.tenant, query, within))
            self.found(connection, overlong(self.tenant, query, within))
            return
        stretch = among.span(span_of(query))
        near = recent(self.tenant, query, within, stretch).where(among.condition)
        self.found(connection, near)
        if among.longest_ms >= MAX_CALL_MS:
            far = overlong(self.tenant, query, within).where(among.condition)
            self.found(connection, far)

    def found(self, connection: Connection, wanted: Select[tuple[object, ...]]) -> None:
        """Note the recordings of a statement that the hold does not have yet."""
        rows = wanted.with_only_columns(
            literal(self.tenant),
            literal(self.hold.number),
            recording.c.id,
            literal(self.at_us),
            literal(self.because),
            literal("meant"),
        )
        # In the order of its indexes: in any other each row would write a page of each of them.
        rows = rows.order_by(None).order_by(recording.c.id)
        new = insert(hold_recording).from_select(_COLUMNS, rows.where(~self._has.exists()))
        connection.execute(new)

    def conversations(self, connection: Connection, among: Among | None = None) -> None:
        """Note the others of the conversations of those that it has, or of these alone."""
        own, has = recording.alias("own"), hold_recording.alias("has")
        held_there = (
            select(has.c.row)
            .join_from(own, has, has.c.recording == own.c.id)
            .where(
                own.c.tenant == self.tenant,
                own.c.conversation == recording.c.conversation,
                has.c.tenant == self.tenant,
                has.c.hold == self.hold.number,
                has.c.state.in_(PROTECTED),
            )
        )
        others = select(recording).where(
            recording.c.tenant == self.tenant,
            held_there.correlate(recording).exists(),
        )
        if among is not None:
            changed = select(recording.c.conversation).where(
                recording.c.tenant == self.tenant, among.condition
            )
            others = others.where(recording.c.conversation.in_(changed.correlate(None)))
        self.found(connection, others)

    def recordings(self, connection: Connection, own: Sequence[RecordingId]) -> None:
        for at in range(0, len(own), AT_ONCE):
            raws = [each.raw for each in own[at : at + AT_ONCE]]
            named = select(recording).where(
                recording.c.tenant == self.tenant, recording.c.id.in_(raws)
            )
            self.found(connection, named)

    def gone(self, connection: Connection, own: Sequence[RecordingId], told: ToldOf) -> None:
        """Note what was asked for and is not there: destroyed, where that may be told."""
        for each in own:
            may = told is ToldOf.DESTROYED
            destroyed_us = destroyed_at(connection, self.tenant, each) if may else None
            row = {
                "tenant": self.tenant,
                "hold": self.hold.number,
                "recording": each.raw,
                "noted_us": self.at_us,
                "because": self.because,
                "state": "unknown" if destroyed_us is None else "destroyed",
                "destroyed_us": destroyed_us,
            }
            connection.execute(insert(hold_recording), row)

    def again(self, connection: Connection, recordings: Sequence[RecordingId]) -> None:
        """Let those that it has be meant once more: each has another part.

        They are noted anew, later than before whatever the clock says (`Untouched`).
        """
        noted_us = hold_recording.c.noted_us
        later_us = case((noted_us < self.at_us, self.at_us), else_=noted_us + 1)
        connection.execute(
            update(hold_recording)
            .where(
                hold_recording.c.tenant == self.tenant,
                hold_recording.c.hold == self.hold.number,
                hold_recording.c.recording.in_([each.raw for each in recordings]),
                hold_recording.c.state.in_(PROTECTED),
            )
            .values(state="meant", noted_us=later_us)
        )

    @property
    def _has(self) -> Select[tuple[int]]:
        """Whether the hold has a row of `recording`."""
        return select(hold_recording.c.row).where(
            hold_recording.c.tenant == self.tenant,
            hold_recording.c.hold == self.hold.number,
            hold_recording.c.recording == recording.c.id,
        )


def hold_next(connection: Connection, tenant: int, own: StoredHold, key_client: HoldClient) -> int:
    """Have the keys of the next recordings held that are meant; returns how many there were.

    Raises `KeyUnavailable`, `KeyRefused`.
    """
    meant = keys_meant(connection, tenant, own, AT_ONCE)
    if not meant:
        return 0
    told = key_client.hold_keys(own.id, [KeyId(key) for each in meant.values() for key in each])
    note_keys(connection, own.number, told.total)
    wanted = {"of_tenant": tenant, "of_hold": own.number}
    destroyed = {each.raw for each in told.destroyed}
    absent = destroyed | {each.raw for each in told.unknown}
    for each, keys in meant.items():
        gone = not destroyed.isdisjoint(keys)
        if gone or absent.issuperset(keys):
            _is_late(connection, wanted, RecordingId(each), gone)
    connection.execute(_HELD, {**wanted, "first": min(meant), "last": max(meant)})
    return len(meant)


def counts_of(
    connection: Connection, tenant: int, own: StoredHold, allowed: Within = WHOLE_TENANT
) -> Counts:
    """What came of all that a hold has within a reach; of what is gone no reach is known."""
    wanted = select(hold_recording.c.state, func.count()).where(
        hold_recording.c.tenant == tenant, hold_recording.c.hold == own.number
    )
    if not is_everywhere(allowed.reach):
        near = select(recording.c.row).where(
            recording.c.tenant == tenant,
            recording.c.id == hold_recording.c.recording,
            *within(tenant, allowed),
        )
        wanted = wanted.where(near.exists())
    rows = connection.execute(wanted.group_by(hold_recording.c.state))
    return Counts(**{str(state): int(count) for state, count in rows})


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldPage:
    """Which of its recordings are asked for: of one state, behind one, so many at most."""

    state: Found | None = None
    after: RecordingId | None = None
    limit: int = AT_ONCE


def held_recordings(
    connection: Connection, tenant: int, own: StoredHold, page: HeldPage, allowed: Within
) -> tuple[HeldRecording, ...]:
    """A page of what a hold has, by ids; what lies outside the reach is not in it."""
    of_call = and_(
        recording.c.tenant == hold_recording.c.tenant, recording.c.id == hold_recording.c.recording
    )
    wanted = (
        select(hold_recording, conversation.c.id.label("call"))
        .outerjoin_from(hold_recording, recording, of_call)
        .outerjoin(conversation, conversation.c.row == recording.c.conversation)
        .where(hold_recording.c.tenant == tenant, hold_recording.c.hold == own.number)
    )
    if page.after is not None:
        wanted = wanted.where(hold_recording.c.recording > page.after.raw)
    if page.state is not None:
        wanted = wanted.where(hold_recording.c.state == page.state)
    if not is_everywhere(allowed.reach):
        wanted = wanted.where(*within(tenant, allowed))
    rows = connection.execute(wanted.order_by(hold_recording.c.recording).limit(page.limit))
    return tuple(_shown(connection, tenant, row) for row in rows.all())


def _shown(connection: Connection, tenant: int, row: Row[tuple[object, ...]]) -> HeldRecording:
    own, destroyed_us = RecordingId(row.recording), row.destroyed_us
    is_destroyed = row.state == "destroyed"
    if is_destroyed and destroyed_us is None:
        destroyed_us = destroyed_at(connection, tenant, own)
    return HeldRecording(
        recording=own,
        call=None if row.call is None else ConversationId(row.call),
        because=row.because,
        state=row.state,
        noted_us=row.noted_us,
        destroyed_us=destroyed_us,
        certificate=plan_of(connection, tenant, own) if is_destroyed else None,
    )


def _is_late(
    connection: Connection,
    wanted: dict[str, int],
    own: RecordingId,
    gone: bool,  # noqa: FBT001  # what the key daemon said
) -> None:
    """Say that a recording was destroyed, by its keys or by its tombstone; else that it is unknown.

    When it was is told by the tombstone, which comes after the keys have gone.
    """
    at_us = destroyed_at(connection, wanted["of_tenant"], own)
    state: Found = "destroyed" if gone or at_us is not None else "unknown"
    connection.execute(_LATE, {**wanted, "own": own.raw, "new_state": state, "at_us": at_us})
