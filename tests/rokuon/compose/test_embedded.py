"""Everything under one supervisor, as it is put together."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from rokuon.compose.embedded import GRACE_S, differ, greet_if_there, plans
from rokuon.part_plan import PartPlan
from rokuon.supervisor import START_ORDER


def test_each_part_is_run_with_the_options_of_the_whole_and_a_grace_of_its_own() -> None:
    """In the order in which they need one another."""
    made = plans(("--config", "a.toml"))

    assert tuple(plan.name for plan in made) == START_ORDER
    assert all(plan.command[-4:-2] == ("--config", "a.toml") for plan in made)
    assert {plan.name: plan.grace_s for plan in made} == GRACE_S


def test_capture_may_take_as_long_to_start_as_all_the_parts_that_it_starts() -> None:
    """Holder, ingest, relay and signalling, one after the other, on a busy machine."""
    (capture,) = (plan for plan in plans(()) if plan.name == "capture")

    assert capture.start_s > 4 * PartPlan(name="one of them", command=()).start_s


def test_nobody_is_greeted_without_a_catalog_and_nothing_ends_for_it(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The greeting is a task beside capture: what it raised ended all."""

    def greet() -> None:
        raise OperationalError("", {}, sqlite3.OperationalError("unable to open database file"))

    greet_if_there(greet)

    assert "does not answer (unable to open database file)" in capsys.readouterr().err


def test_another_list_of_intake_keys_is_seen(tmp_path: Path) -> None:
    """After a turn; before the first start there is none to copy."""
    listed, folder = tmp_path / "intake-keys.json", tmp_path / "capture"
    folder.mkdir()
    assert not differ(listed, folder)
    listed.write_text("one")
    (folder / listed.name).write_text("one")
    assert not differ(listed, folder)
    listed.write_text("two")

    assert differ(listed, folder)
