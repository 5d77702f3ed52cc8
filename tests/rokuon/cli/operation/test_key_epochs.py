"""`rokuon keys`: what an administrator sees and does."""

import json
from collections.abc import Iterator

import pytest

from rokuon.cli.terminal.exits import Exit
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation


@pytest.fixture(scope="module")
def site() -> Iterator[Installation]:
    with installation() as made:
        yield made


def test_an_epoch_is_turned_and_seen(site: Installation) -> None:
    """The one command for it waits until it is done."""
    turned = run_at(site, "keys", "rotate", "-o", "json")
    assert turned.exit_code == Exit.OK, turned.output
    found = json.loads(run_at(site, "keys", "epoch", "-o", "json").output)

    assert [each["state"] for each in found[:2]] == ["current", "past"]
    assert json.loads(turned.output)["newest_set"]["epoch"] == found[0]["number"]


def test_status_names_what_is_as_it_should_be(site: Installation) -> None:
    """Zero where nothing is to be done."""
    told = run_at(site, "keys", "status")

    assert told.exit_code == Exit.OK, told.output
    assert "known_copies" in told.output


def test_one_epoch_is_shown_by_its_number(site: Installation) -> None:
    """Certificates name epochs."""
    found = json.loads(run_at(site, "keys", "epoch", "1", "-o", "json").output)

    assert [each["number"] for each in found] == [1]


def test_who_asked_for_a_turn_is_in_the_journal(site: Installation) -> None:
    """Before it begins."""
    run_at(site, "keys", "rotate")
    entries = json.loads(run_at(site, "audit", "tail", "-o", "json").output)

    assert "epoch_turn_asked" in [each["action"] for each in entries]
