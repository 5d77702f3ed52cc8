"""`rokuon serve`."""

import os
import subprocess
import sys

import pytest

from rokuon.compose.start.embedded import LOCAL_BROWSER
from rokuon.config.schema import Config
from rokuon.machine.notify import SPARE_VARIABLE
from tests.rokuon.cli.command import run_at
from tests.rokuon.installation import Installation


@pytest.mark.parametrize("part", ["keys", "capture", "keeper", "retention", "api"])
def test_a_part_by_its_name_is_that_part_alone(
    site: Installation, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A unit per part starts nothing else."""
    served: list[tuple[str, Config]] = []
    monkeypatch.setattr("rokuon.machine.process_limits.raise_descriptors", lambda _wanted: 0)
    monkeypatch.setattr("rokuon.machine.process_limits.close_to_others", lambda: None)
    monkeypatch.setattr("rokuon.machine.logs.configure", lambda _part: None)
    monkeypatch.setattr(
        "rokuon.compose.start.foreground_part.serve_part",
        lambda name, reread, _arguments, _number: served.append((name, reread())),
    )

    assert run_at(site, "serve", part).exit_code == 0
    assert served == [(part, site.config)]


def test_the_option_of_who_is_welcomed_reaches_the_settings_of_the_api(
    site: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the file said so; without it the file alone does."""
    served: list[bool] = []
    monkeypatch.setattr("rokuon.machine.process_limits.raise_descriptors", lambda _wanted: 0)
    monkeypatch.setattr("rokuon.machine.process_limits.close_to_others", lambda: None)
    monkeypatch.setattr("rokuon.machine.logs.configure", lambda _part: None)
    monkeypatch.setattr(
        "rokuon.compose.start.foreground_part.serve_part",
        lambda _name, reread, *_: served.append(reread().http.local_browser),
    )
    run_at(site, "serve", "api", LOCAL_BROWSER)
    run_at(site, "serve", "api")

    assert served == [True, False]


def test_a_part_that_does_not_exist_is_a_usage_error(site: Installation) -> None:
    """Before anything is started."""
    assert run_at(site, "serve", "recorder").exit_code == 2


@pytest.mark.parametrize(
    ("part", "loaded"),
    [
        ("relay", "rokuon.compose.capture.media"),
        ("signalling", "rokuon.compose.capture.signalling"),
    ],
)
def test_a_spare_has_loaded_what_it_will_need(part: str, loaded: str) -> None:
    """It takes a dead one's place at once; here nobody gives it its turn."""
    asked = (
        f"import sys\nfrom rokuon.cli.app import app\nsys.argv = ['rokuon', 'serve', {part!r}]\n"
        f"try:\n    app()\nfinally:\n    print({loaded!r} in sys.modules)\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", asked], input="", capture_output=True, text=True, check=False,
        env={**os.environ, SPARE_VARIABLE: "1"},
    )  # fmt: skip

    assert (told.returncode, told.stdout) == (0, "True\n"), told.stderr
