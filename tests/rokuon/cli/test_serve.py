"""`rokuon serve`."""

import pytest

from rokuon.config.schema import Config
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation


@pytest.mark.parametrize("part", ["keys", "capture", "keeper", "retention", "api"])
def test_a_part_by_its_name_is_that_part_alone(
    site: Installation, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit per part starts nothing else."""
    served: list[tuple[str, Config]] = []
    monkeypatch.setattr("rokuon.limits.raise_descriptors", lambda _wanted: 0)
    monkeypatch.setattr("rokuon.limits.close_to_others", lambda: None)
    monkeypatch.setattr("rokuon.logs.configure", lambda _part: None)
    monkeypatch.setattr(
        "rokuon.compose.parts.serve_part",
        lambda name, reread, _arguments, _number: served.append((name, reread())),
    )

    assert run_at(site, "serve", part).exit_code == 0
    assert served == [(part, site.config)]


def test_a_part_that_does_not_exist_is_a_usage_error(site: Installation) -> None:
    """Before anything is started."""
    assert run_at(site, "serve", "recorder").exit_code == 2
