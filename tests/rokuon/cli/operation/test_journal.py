"""`rokuon audit`."""

import json

from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation
from tests.support.cli.calls import found


def test_what_was_done_is_read_again(site: Installation) -> None:
    """Who looked at a call, why, and when; and what the same account reached."""
    call = str(found(site)[0]["call"])
    run_at(site, "calls", "show", call, "--purpose", "case:D-2026-0115")
    heard = json.loads(run_at(site, "audit", "who-heard", call, "-o", "json").stdout)
    (latest,) = json.loads(
        run_at(site, "audit", "tail", "--action", "read", "--limit", "1", "-o", "json").stdout
    )
    window = ("--from", "-1h", "--to", "-0m", "--zone", "UTC")
    reached = json.loads(
        run_at(site, "audit", "reach", latest["actor"], *window, "-o", "json").stdout
    )

    assert "case:D-2026-0115" in [entry["purpose"] for entry in heard]
    assert (latest["target"], latest["purpose"]) == (call, "case:D-2026-0115")
    assert call in [each["call"] for each in reached[0]["calls"]]


def test_for_people_it_is_a_table(site: Installation) -> None:
    """Times in the zone that is named."""
    told = run_at(site, "audit", "tail", "--zone", "Asia/Tokyo", "--limit", "1")
    broken = run_at(site, "audit", "broken-glass")

    assert "at (Asia/Tokyo)" in told.output
    assert (told.exit_code, broken.exit_code) == (0, 0)
