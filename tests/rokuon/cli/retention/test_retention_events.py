"""`rokuon retention event`, as a retention owner types it."""

import json
from pathlib import Path

import pytest

from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A file to import."""
    file = tmp_path / "events.csv"
    file.write_text("kind,key,date\ncontract_end,K-1,2026-03-31\nagent_left,A17,2026-04-01\n")
    return file


def test_a_table_is_imported_corrected_and_listed(site: Installation, table: Path) -> None:
    """A correction is another line; only the last one counts."""
    done = run_at(site, "retention", "event", "import", str(table), "-o", "json").output
    again = run_at(site, "retention", "event", "import", str(table), "-o", "json").output
    run_at(site, "retention", "event", "add", "contract_end", "k-1", "none")
    shown = run_at(site, "retention", "event", "list").output
    listed = json.loads(
        run_at(site, "retention", "event", "list", "--key", "K-1", "-o", "json").output
    )

    assert [json.loads(each) for each in (done, again)] == [
        {"told": 2, "unchanged": 0, "out_of_range": []},
        {"told": 0, "unchanged": 2, "out_of_range": []},
    ]  # fmt: skip
    assert "has not happened" in shown
    assert [(each["date"], each["in_force"]) for each in listed] == [
        (None, True), ("2026-03-31", False),
    ]  # fmt: skip


def test_each_mistake_is_a_line_and_a_wrong_use(site: Installation, table: Path) -> None:
    """With the number of the line in the file."""
    table.write_text("kind,key,date\nx,K-1,2026-03-31\ncontract_end,K-1,soon\n")
    refused = run_at(site, "retention", "event", "import", str(table)).exception

    assert isinstance(refused, ApiRefused)
    assert code_for(refused) is Exit.USAGE
    assert [each.partition(":")[0] for each in words_of(refused).splitlines()[1:]] == [
        "line 2", "line 3",
    ]  # fmt: skip


def test_what_is_wrong_with_a_day_is_said(site: Installation) -> None:
    """With how one is written."""
    refused = run_at(
        site, "retention", "event", "add", "contract_end", "K-1", "31.3.2026"
    ).exception

    assert isinstance(refused, ApiRefused)
    assert code_for(refused) is Exit.USAGE
