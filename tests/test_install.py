"""What `deploy/install` refuses, and the settings that it begins with (all of it: scenarios)."""

import os
import re
import subprocess
from pathlib import Path

from rokuon.compose.inline_route import selftest_route
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.doctor.sizing import calls_in

ROOT = Path(__file__).parents[1]
_FILLED = {"NAME": "rec1", "ADDRESS": "192.0.2.20", "CALLS": "100", "ZONE": "Asia/Tokyo"}


def first_settings(base: Path, last_port: str = "10444") -> Config:
    """As the installer fills them in."""
    text = (ROOT / "deploy/first-settings.toml").read_text()
    for name, value in {**_FILLED, "LAST_PORT": last_port}.items():
        text = text.replace(f"@{name}@", value)
    assert not re.findall("@[A-Z]+@", text)
    return parse(text, name="first-settings.toml", base=base)


def test_who_is_not_root_is_told_and_nothing_is_changed() -> None:
    """It is run as somebody who could change nothing anyway."""
    nobody = ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]
    command = [*(nobody if os.geteuid() == 0 else []), "bash", "-s"]
    script = (ROOT / "deploy/install").read_text().replace('cd "$(dirname "$0")/.."', "cd /")

    done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert "Nothing was changed. You are not root" in done.stderr
    assert done.stdout == ""


def test_the_first_settings_hold_their_calls_and_let_the_self_test_ring_nobody(
    tmp_path: Path,
) -> None:
    """They name the same sockets, groups and folders as the example does."""
    config = first_settings(tmp_path)
    example = parse((ROOT / "deploy/rokuon.toml").read_text(), name="-", base=tmp_path)

    assert calls_in(config.rtp) == config.limits.max_calls
    assert selftest_route(config).host == "127.0.0.9"
    assert (config.keys, config.spool, config.http) == (example.keys, example.spool, example.http)
    assert (config.node.data, config.metrics) == (example.node.data, example.metrics)
