"""`rokuon retention simulate`."""

import json
from pathlib import Path

import pytest

from retention.policy_text import policy_text
from rokuon import i18n
from tests.retention.examples import policy, rule
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation


@pytest.fixture
def file(tmp_path: Path) -> str:
    """A policy by which every call is over its time at once."""
    path = tmp_path / "policy.toml"
    path.write_text(policy_text(policy(rule("short", after="P0D"))), "utf-8")
    return str(path)


def test_what_a_policy_would_do_is_counted_before_it_is_taken_over(
    site: Installation, file: str
) -> None:
    """For people tables, for programs the same numbers; nothing has changed after."""
    table = run_at(site, "retention", "simulate", file)
    found = json.loads(run_at(site, "retention", "simulate", file, "-o", "json").stdout)
    revisions = json.loads(run_at(site, "retention", "policy", "list", "-o", "json").stdout)

    assert "due at once, not today" in table.output
    assert "month in which they go" in table.output
    assert found["whole"]["recordings"] == found["total"] > 0
    assert sum(each["recordings"] for each in found["changes"].values()) == found["total"]
    assert [each["number"] for each in revisions] == [0]


def test_it_is_said_in_japanese(site: Installation, file: str) -> None:
    """Whoever answers for it reads Japanese."""
    before = i18n.language()
    i18n.speak("ja")
    try:
        told = run_at(site, "--lang", "ja", "retention", "simulate", file).output
    finally:
        i18n.speak(before)

    assert "due" not in told
    assert "録音" in told
