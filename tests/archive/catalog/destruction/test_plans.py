"""The register of plans, and of their lines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from archive.access.approvals import Kind
from archive.catalog.access.approvals import propose
from archive.catalog.accounts.persons import add_user, user_named
from archive.catalog.database.engine import writing
from archive.catalog.destruction.plans import (
    PlanApproval,
    UnknownPlan,
    approve_plan,
    end_plan,
    last_written_us,
    note_begun,
    note_handed,
    note_proposal,
    note_work,
    open_plans,
    plan_numbered,
    plans,
)
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import author, new_catalog
from tests.support.catalog.destruction_plans import append, line
from tests.told import all_told


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Connection]:
    """An empty one."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        yield connection
    engine.dispose()


def test_a_plan_is_found_as_it_was_made_and_the_journal_says_so(catalog: Connection) -> None:
    """By its number; there is none of another one."""
    number = append(catalog, line(1), line(2))
    found = plan_numbered(catalog, DEFAULT_TENANT, number)
    (told,) = all_told(catalog)

    assert (found.content.recordings, found.content.size_bytes) == (2, 3)
    assert (found.approval, found.course.ended) == (PlanApproval(), "")
    assert (told.entry.action, told.entry.target) == ("destruction_planned", f"plan:{number}")
    assert told.entry.detail == {"sha256": (b"s" * 32).hex(), "count": 2, "bytes": 3}
    with pytest.raises(UnknownPlan):
        plan_numbered(catalog, DEFAULT_TENANT, number + 1)


def _person(catalog: Connection) -> int:
    """Who proposes."""
    add_user(catalog, author(), "owner")
    return user_named(catalog, DEFAULT_TENANT, "owner").row


def test_each_step_of_a_plan_is_kept(catalog: Connection) -> None:
    """So that another process goes on where this one was killed."""
    number = append(catalog, line(1))
    proposal = propose(catalog, author(user=_person(catalog)), Kind.APPROVE_PLAN, b"d" * 32, "")
    note_proposal(catalog, number, proposal)
    approval = PlanApproval(proposal=proposal, approved_us=8, due_us=9, one_person=True)
    approve_plan(catalog, author(), number, approval)
    note_handed(catalog, number, 10)
    note_begun(catalog, number, 11)
    note_work(catalog, number, 12, "window")
    waiting = plan_numbered(catalog, DEFAULT_TENANT, number)
    end_plan(catalog, number, 13, "done")
    ended = plan_numbered(catalog, DEFAULT_TENANT, number)

    assert waiting.approval == approval
    course = waiting.course
    assert (course.handed_us, course.begun_us, course.last_us) == (10, 11, 12)
    assert (course.waits, course.ended) == ("window", "")
    assert (ended.course.waits, ended.course.ended_us, ended.course.ended) == ("", 13, "done")
    assert last_written_us(catalog, DEFAULT_TENANT) == 13


def test_open_plans_come_oldest_first_and_all_newest_first(catalog: Connection) -> None:
    """The runner takes the oldest, a person looks at the newest."""
    numbers = [append(catalog, line(at), own=bytes([at]) * 16) for at in (1, 2, 3)]
    end_plan(catalog, numbers[1], 1, "stopped")

    assert [each.number for each in open_plans(catalog, DEFAULT_TENANT)] == [1, 3]
    assert [each.number for each in plans(catalog, DEFAULT_TENANT)] == [3, 2, 1]
