"""The register of legal holds: placed, active, ended, never deleted.

Knows nothing of keys, nor of who may do what. A step and its entry in the journal are one
transaction of the caller's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from archive.catalog.accounts.persons import NotRegistered
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Action, Detail, append
from archive.catalog.tables.catalog import hold, hold_recording
from archive.catalog.tables.tenants import ensure_tenant, tenants
from archive.ids import HoldId, RecordingId
from archive.lifecycle.hold_scope import ByQuery, decode_scope, encode_scope
from archive.lifecycle.legal_holds import HoldOver, HoldTerms, State, state_of

_Row = Row[tuple[object, ...]]
# Values of one statement; SQLite takes 32,766.
_AT_ONCE: Final = 5_000
# In these states of a hold and of what it has, a recording is protected.
IN_FORCE: Final = (hold.c.cancelled_us.is_(None), hold.c.released_us.is_(None))
PROTECTED: Final = ("meant", "held")


_OVER: Final = (
    select(hold_recording.c.recording, hold.c.row, hold.c.matter, hold.c.grace_until_us)
    .join_from(hold_recording, hold, hold.c.row == hold_recording.c.hold)
    .where(
        hold_recording.c.tenant == bindparam("tenant_row"),
        hold_recording.c.recording.in_(bindparam("own", expanding=True)),
        hold_recording.c.state.in_(PROTECTED),
        hold.c.cancelled_us.is_(None),
    )
    .order_by(hold.c.row)
)


_HAVING: Final = (
    select(hold)
    .distinct()
    .join_from(hold, hold_recording, hold_recording.c.hold == hold.c.row)
    .where(
        hold_recording.c.tenant == bindparam("tenant_row"),
        hold_recording.c.recording.in_(bindparam("own", expanding=True)),
        hold_recording.c.state.in_(PROTECTED),
        *IN_FORCE,
    )
    .order_by(hold.c.row)
)
_GROWING: Final = (
    select(hold)
    .where(
        hold.c.tenant == bindparam("tenant_row"),
        or_(hold.c.future == 1, hold.c.whole_conversation == 1),
        *IN_FORCE,
    )
    .order_by(hold.c.row)
)


class UnknownHold(NotRegistered):
    """The tenant has no hold of that number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldEnd:
    """It was let go of; until `grace_until_us` what it held is kept all the same."""

    at_us: int
    grace_until_us: int
    one_person: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredHold:
    """A hold with the number that people say and the id that the key daemon knows."""

    number: int
    id: HoldId
    terms: HoldTerms
    author: str
    placed_us: int
    state: State
    active_us: int | None
    end: HoldEnd | None
    keys: int = 0  # that the key daemon kept for it when it last said so


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldFigures:
    """Of all holds in force: recordings held, and the numbers of those that somebody looks at."""

    held: int = 0
    placing: tuple[int, ...] = ()
    past_review: tuple[int, ...] = ()


NO_HOLDS: Final = HoldFigures()


@dataclass(frozen=True, slots=True)
class Over:
    """A hold that stands over a recording; `until_us`: it was released, and that is its grace."""

    recording: RecordingId
    number: int
    matter: str
    until_us: int | None


def open_hold(connection: Connection, author: Author, own: HoldId, terms: HoldTerms) -> StoredHold:
    """Write that a hold is being placed, and its entry."""
    tenant = ensure_tenant(connection, author.access.tenant)
    place = append(connection, author.entry("hold_placed", f"hold:{own}", _told(terms)))
    new = insert(hold).values(
        tenant=tenant,
        id=own.raw,
        matter=terms.matter,
        reason=terms.reason,
        review_on=terms.review_on.isoformat(),
        scope=encode_scope(terms.scope),
        whole_conversation=int(terms.whole_conversation),
        future=int(terms.future),
        author=author.access.actor,
        placed_by=author.user_or_none,
        placed_us=author.access.at_us,
        journal=place,
    )
    number = int(connection.execute(new.returning(hold.c.row)).scalar_one())
    return hold_numbered(connection, tenant, number)


def activate(
    connection: Connection, author: Author, known: StoredHold, told: Mapping[str, Detail]
) -> None:
    """Write that all that could be held is; twice is as good as once."""
    if known.state == "placing":
        _step(connection, author, known, "hold_activated", told)
        _set(connection, known, active_us=author.access.at_us)


def cancel(connection: Connection, author: Author, known: StoredHold, *, one_person: bool) -> None:
    """Write that it never became active; raises `HoldOver`."""
    if known.state != "placing":
        raise HoldOver(known.state)
    _step(connection, author, known, "hold_cancelled", _alone(one_person))
    _set(connection, known, cancelled_us=author.access.at_us, one_person=int(one_person))


def release(
    connection: Connection, author: Author, known: StoredHold, until_us: int, *, one_person: bool
) -> None:
    """Write that it is let go of, and begin its grace until `until_us`; raises `HoldOver`."""
    if known.state != "active":
        raise HoldOver(known.state)
    told = {"grace_until_us": until_us, **_alone(one_person)}
    _step(connection, author, known, "hold_released", told)
    _set(
        connection,
        known,
        released_us=author.access.at_us,
        grace_until_us=until_us,
        one_person=int(one_person),
    )


def has_let_go(connection: Connection, known: StoredHold, at_us: int) -> None:
    """Write that the key daemon holds nothing for it any more."""
    _set(connection, known, let_go_us=at_us)


def note_keys(connection: Connection, number: int, keys: int) -> None:
    """Note how many keys the key daemon keeps for a hold: of one in force they become no fewer."""
    wanted = update(hold).where(hold.c.row == number, hold.c.kept_keys < keys)
    connection.execute(wanted.values(kept_keys=keys))


def note_keys_again(connection: Connection, number: int, keys: int) -> None:
    """The same of one that was placed again: keys that are not adopted yet come later."""
    connection.execute(update(hold).where(hold.c.row == number).values(kept_keys=keys))


def stored_holds(connection: Connection, tenant: int) -> tuple[StoredHold, ...]:
    """All of them, oldest first."""
    wanted = select(hold).where(hold.c.tenant == tenant).order_by(hold.c.row)
    return tuple(map(_stored, connection.execute(wanted)))


def holds_ending(connection: Connection, tenant: int, now_us: int) -> tuple[StoredHold, ...]:
    """Those whose keys may go free: cancelled, or released and their time of grace is over."""
    is_over = or_(hold.c.cancelled_us.is_not(None), hold.c.grace_until_us <= now_us)
    wanted = select(hold).where(hold.c.tenant == tenant, is_over, hold.c.let_go_us.is_(None))
    return tuple(map(_stored, connection.execute(wanted.order_by(hold.c.row))))


def holds_placing(connection: Connection, tenant: int) -> tuple[StoredHold, ...]:
    """Those whose placing was begun and neither finished nor cancelled."""
    wanted = select(hold).where(hold.c.tenant == tenant, hold.c.active_us.is_(None), *IN_FORCE)
    return tuple(map(_stored, connection.execute(wanted.order_by(hold.c.row))))


def holds_guarding(connection: Connection, tenant: int) -> tuple[StoredHold, ...]:
    """Those of which the key daemon must have everything: active, or not let go of yet."""
    wanted = select(hold).where(
        hold.c.tenant == tenant,
        hold.c.active_us.is_not(None),
        hold.c.cancelled_us.is_(None),
        hold.c.let_go_us.is_(None),
    )
    return tuple(map(_stored, connection.execute(wanted.order_by(hold.c.row))))


def holds_let_go(connection: Connection, tenant: int) -> tuple[StoredHold, ...]:
    """Those of which the key daemon must have nothing any more."""
    wanted = select(hold).where(hold.c.tenant == tenant, hold.c.let_go_us.is_not(None))
    return tuple(map(_stored, connection.execute(wanted.order_by(hold.c.row))))


def hold_numbered(connection: Connection, tenant: int, number: int) -> StoredHold:
    """One of them; raises `UnknownHold`."""
    wanted = select(hold).where(hold.c.tenant == tenant, hold.c.row == number)
    found = connection.execute(wanted).one_or_none()
    if found is None:
        raise UnknownHold(f"no hold {number}")
    return _stored(found)


def held_recordings(connection: Connection, tenant: int) -> tuple[RecordingId, ...]:
    """Every recording that a hold has, or had: over all others none stands."""
    wanted = select(hold_recording.c.recording).where(hold_recording.c.tenant == tenant).distinct()
    return tuple(RecordingId(each) for each in connection.scalars(wanted))


def holds_over(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> Iterator[Over]:
    """What holds stand over recordings, in force or in their time of grace."""
    for at in range(0, len(recordings), _AT_ONCE):
        batch = [each.raw for each in recordings[at : at + _AT_ONCE]]
        for row in connection.execute(_OVER, {"tenant_row": tenant, "own": batch}):
            yield Over(RecordingId(row.recording), row.row, row.matter, row.grace_until_us)


def holds_having(
    connection: Connection, tenant: int, recordings: Sequence[RecordingId]
) -> tuple[StoredHold, ...]:
    own = [each.raw for each in recordings]
    found = connection.execute(_HAVING, {"tenant_row": tenant, "own": own}) if own else ()
    return tuple(map(_stored, found))


def holds_in_force(connection: Connection, tenant: int) -> tuple[StoredHold, ...]:
    """Those that are being placed or active."""
    wanted = select(hold).where(hold.c.tenant == tenant, *IN_FORCE).order_by(hold.c.row)
    return tuple(map(_stored, connection.execute(wanted)))


def holds_growing(connection: Connection, tenant: int) -> tuple[StoredHold, ...]:
    """Those in force that what comes later may be added to."""
    return tuple(map(_stored, connection.execute(_GROWING, {"tenant_row": tenant})))


def hold_figures(connection: Connection, tenant: int, today: date) -> HoldFigures:
    """How much is held, which is being placed, and whose review date is over."""
    in_force = connection.execute(
        select(hold.c.row, hold.c.active_us, hold.c.review_on)
        .where(hold.c.tenant == tenant, *IN_FORCE)
        .order_by(hold.c.row)
    ).all()
    if not in_force:
        return NO_HOLDS
    held = select(func.count(hold_recording.c.recording.distinct())).where(
        hold_recording.c.tenant == tenant,
        hold_recording.c.hold.in_([row.row for row in in_force]),
        hold_recording.c.state.in_(PROTECTED),
    )
    return HoldFigures(
        held=connection.execute(held).scalar_one(),
        placing=tuple(row.row for row in in_force if row.active_us is None),
        past_review=tuple(row.row for row in in_force if row.review_on < today.isoformat()),
    )


def all_hold_figures(connection: Connection, today: date) -> HoldFigures:
    found = [hold_figures(connection, row, today) for _, row in tenants(connection)]
    return HoldFigures(
        held=sum(each.held for each in found),
        placing=tuple(number for each in found for number in each.placing),
        past_review=tuple(number for each in found for number in each.past_review),
    )


def _step(
    connection: Connection,
    author: Author,
    known: StoredHold,
    action: Action,
    told: Mapping[str, Detail],
) -> None:
    entry = author.entry(action, f"hold:{known.id}", {"number": known.number, **told})
    append(connection, entry)


def _set(connection: Connection, known: StoredHold, **values: int) -> None:
    connection.execute(update(hold).where(hold.c.row == known.number).values(**values))


def _told(terms: HoldTerms) -> dict[str, Detail]:
    """For the journal, which keeps no number: what is asked for stands in the register."""
    by = "query" if isinstance(terms.scope, ByQuery) else "list"
    options = {"whole_conversation": terms.whole_conversation, "future": terms.future}
    return {
        "matter": terms.matter,
        "why": terms.reason,
        "review_on": terms.review_on.isoformat(),
        "by": by,
        **{name: 1 for name, is_so in options.items() if is_so},
    }


def _alone(one_person: bool) -> dict[str, Detail]:  # noqa: FBT001  # a value of the register
    return {"one_person": 1} if one_person else {}


def _stored(row: _Row) -> StoredHold:
    end_us = row.released_us if row.cancelled_us is None else row.cancelled_us
    return StoredHold(
        number=row.row,
        id=HoldId(row.id),
        terms=HoldTerms(
            matter=row.matter,
            reason=row.reason,
            review_on=date.fromisoformat(row.review_on),
            scope=decode_scope(row.scope),
            whole_conversation=bool(row.whole_conversation),
            future=bool(row.future),
        ),
        author=row.author,
        placed_us=row.placed_us,
        state=state_of(row.active_us, row.cancelled_us, row.released_us),
        active_us=row.active_us,
        end=None
        if end_us is None
        else HoldEnd(
            at_us=end_us,
            grace_until_us=row.grace_until_us or end_us,
            one_person=bool(row.one_person),
        ),
        keys=row.kept_keys,
    )
