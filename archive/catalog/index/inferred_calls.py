"""Two ends of one internal call, recorded without an id that both bear: known by their parties.

Inferred, and said to be. Knows nothing of conversations.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Row, bindparam, select

from archive.call.facts import RecordingFacts
from archive.catalog.register.kept_facts import DESTROYED
from archive.catalog.tables.catalog import FLAGS_JOINED, call_id, leg_address, recording, told_id

# That a recording belongs to the call of its conversation follows from its parties alone.
CALL_INFERRED: Final = "call_inferred"
# Two recorders of one call begin within this.
NEAR_US: Final = 2_000_000
_TWO: Final = 2
# Fewer digits than three name nobody.
_LEAST_DIGITS: Final = 3
# With more than one nobody knows which; all are told, so that they know it too.
_MOST: Final = 8
_SESSION: Final = "recording_session"


@dataclass(frozen=True, slots=True, order=True)
class Twin:
    """Another recording with the same two parties; the older sorts first."""

    started_us: int
    recording: bytes
    row: int
    conversation: int
    is_inferred: bool  # whether it is flagged as of an inferred call


def twins_of(
    connection: Connection, tenant: int, row: int, facts: RecordingFacts
) -> tuple[Twin, ...]:
    """All recordings of the same source, begun at the same time, between exactly its two numbers.

    Not those of the same recording session: of these their client says that they are two calls.
    """
    ends = _ends(facts)
    if len(ends) != _TWO:
        return ()
    near = _near(connection, tenant, row, (facts, min(ends)))
    if not near:
        return ()
    rows = [each.row for each in near]
    theirs, sessions = _their_ends(connection, tenant, rows), _sessions(connection, tenant, rows)
    own = {value for kind, value in facts.calls.ids if kind == _SESSION}
    return tuple(
        sorted(
            _twin(each)
            for each in near
            if theirs[each.row] == ends and own.isdisjoint(sessions[each.row])
        )
    )


def _ends(facts: RecordingFacts) -> frozenset[str]:
    """The numbers of its parties, from the end; none where one of them has none.

    Nor of a call between an extension and the world: two such calls between the same two numbers
    at once are two people behind one number.
    """
    legs = [leg.facts.addresses for leg in facts.people.corrected]
    if len({any(each.number.e164 for each in addresses) for addresses in legs}) == _TWO:
        return frozenset()
    digits = {each.number.reversed_digits for addresses in legs for each in addresses}
    return frozenset(digits) if min(map(len, digits), default=0) >= _LEAST_DIGITS else frozenset()


# Asked of every recording that comes: to put it together takes as long as to ask it.
_NEAR: Final = (
    select(recording)
    .distinct()
    .join(leg_address, leg_address.c.recording == recording.c.row)
    .where(
        leg_address.c.tenant == bindparam("own_tenant"),
        leg_address.c.reversed_digits == bindparam("digits"),
        leg_address.c.started_us.between(bindparam("from_us"), bindparam("until_us")),
        leg_address.c.in_force == 1,
        recording.c.tenant == bindparam("own_tenant"),
        recording.c.row != bindparam("own_row"),
        recording.c.source == bindparam("own_source"),
        recording.c.state != DESTROYED,
        # Two ends of one call are up together.
        recording.c.ended_us >= bindparam("began_us"),
        recording.c.started_us <= bindparam("over_us"),
    )
    .limit(_MOST)
)


def _near(
    connection: Connection, tenant: int, row: int, sought: tuple[RecordingFacts, str]
) -> Sequence[Row[tuple[object, ...]]]:
    facts, digits = sought
    values = {
        "own_tenant": tenant,
        "own_row": row,
        "own_source": facts.source,
        "digits": digits,
        "from_us": facts.started_us - NEAR_US,
        "until_us": facts.started_us + NEAR_US,
        "began_us": facts.started_us,
        "over_us": facts.ended_us,
    }
    return connection.execute(_NEAR, values).all()


def _their_ends(connection: Connection, tenant: int, rows: list[int]) -> dict[int, set[str]]:
    ends: defaultdict[int, set[str]] = defaultdict(set)
    wanted = select(leg_address.c.recording, leg_address.c.reversed_digits).where(
        leg_address.c.tenant == tenant,
        leg_address.c.recording.in_(rows),
        leg_address.c.in_force == 1,
    )
    for each in connection.execute(wanted):
        ends[each.recording].add(each.reversed_digits)
    return ends


def _sessions(connection: Connection, tenant: int, rows: list[int]) -> dict[int, set[str]]:
    sessions: defaultdict[int, set[str]] = defaultdict(set)
    wanted = select(call_id.c.recording, told_id.label("value")).where(
        call_id.c.tenant == tenant, call_id.c.recording.in_(rows), call_id.c.kind == _SESSION
    )
    for each in connection.execute(wanted):
        sessions[each.recording].add(each.value)
    return sessions


def _twin(row: Row[tuple[object, ...]]) -> Twin:
    return Twin(
        started_us=row.started_us,
        recording=row.id,
        row=row.row,
        conversation=row.conversation,
        is_inferred=CALL_INFERRED in row.flags.split(FLAGS_JOINED),
    )
