"""How commands ask the API."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from archive.catalog.database.engine import reading
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.archive.catalog import open_catalog, prepare_catalog
from rokuon.machine.api_client import ApiRefused
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation, installation
from tests.support.cli.calls import WINDOW
from tests.support.rokuon.plans import join_late
from tests.told import all_told

YEAR = ("--from", "2026-01-01", "--to", "2026-12-31", "--zone", "UTC")


def reasons(site: Installation) -> list[str]:
    """Why somebody asked, entry by entry."""
    with reading(open_catalog(site.config)) as connection:
        return [line.entry.reason for line in all_told(connection)]


def test_a_purpose_is_an_option_or_a_variable_or_ones_own(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The README's commands go on working: whoever runs Rokuon has one."""
    run_at(site, "calls", "find", *WINDOW)
    own = reasons(site)[-1]
    run_at(site, "calls", "find", *WINDOW, "--purpose", "case:D-2026-0114")
    stated = reasons(site)[-1]
    monkeypatch.setenv("ROKUON_PURPOSE", "quality")
    run_at(site, "calls", "find", *WINDOW)

    assert (own, stated, reasons(site)[-1]) == ("technical", "case:D-2026-0114", "quality")


@pytest.mark.parametrize("purpose", ["curiosity", "苦情"])
def test_a_purpose_that_is_none_is_not_permitted(site: Installation, purpose: str) -> None:
    """Exit 4, whatever letters it has."""
    refused: Any = run_at(site, "calls", "find", *WINDOW, "--purpose", purpose).exception

    assert isinstance(refused, ApiRefused)
    assert code_for(refused) is Exit.NOT_PERMITTED


def test_a_call_is_asked_for_once(site: Installation) -> None:
    """By an id of ours there is no search before the look: the journal has one line."""
    call = json.loads(run_at(site, "calls", "find", *WINDOW, "-o", "json").output)[0]["call"]
    before = len(reasons(site))
    run_at(site, "calls", "show", call)

    assert len(reasons(site)) == before + 1


@pytest.fixture
def joined() -> Iterator[Installation]:
    """An installation of its own, with three recordings that are one call."""
    with installation() as made:
        prepare_catalog(made.config).dispose()
        join_late(made)
        yield made


def test_a_recording_that_became_part_of_a_call_is_meant_by_its_own_id(
    joined: Installation,
) -> None:
    """Found alone it was a call of that id, which leads to the whole call now: a tag for one of two
    recordings was refused, and a copy of the second was the first.
    """
    rows = json.loads(run_at(joined, "calls", "find", *YEAR, "-o", "json").output)
    (call,) = {row["call"] for row in rows if row["call"] != row["recording"]}
    owns = sorted(row["recording"] for row in rows if row["call"] == call)

    shown = [
        json.loads(run_at(joined, "calls", "show", own, "-o", "json").output)
        for own in (*owns, call)
    ]

    assert len(owns) == 3
    assert [[each["recording"] for each in one["recordings"]] for one in shown[:-1]] == [
        [own] for own in owns
    ]
    assert sorted(each["recording"] for each in shown[-1]["recordings"]) == owns
