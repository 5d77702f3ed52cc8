"""`rokuon retention clock`: what a retention owner sees and says."""

import json
from collections.abc import Iterator

import pytest

from rokuon.cli.terminal.exits import Exit
from rokuon.cli.words.values import cell
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as made:
        yield made


def test_a_clock_that_nobody_doubts_is_shown(site: Installation) -> None:
    """Zero where what is due may go."""
    told = run_at(site, "retention", "clock", "-o", "json")

    assert told.exit_code == Exit.OK, told.output
    assert json.loads(told.output)["doubt"] == ""


def test_by_itself_the_command_shows_it(site: Installation) -> None:
    """As a person types it first."""
    told = run_at(site, "retention", "clock")

    assert told.exit_code == Exit.OK, told.output
    assert "destroys by it" in told.output
    assert "it is not asked" in told.output


def test_root_at_the_terminal_is_nobody_who_reads_another_clock(site: Installation) -> None:
    """A person confirms, by a name of its own; what root says would be this clock again."""
    said = run_at(site, "retention", "clock", "confirm", "--yes")
    assert said.exit_code != Exit.OK
    entries = json.loads(run_at(site, "audit", "tail", "-o", "json").output)

    assert "clock_confirmed" not in [each["action"] for each in entries]


def test_who_is_not_asked_says_nothing(site: Installation) -> None:
    """A script that forgot to answer confirms nothing."""
    assert run_at(site, "retention", "clock", "confirm").exit_code != Exit.OK


def test_every_doubt_has_words() -> None:
    """One of a later version is shown as it is."""
    doubts = ("", "unsynchronised", "settling", "pause", "behind")

    assert not {cell("clock_doubt", each) for each in doubts} & set(doubts)
    assert cell("clock_doubt", "x") == "x"
