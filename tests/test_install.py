"""What `deploy/install` refuses, and the settings that it begins with (all of it: scenarios)."""

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from rokuon.compose.selftest.inline_route import selftest_route
from rokuon.config.load import parse
from rokuon.config.schema import Config
from rokuon.doctor.sizing_table import calls_in

ROOT = Path(__file__).parents[1]
_FILLED = {"NAME": "rec1", "ADDRESS": "192.0.2.20", "CALLS": "100", "ZONE": "Asia/Tokyo"}
# As one of Debian 11 answers.
_OLD_PYTHON = f"""\
[ "$1" != --version ] || {{ echo Python 3.9.2; exit; }}
exec {sys.executable} -c "import sys; sys.version_info = (3, 9, 2)
$2"
"""


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


def _refusal(machine: Path, *arguments: str, **instead: str) -> str:
    """What it says on a machine of files below a folder, where somebody is root, and ends.

    `instead` are programs that say something else there.
    """
    for name, says in {"id": "echo 0", "apt-get": "exit 1", **instead}.items():
        program = machine / "bin" / name
        program.parent.mkdir(exist_ok=True)
        program.write_text(f"#!/bin/sh\n{says}\n")
        program.chmod(0o755)
    script = (ROOT / "deploy/install").read_text().replace('cd "$(dirname "$0")/.."', "cd /")
    for place in ("/opt/", "/var/", "/etc/", "/usr/share/", "/run/"):
        script = re.sub(rf"(?<=[ =]){place}", f"{machine}{place}", script)
    script = script.replace("pyproject.toml", f"{ROOT}/pyproject.toml")
    done = subprocess.run(
        ["bash", "-s", "--", "--administrator", "root", *arguments],
        input=script, capture_output=True, text=True, check=False,
        env={**os.environ, "PATH": f"{machine}/bin:{os.environ['PATH']}"},
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The files of a Debian, so far as it is looked at."""
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/debian_version").write_text("13.1\n")
    (tmp_path / "run/systemd/system").mkdir(parents=True)
    return tmp_path


def test_a_machine_that_is_not_fit_for_it_is_told_everything_at_once(tmp_path: Path) -> None:
    """Who mends one thing after the other gives up before the last."""
    said = _refusal(tmp_path, "--administrator", "nobody-of-here", python3=_OLD_PYTHON)

    assert said.splitlines()[0].startswith("Nothing was changed. This is no Debian")
    assert [line.removeprefix("Nothing was changed. ")[:24] for line in said.splitlines()[1:]] == [
        "systemd does not run her",
        "There is no user nobody-",
        "Rokuon needs Python 3.11",
    ]


@pytest.mark.parametrize(
    ("there", "says"),
    [
        ("opt/rokuon/somebody's", "opt/rokuon is there and is no virtual environment"),
        ("etc/rokuon", "etc/rokuon is there and is no folder"),
        ("var/spool/rokuon", "var/spool/rokuon is there and is no folder"),
        ("var/lib/rokuon/keys/keystore.db", "a keystore and no passphrase"),
    ],
)
def test_what_is_in_the_way_is_named_and_left(machine: Path, there: str, says: str) -> None:
    """It is somebody's; of a keystore the passphrase is somewhere."""
    found = machine / there
    found.parent.mkdir(parents=True, exist_ok=True)
    found.write_text("somebody's")

    said = _refusal(machine)

    assert says in said
    assert len(said.splitlines()) == 1
    assert found.read_text() == "somebody's"


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("rokuon-{version}-py3-none-any.whl", "is not there."),
        ("rokuon-9.9.9-py3-none-any.whl", "is no wheel of Rokuon {version} for "),
        (
            "rokuon-{version}-py3-none-manylinux_2_25_vax.whl",
            "is no wheel of Rokuon {version} for ",
        ),
        ("rokuon-{version}.tar.gz", "is no wheel of Rokuon {version} for "),
    ],
)
def test_a_wheel_of_another_release_or_machine_is_refused_before_anything_is_changed(
    machine: Path, name: str, says: str
) -> None:
    """Units and settings are of one release; half an installation is worse than none."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    wheel = machine / name.format(version=version)

    said = _refusal(machine, "--wheel", str(wheel))

    assert says.format(version=version) in said
    assert len(said.splitlines()) == 1


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
