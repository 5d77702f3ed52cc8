"""`rokuon retention clock`: what a retention owner sees and says."""

import json
from collections.abc import Iterator

import pytest

from rokuon.cli.exits import Exit
from rokuon.cli.words import cell
from rokuon.client import ApiRefused, Client
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


def test_a_person_confirms_it_and_the_journal_has_that(site: Installation) -> None:
    """Who, and when."""
    said = run_at(site, "retention", "clock", "confirm", "--yes")
    assert said.exit_code == Exit.OK, said.output
    entries = json.loads(run_at(site, "audit", "tail", "-o", "json").output)

    assert "clock_confirmed" in [each["action"] for each in entries]


def test_who_is_not_asked_says_nothing(site: Installation) -> None:
    """A script that forgot to answer confirms nothing."""
    assert run_at(site, "retention", "clock", "confirm").exit_code != Exit.OK


def test_every_doubt_has_words() -> None:
    """One of a later version is shown as it is."""
    doubts = ("", "unsynchronised", "settling", "pause", "behind")

    assert not {cell("clock_doubt", each) for each in doubts} & set(doubts)
    assert cell("clock_doubt", "x") == "x"


def test_another_time_than_the_machines_is_refused(site: Installation) -> None:
    """Who reads another one off his watch sets the clock first."""
    client = Client(path=site.answering())

    with pytest.raises(ApiRefused) as refused:
        client.post("/retention/clock/confirm", {"at": "2036-01-01T00:00:00Z"})
    assert refused.value.status == 409
