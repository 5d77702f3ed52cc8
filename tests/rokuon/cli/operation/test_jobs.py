"""`rokuon jobs`."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from rokuon.cli.operation.jobs import followed
from rokuon.machine.api_client import Client
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation
from tests.support.cli.simulations import file as file


@pytest.fixture
def job(site: Installation, file: str) -> int:
    """A simulation that is over."""
    done = json.loads(run_at(site, "retention", "simulate", file, "-o", "json").stdout)
    return int(done["job"]["number"])


def test_jobs_are_listed_and_shown_with_their_attempts(site: Installation, job: int) -> None:
    """For people words, for programs what the API says."""
    table = run_at(site, "jobs", "list").output
    listed = json.loads(run_at(site, "jobs", "list", "-o", "json").stdout)
    shown = run_at(site, "jobs", "show", str(job), "--follow")
    alone = json.loads(run_at(site, "jobs", "show", str(job), "-o", "json").stdout)

    assert "simulation of a policy" in table
    assert alone in listed
    assert (alone["state"], alone["attempts"][0]["ended"]) == ("done", "done")
    assert shown.exit_code == 0
    assert shown.output.count("done") >= 2


def test_what_has_ended_cannot_be_cancelled(site: Installation, job: int) -> None:
    """And the command says so."""
    refused = run_at(site, "jobs", "cancel", str(job))

    assert "ended" in str(refused.exception)


def answering(answers: list[dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    left = iter(answers)
    return lambda *_args, **_named: next(left)


def job_of(state: str, done: int) -> dict[str, Any]:
    return {"state": state, "done": done, "total": 2}


def test_who_follows_asks_until_it_has_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """And waits between two questions."""
    waits: list[float] = []
    answers = [{"job": job_of("running", 1)}, {"job": job_of("failed", 1), "result": None}]
    monkeypatch.setattr(Client, "get", answering(answers))
    client = Client(path=tmp_path_factory.getbasetemp(), sleep=waits.append)
    found = followed(client, "/simulations/1", "judging", {"job": job_of("queued", 0)})

    assert found == answers[-1]
    assert len(waits) == 2
