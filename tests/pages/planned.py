"""Plans of destruction in each of their states, and how one comes to their pages."""

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, update

from api.destruction.plan_course import act_of
from archive.access.approvals import Kind
from archive.access.reach import ReachFacts
from archive.catalog.access.approvals import approve, propose
from archive.catalog.database.engine import writing
from archive.catalog.destruction.planned_recordings import drop, drop_rest, lines_of
from archive.catalog.destruction.plans import (
    PlanApproval,
    PlanContent,
    PlanLine,
    append_plan,
    approve_plan,
    end_plan,
    note_begun,
    note_handed,
    note_proposal,
    note_work,
)
from archive.catalog.destruction.tombstones import place_tombstone
from archive.catalog.tables.catalog import planned_recording
from archive.catalog.tables.tenants import ensure_tenant
from archive.ids import DEFAULT_TENANT, ID_BYTES, PlanId, RecordingId
from archive.lifecycle.tombstone import Remains, Tombstone, digest_of
from retention.certificates.certificate import Word
from tests.api.certificates.runs import Daemon, ended, issue
from tests.archive.catalog.examples import (
    MINUTE_US,
    NOW_US,
    STARTED_US,
    adopt,
    adoption,
    author,
    inbound,
    recording_id,
)

# Those that are carried out, that wait for tomorrow, and that wait for a word.
DONE: Final = 3
WAITS: Final = 4
OPEN: Final = 5
# That who looks has proposed and another person has approved.
READY: Final = 6
_HOUR_US: Final = 60 * MINUTE_US
_YEARS_US: Final = 3 * 365 * 24 * _HOUR_US
# Older than every maximum of the houses.
_OLD: Final = (11, 12)


def _plan(connection: Connection, number: int, rule: str, own: Sequence[RecordingId]) -> int:
    lines = [
        PlanLine(
            recording=each, digest=digest_of(each), revision=1, rules=(rule,), size_bytes=9_999_999
        )
        for each in own
    ]
    content = PlanContent(
        id=PlanId(number.to_bytes(ID_BYTES)),
        sha256=sha256(number.to_bytes(ID_BYTES)).digest(),
        decided_us=NOW_US - 100 * _HOUR_US,
        recordings=len(lines),
        size_bytes=sum(each.size_bytes for each in lines),
        cooling_off_h=72,
    )
    return append_plan(connection, author(), content, lines)


def _proposed(connection: Connection, number: int) -> None:
    row = propose(connection, author(user=1), Kind.APPROVE_PLAN, number.to_bytes(32), "destroy 3")
    note_proposal(connection, number, row)


def _ready(connection: Connection, number: int) -> None:
    """Of the first person's, approved by the second."""
    digest = act_of(sha256(number.to_bytes(ID_BYTES)).digest())
    row = propose(connection, author(user=1), Kind.APPROVE_PLAN, digest, "destroy 3")
    note_proposal(connection, number, row)
    approve(connection, author(user=2), row)


def _approved(connection: Connection, number: int, due_us: int) -> None:
    """By an approval that stands."""
    approval = PlanApproval(proposal=None, approved_us=NOW_US - 80 * _HOUR_US, due_us=due_us)
    approve_plan(connection, author(), number, approval)
    note_handed(connection, number, NOW_US - 80 * _HOUR_US)


def _done(connection: Connection, number: int) -> None:
    """All but one of its recordings is gone."""
    _approved(connection, number, NOW_US - 8 * _HOUR_US)
    note_begun(connection, number, NOW_US - 8 * _HOUR_US)
    held, *others = lines_of(connection, 1, number)
    drop(connection, {held.row: "held"})
    gone = update(planned_recording).where(planned_recording.c.row.in_([x.row for x in others]))
    connection.execute(gone.values(stage="gone", recording=None, destroyed_us=NOW_US))
    end_plan(connection, number, NOW_US - 7 * _HOUR_US, "done")


def _left(connection: Connection, words: str) -> None:
    """What is left of a recording, with its queue; and of one of which nothing is known."""
    remains = Remains(
        hour_us=STARTED_US - STARTED_US % _HOUR_US,
        facts=ReachFacts(queues=(words,), teams=(words,)),
        revision=1,
        rules=("default",),
        plan=DONE,
    )
    tenant = ensure_tenant(connection, DEFAULT_TENANT)
    own = Tombstone(recording=recording_id(70), destroyed_us=NOW_US, journal=1, remains=remains)
    place_tombstone(connection, tenant, own)


def add_plans(engine: Engine, folder: Path, words: str) -> None:
    """1 stopped, 2 cools off, 3 carried out, 4 runs and waits, 5 waits for a word, 6 has it."""
    old = [adoption(each, inbound(STARTED_US - _YEARS_US)) for each in _OLD]
    adopt(engine, *old)
    with writing(engine) as connection:
        for number in (1, 2, DONE, WAITS, OPEN, READY):
            own = [recording_id(20 + 10 * number + each) for each in range(3)]
            _plan(
                connection, number, "default", own if number != 4 else [old[1].part_name.recording]
            )
        drop_rest(connection, 1, 1, "stopped")
        end_plan(connection, 1, NOW_US, "stopped")
        _approved(connection, 2, NOW_US + 20 * _HOUR_US)
        _done(connection, DONE)
        _approved(connection, WAITS, NOW_US - 8 * _HOUR_US)
        note_begun(connection, WAITS, NOW_US - 8 * _HOUR_US)
        note_work(connection, WAITS, NOW_US, "share")
        _proposed(connection, OPEN)
        _ready(connection, READY)
        _left(connection, words)
    run = replace(ended(count=2, number=DONE), approval=Word.STANDING)
    issue(engine, folder, Daemon(run.recordings)).issue(run)
