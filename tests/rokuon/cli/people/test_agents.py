"""`rokuon agents import|assign|list`."""

import json
from pathlib import Path

from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.machine.api_client import ApiRefused
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import installation
from tests.support.cli.agents import TABLE


def test_a_table_that_was_read_can_be_listed_and_one_with_a_mistake_changes_nothing(
    tmp_path: Path,
) -> None:
    """Times without offset are in the zone that was named; a mistake is named by its line."""
    file = tmp_path / "agents.csv"
    with installation() as site:
        file.write_text(TABLE)
        done = run_at(site, "agents", "import", str(file), "-o", "json")
        file.write_text(TABLE.replace("2001", ""))
        refused = run_at(site, "agents", "import", str(file)).exception
        (row,) = json.loads(run_at(site, "agents", "list", "-o", "json").output)

    assert json.loads(done.output)["added"] == 1
    assert (row["name"], row["extension"]) == ("田中 花子", "2001")
    assert (row["valid_from"], row["valid_to"]) == ("2025-12-31T15:00:00+00:00", "")
    assert isinstance(refused, ApiRefused)
    assert code_for(refused) is Exit.USAGE
    assert any("line 2" in fault for fault in refused.faults)


def test_a_stretch_is_said_to_be_an_agents_and_the_table_lists_it(tmp_path: Path) -> None:
    """A time without offset is of the zone that is named; nobody's id is refused by name."""
    file = tmp_path / "agents.csv"
    window = ("--from", "2026-10-29 17:00", "--to", "2026-10-29 18:00", "--zone", "Asia/Tokyo")
    because = ("--reason", "free seating")
    with installation() as site:
        file.write_text(TABLE)
        run_at(site, "agents", "import", str(file))
        (row,) = json.loads(run_at(site, "agents", "list", "-o", "json").output)
        own = row["agent_id"]
        refused = run_at(site, "agents", "assign", "nobody", "2009", *window, *because).exception
        done = run_at(site, "agents", "assign", own, "2009", *window, *because, "-o", "json")
        rows = json.loads(run_at(site, "agents", "list", "-o", "json").output)

    assert isinstance(refused, ApiRefused)
    assert any("nobody with this id" in fault for fault in refused.faults)
    assert json.loads(done.output)["added"] == 1
    assert [(each["extension"], each["valid_from"], each["valid_to"]) for each in rows[1:]] == [
        ("2009", "2026-10-29T08:00:00+00:00", "2026-10-29T09:00:00+00:00")
    ]
