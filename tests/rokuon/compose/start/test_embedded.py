"""Everything under one supervisor, as it is put together."""

import errno
import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from rokuon.compose.archive.key_daemon import keys_config
from rokuon.compose.processes.part_plan import PartPlan
from rokuon.compose.processes.supervisor import START_ORDER
from rokuon.compose.start.embedded import (
    GRACE_S,
    LOCAL_BROWSER,
    differ,
    greet_if_there,
    hand_over,
    plans,
)
from rokuon.config.load import parse
from rokuon.messages.choices import FirstStart


def test_each_part_is_run_with_the_options_of_the_whole_and_a_grace_of_its_own() -> None:
    """In the order in which they need one another."""
    made = plans(("--config", "a.toml"))

    assert tuple(plan.name for plan in made) == START_ORDER
    assert all(plan.command[-4:-2] == ("--config", "a.toml") for plan in made)
    assert {plan.name: plan.grace_s for plan in made} == GRACE_S


def test_who_is_welcomed_sits_at_this_machine_and_needs_no_tls() -> None:
    """`make run` says so to the API; every other start leaves it to the settings."""
    told = {
        first: [plan.name for plan in plans((), first) if LOCAL_BROWSER in plan.command]
        for first in FirstStart
    }

    assert told[FirstStart.WELCOME] == ["api"]
    assert told[FirstStart.NOTHING] == told[FirstStart.ONE_PERSON] == []


def test_capture_may_take_as_long_to_start_as_all_the_parts_that_it_starts() -> None:
    """Holder, ingest, relay and signalling, one after the other, on a busy machine."""
    (capture,) = (plan for plan in plans(()) if plan.name == "capture")

    assert capture.start_s > 4 * PartPlan(name="one of them", command=()).start_s


NO_CATALOG = OperationalError("", {}, sqlite3.OperationalError("unable to open database file"))
NO_ROOM = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize(
    ("failed", "said"),
    [
        (NO_CATALOG, "does not answer (unable to open database file)"),
        (NO_ROOM, "the disk is full"),
    ],
    ids=["no catalog", "no room"],
)
def test_where_nobody_can_be_greeted_nothing_ends_for_it(
    capsys: pytest.CaptureFixture[str], failed: Exception, said: str
) -> None:
    """The greeting is a task beside capture: what it raised ended all."""

    def greet() -> None:
        raise failed

    greet_if_there(greet)

    assert said in capsys.readouterr().err


def test_another_list_of_intake_keys_is_seen(tmp_path: Path) -> None:
    """After a turn; before the first start there is none to copy."""
    listed, folder = tmp_path / "intake-keys.json", tmp_path / "capture"
    folder.mkdir()
    assert not differ(listed, folder)
    listed.write_text("one")
    assert differ(listed, folder)
    (folder / listed.name).write_text("one")
    assert not differ(listed, folder)
    listed.write_text("two")

    assert differ(listed, folder)


def test_a_list_that_cannot_be_copied_ends_nothing_and_is_copied_later(tmp_path: Path) -> None:
    """A full capture folder had the supervisor stop every part, with all calls."""
    config = parse("", name="-", base=tmp_path)
    keys = keys_config(config)
    keys.folder.mkdir(parents=True)
    for file in (keys.signing_public, keys.intake_list):
        file.write_text("new")
    hand_over(config)  # there is no folder to write to
    config.capture_path.mkdir()
    before = [*config.capture_path.iterdir()]
    hand_over(config)

    copies = {path.name: path.read_text() for path in config.capture_path.iterdir()}
    assert before == []
    assert copies == {keys.signing_public.name: "new", keys.intake_list.name: "new"}
