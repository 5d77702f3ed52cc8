"""Rules for which an approval stands."""

from pathlib import Path

from sqlalchemy import Connection

from archive.catalog.database.engine import writing
from archive.catalog.destruction.plans import PlanApproval, approve_plan, end_plan, note_begun
from archive.catalog.destruction.standing_approvals import (
    end_standing,
    end_standing_of,
    let_stand,
    standing_approvals,
    standing_rules,
)
from tests.archive.catalog.examples import author, new_catalog
from tests.support.catalog.destruction_plans import append, line

BEGUN_US = 9


def approved(connection: Connection, digest: int, *rules: tuple[int, str]) -> int:
    """A plan that is approved for these rules, cools off until 8 and has not begun."""
    plan = append(connection, line(digest), own=bytes([digest]) * 16)
    approve_plan(connection, author(), plan, PlanApproval(approved_us=7, due_us=8))
    let_stand(connection, author(), plan, rules)
    return plan


def begun(connection: Connection, digest: int, *rules: tuple[int, str]) -> int:
    """The same, and its run has begun."""
    plan = approved(connection, digest, *rules)
    note_begun(connection, plan, BEGUN_US)
    return plan


def test_an_approval_stands_for_each_rule_until_all_are_ended(tmp_path: Path) -> None:
    """In its revision; what was ended may stand again by another word."""
    with writing(new_catalog(tmp_path)) as connection:
        first = begun(connection, 1, (1, "a"), (1, "b"))
        begun(connection, 2, (1, "a"), (2, "a"))
        standing = standing_rules(connection, 1, BEGUN_US)
        since = {each.plan: each.begun_us for each in standing_approvals(connection, 1, BEGUN_US)}
        ended = end_standing(connection, author())
        after = standing_rules(connection, 1, BEGUN_US)
        begun(connection, 3, (1, "a"))

        assert standing == {(1, "a"), (1, "b"), (2, "a")}
        assert since[first] == BEGUN_US
        assert (ended, after) == (3, frozenset())
        assert standing_rules(connection, 1, BEGUN_US) == {(1, "a")}


def test_an_approval_does_not_stand_before_its_plan_has_cooled_off_and_begun(
    tmp_path: Path,
) -> None:
    """A run that is said to have begun before the cooling off is over lets nothing stand."""
    with writing(new_catalog(tmp_path)) as connection:
        approved(connection, 1, (1, "never begun"))
        early = approved(connection, 2, (1, "a"))
        note_begun(connection, early, 5)

        assert [standing_rules(connection, 1, at_us) for at_us in (7, 8)] == [set(), {(1, "a")}]


def test_an_approval_of_a_stopped_plan_stands_no_more(tmp_path: Path) -> None:
    """Whatever else was written down of it; one that is through goes on standing."""
    with writing(new_catalog(tmp_path)) as connection:
        end_plan(connection, begun(connection, 1, (1, "a")), 10, "stopped", "b")
        end_plan(connection, begun(connection, 2, (1, "b")), 10, "done")
        end_plan(connection, begun(connection, 3, (1, "c")), 10, "altered")

        assert standing_rules(connection, 1, 11) == {(1, "b")}


def test_an_approval_is_ended_for_some_rules_whichever_plan_it_was_given_for(
    tmp_path: Path,
) -> None:
    """Also where it does not stand yet; other revisions of a rule are other rules."""
    with writing(new_catalog(tmp_path)) as connection:
        begun(connection, 1, (1, "a"), (1, "b"), (2, "a"))
        begun(connection, 2, (1, "a"))
        later = approved(connection, 3, (1, "a"))
        ended = end_standing_of(connection, author(), {(1, "a"), (1, "c")})
        note_begun(connection, later, 10)

        assert ended == 1
        assert standing_rules(connection, 1, 11) == {(1, "b"), (2, "a")}
