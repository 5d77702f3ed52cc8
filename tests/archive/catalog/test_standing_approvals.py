"""Rules for which an approval stands."""

from pathlib import Path

from archive.catalog.engine import writing
from archive.catalog.standing_approvals import end_standing, let_stand, standing_rules
from tests.archive.catalog.examples import author, new_catalog
from tests.archive.catalog.test_destruction_plans import append, line


def test_an_approval_stands_once_for_each_rule_until_all_are_ended(tmp_path: Path) -> None:
    """In its revision; what was ended may stand again by another word."""
    with writing(new_catalog(tmp_path)) as connection:
        plan = append(connection, line(1))
        let_stand(connection, author(), plan, {(1, "a"), (1, "b")})
        let_stand(connection, author(), plan, {(1, "a"), (2, "a")})
        standing = standing_rules(connection, 1)
        ended = end_standing(connection, author())
        after = standing_rules(connection, 1)
        let_stand(connection, author(), plan, {(1, "a")})

        assert standing == {(1, "a"), (1, "b"), (2, "a")}
        assert (ended, after) == (3, frozenset())
        assert standing_rules(connection, 1) == {(1, "a")}
