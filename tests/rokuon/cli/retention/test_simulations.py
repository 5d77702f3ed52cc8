"""`rokuon retention simulate`."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from retention.policies.policy_text import policy_text
from retention.rules.rule import Asset
from rokuon.machine.api_client import Client
from rokuon.messages import i18n
from tests.retention.examples import policy, rule, terms
from tests.rokuon.cli.command import run, run_at
from tests.rokuon.installation import Installation
from tests.support.cli.simulations import file as file


def test_what_a_policy_would_do_is_counted_before_it_is_taken_over(
    site: Installation, file: str
) -> None:
    """For people tables, for programs the same numbers; nothing has changed after."""
    table = run_at(site, "retention", "simulate", file)
    found = json.loads(run_at(site, "retention", "simulate", file, "-o", "json").stdout)
    revisions = json.loads(run_at(site, "retention", "policy", "list", "-o", "json").stdout)

    assert "due at once, not today" in table.output
    assert "month in which they go" in table.output
    assert "no rule names its queue" not in table.output
    listed = run_at(site, "retention", "changes", str(found["job"]["number"]), "-o", "json")
    assert len(json.loads(listed.stdout)) == found["job"]["total"]
    assert found["job"]["total"] > 0
    sums, total = found["result"], found["job"]["total"]
    assert sums["whole"]["recordings"] == total > 0
    assert sum(each["recordings"] for each in sums["changes"].values()) == total
    assert [each["number"] for each in revisions] == [0]


def test_facts_that_outlive_their_audio_have_a_table_of_their_own(
    site: Installation, tmp_path: Path
) -> None:
    """By month; behind them those of which no rule says when they end."""
    support = {Asset.AUDIO: terms("", "P0D"), Asset.METADATA: terms("", "P3Y")}
    others = {Asset.AUDIO: terms("", "P0D"), Asset.METADATA: terms("", "never")}
    own = policy(
        replace(rule("support", queue="support"), terms=support),
        replace(rule("others"), terms=others),
    )
    file = tmp_path / "longer.toml"
    file.write_text(policy_text(own), "utf-8")
    told = run_at(site, "retention", "simulate", str(file)).output
    _, _, facts = told.partition("month in which their facts end")
    sums = json.loads(run_at(site, "retention", "simulate", str(file), "-o", "json").stdout)

    assert "without an end" in facts
    ending = sum(sums["result"]["facts_months"].values()) + sums["result"]["facts_no_end"]
    assert ending == sums["result"]["whole"]["recordings"] > 0
    assert sums["result"]["facts_months_today"] == {}


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


class _Impatient(Client):
    """Somebody presses Ctrl-C while it waits."""

    __slots__ = ()
    asked: ClassVar[list[str]] = []

    def post(self, path: str, _body: object) -> dict[str, Any]:
        """What was asked."""
        self.asked.append(path)
        return {"job": {"number": 7, "state": "running", "done": 0, "total": 0}, "result": None}

    def get(self, _path: str, **_query: object) -> dict[str, Any]:
        """Not any more."""
        raise KeyboardInterrupt


def test_who_does_not_wait_has_it_cancelled(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """Nobody is left who would read it."""
    client = _Impatient(path=Path(file), sleep=lambda _s: None)
    monkeypatch.setattr("rokuon.cli.retention.simulations.client_of", lambda _context: client)
    run("retention", "simulate", file)

    assert client.asked == ["/simulations", "/jobs/7/cancel"]


def test_a_job_that_came_to_nothing_is_named(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    """So that somebody can look why."""
    ended = {"job": {"number": 7, "state": "failed", "done": 0, "total": 0}, "result": None}
    monkeypatch.setattr(Client, "post", lambda *_args: ended)
    monkeypatch.setattr(
        "rokuon.cli.retention.simulations.client_of", lambda _context: Client(path=Path(file))
    )

    assert "rokuon jobs show 7" in str(run("retention", "simulate", file).exception)
