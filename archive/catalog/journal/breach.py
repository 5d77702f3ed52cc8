"""Whose calls an account reached: what a report of a breach has to say, from the journal.

Counts entries and looks up the calls that their ids name now. Knows nothing of who may ask.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, literal, select

from archive.catalog.database.portions import portions
from archive.catalog.journal.entries import MAX_PAGE, SHOWING, Action, ids_in, is_of_one_recording
from archive.catalog.tables.catalog import conversation, journal, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import ID_BYTES, ConversationId, RecordingId, TenantId

# What shows something of a call to who asks for it.
REACHING: Final[tuple[Action, ...]] = ("found", *SHOWING)
_ID_DIGITS: Final = 2 * ID_BYTES


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPeriod:
    """An account, from a moment until before another; times in µs since 1970 UTC.

    Of its calls, in the order of their ids, the first `limit` behind one of them.
    """

    actor: str
    from_us: int
    to_us: int
    behind: ConversationId | None = None
    limit: int = MAX_PAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedCall:
    """A call, its recordings of which something was shown, and how often by each action.

    Where nothing of it is left, both ids are that of the entry.
    """

    call: ConversationId
    recordings: tuple[RecordingId, ...]
    acts: Mapping[Action, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachedPage:
    """Some of the calls that were reached, and how many there are; `behind` asks for the next."""

    calls: tuple[ReachedCall, ...]
    total: int
    behind: ConversationId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionCount:
    """How many entries of one kind there are, and how many calls and recordings they are about."""

    action: Action
    entries: int
    calls: int
    recordings: int


@dataclass(frozen=True, slots=True)
class _Place:
    """What an id names: a call and some of its recordings."""

    call: bytes
    recordings: frozenset[bytes]


def _counters() -> defaultdict[Action, Counter[bytes]]:
    return defaultdict(Counter)


@dataclass(slots=True)
class _Acts:
    """Entries by action; by action, how often each recording and each name of a call is told."""

    entries: Counter[Action] = field(default_factory=Counter)
    recordings: defaultdict[Action, Counter[bytes]] = field(default_factory=_counters)
    calls: defaultdict[Action, Counter[bytes]] = field(default_factory=_counters)

    def add(self, row: Row[tuple[object, ...]]) -> None:
        """One more row of the journal."""
        self.entries[row.action] += 1
        if row.action == "found":
            self.recordings[row.action].update(ids_in(row.shown))
        elif len(row.target) == _ID_DIGITS:
            ids = self.recordings if row.is_one else self.calls
            ids[row.action][bytes.fromhex(row.target)] += 1


@dataclass(slots=True)
class _Reached:
    """One call so far: how often by each action, and which recordings."""

    acts: Counter[Action] = field(default_factory=Counter)
    recordings: defaultdict[Action, set[bytes]] = field(default_factory=lambda: defaultdict(set))

    def add(self, action: Action, times: int, recordings: frozenset[bytes]) -> None:
        self.acts[action] += times
        self.recordings[action] |= recordings


def reach(
    connection: Connection, tenant: TenantId, asked: AccountPeriod
) -> tuple[ActionCount, ...]:
    """How many calls and recordings the account found, and was shown something of.

    One line for each action of which there is an entry, in the order of `REACHING`.
    """
    row = tenant_row(connection, tenant)
    found = _found(connection, row, asked)
    acts = _acts(connection, row, asked, REACHING[1:])
    calls = _by_call(connection, row, acts)
    counts = (found, *(_count(action, acts, calls) for action in REACHING[1:]))
    return tuple(each for each in counts if each.entries)


def reached_calls(connection: Connection, tenant: TenantId, asked: AccountPeriod) -> ReachedPage:
    """Whose: a page of the calls that were reached, with what was done to each."""
    row = tenant_row(connection, tenant)
    calls = _by_call(connection, row, _acts(connection, row, asked, REACHING))
    after = b"" if asked.behind is None else asked.behind.raw
    names = sorted(name for name in calls if name > after)
    page = names[: asked.limit]
    return ReachedPage(
        calls=tuple(_call(name, calls[name]) for name in page),
        total=len(calls),
        behind=ConversationId(page[-1]) if len(page) < len(names) else None,
    )


def _found(connection: Connection, tenant: int, asked: AccountPeriod) -> ActionCount:
    """What pages of searches showed: thousands of recordings, which the database counts by call."""
    of_searches = select(journal.c.shown).where(_of(tenant, asked, ("found",)))
    pages = connection.scalars(of_searches).all()
    shown = sorted({one for page in pages for one in ids_in(page)})
    calls = connection.scalar(_count_calls(tenant, shown)) if shown else 0
    return ActionCount(action="found", entries=len(pages), calls=calls or 0, recordings=len(shown))


def _count_calls(tenant: int, recordings: Sequence[bytes]) -> Select[int]:
    """The calls of these recordings; one that is gone counts as a call of its own.

    All ids are one value, cut up by the database: as many values would take longer than the answer.
    """
    place = select(literal(0).label("place")).cte("places", recursive=True)
    last = len(recordings) - 1
    place = place.union_all(select(place.c.place + 1).where(place.c.place < last))
    one = func.substr(literal(b"".join(recordings)), place.c.place * ID_BYTES + 1, ID_BYTES)
    own = and_(recording.c.tenant == tenant, recording.c.id == one)
    gone = func.count() - func.count(recording.c.conversation)
    return select(func.count(recording.c.conversation.distinct()) + gone).select_from(
        place.outerjoin(recording, own)
    )


def _acts(
    connection: Connection, tenant: int, asked: AccountPeriod, actions: tuple[Action, ...]
) -> _Acts:
    is_one = is_of_one_recording().label("is_one")
    entries = select(journal.c.action, journal.c.target, journal.c.shown, is_one)
    acts = _Acts()
    for entry in connection.execute(entries.where(_of(tenant, asked, actions))).all():
        acts.add(entry)
    return acts


def _of(tenant: int, asked: AccountPeriod, actions: tuple[Action, ...]) -> ColumnElement[bool]:
    """The account's entries of these kinds; `|| ''` keeps what all others did out of it."""
    return and_(
        journal.c.tenant == tenant,
        journal.c.actor == asked.actor,
        journal.c.at_us >= asked.from_us,
        journal.c.at_us < asked.to_us,
        (journal.c.action + "").in_(actions),
    )


def _of_recordings(
    connection: Connection, tenant: int, ids: Iterable[bytes]
) -> dict[bytes, _Place]:
    found: dict[bytes, _Place] = {}
    for some in portions(sorted(ids)):
        rows = connection.execute(
            select(recording.c.id, conversation.c.id.label("call"))
            .join_from(recording, conversation, conversation.c.row == recording.c.conversation)
            .where(recording.c.tenant == tenant, recording.c.id.in_(some))
        ).all()
        found |= {row.id: _Place(row.call, frozenset((row.id,))) for row in rows}
    return found


def _of_calls(connection: Connection, tenant: int, ids: Iterable[bytes]) -> dict[bytes, _Place]:
    found: defaultdict[tuple[bytes, bytes], set[bytes]] = defaultdict(set)
    for some in portions(sorted(ids)):
        for row in connection.execute(_recordings_named(tenant, some)).all():
            found[row.name, row.call].add(row.id)
    return {name: _Place(call, frozenset(all_)) for (name, call), all_ in found.items()}


def _recordings_named(tenant: int, names: Sequence[bytes]) -> Select[tuple[bytes, bytes, bytes]]:
    name, call = conversation.alias("name"), conversation.alias("call")
    return (
        select(name.c.id.label("name"), call.c.id.label("call"), recording.c.id)
        .join_from(name, call, call.c.row == func.coalesce(name.c.merged_into, name.c.row))
        .join(recording, recording.c.conversation == call.c.row)
        .where(name.c.tenant == tenant, name.c.id.in_(names), recording.c.tenant == tenant)
    )


def _by_call(connection: Connection, tenant: int, acts: _Acts) -> dict[bytes, _Reached]:
    """What was reached of each call; a name of a call may be the id of one of its recordings."""
    recordings, names = _every(acts.recordings), _every(acts.calls)
    places = _of_recordings(connection, tenant, recordings | names)
    calls: defaultdict[bytes, _Reached] = defaultdict(_Reached)
    _add(calls, acts.recordings, places)
    _add(calls, acts.calls, places | _of_calls(connection, tenant, names))
    return calls


def _every(ids: Mapping[Action, Counter[bytes]]) -> set[bytes]:
    return {one for each in ids.values() for one in each}


def _add(
    calls: defaultdict[bytes, _Reached],
    ids: Mapping[Action, Counter[bytes]],
    places: Mapping[bytes, _Place],
) -> None:
    for action, told in ids.items():
        for one, times in told.items():
            place = places.get(one, _Place(one, frozenset((one,))))
            calls[place.call].add(action, times, place.recordings)


def _count(action: Action, acts: _Acts, calls: Mapping[bytes, _Reached]) -> ActionCount:
    reached = [each.recordings[action] for each in calls.values() if action in each.recordings]
    return ActionCount(
        action=action,
        entries=acts.entries[action],
        calls=len(reached),
        recordings=sum(map(len, reached)),
    )


def _call(name: bytes, reached: _Reached) -> ReachedCall:
    every = sorted(set().union(*reached.recordings.values()))
    return ReachedCall(
        call=ConversationId(name),
        recordings=tuple(map(RecordingId, every)),
        acts={action: reached.acts[action] for action in REACHING if reached.acts[action]},
    )
