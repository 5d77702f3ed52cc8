"""`rokuon selftest`."""

import json

import pytest

from rokuon.config.schema import Config
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation


def test_the_self_test_places_as_many_calls_as_were_asked_for(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And shows what they amounted to."""

    def placed(_config: Config, calls: int) -> dict[str, object]:
        return {"calls": calls}

    monkeypatch.setattr("rokuon.compose.selftest.siprec_trial.run_selftest", placed)

    assert json.loads(run_at(site, "selftest", "--calls", "3", "-o", "json").output) == {"calls": 3}


def test_a_trial_has_bounds(site: Installation) -> None:
    """A slip of the keyboard must not load a machine for a day."""
    assert run_at(site, "selftest", "--calls", "0").exit_code == 2
