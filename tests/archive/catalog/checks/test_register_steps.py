"""What the rows of the register say that was done."""

from pathlib import Path

from archive.catalog.accounts.persons import add_user, disable_user
from archive.catalog.checks.register_steps import read_names, register_steps
from archive.catalog.database.engine import writing
from tests.archive.catalog.examples import NOW_US, author, new_catalog


def test_each_step_has_its_time_and_its_author(tmp_path: Path) -> None:
    """What was not done yet is no step."""
    engine = new_catalog(tmp_path)
    with writing(engine) as connection:
        add_user(connection, author(), "tanaka")
        add_user(connection, author(user=1), "sato")
        disable_user(connection, author(at_us=NOW_US + 1), "sato")
        steps = list(register_steps(connection, read_names(connection)))

    assert [(each.row, each.action, each.target, each.at_us) for each in steps] == [
        ("user 1", "user_added", "tanaka", NOW_US),
        ("user 2", "user_added", "sato", NOW_US),
        ("user 2", "user_disabled", "sato", NOW_US + 1),
    ]
    assert [each.nobody for each in steps] == [True, False, False]
    assert "tanaka" in steps[1].actors
    engine.dispose()
