"""The console command as a process: language, exit codes, start-up."""

import os
import subprocess
import sys
from pathlib import Path

import pytest


def rokuon(*arguments: str, cwd: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run the command as a person does."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
    return subprocess.run(
        [sys.executable, "-m", "rokuon", *arguments],
        cwd=cwd,
        env=clean | {"LANG": "C.UTF-8"} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--version"], 0),
        (["config", "check"], 0),
        (["config", "shw"], 2),
        (["calls", "find"], 2),
        (["--config", "absent.toml", "config", "show"], 1),
        (["--config", "bad.toml", "config", "check"], 3),
        (["--config", "bad.toml", "config", "show"], 1),
    ],
)
def test_exit_codes_are_what_scripts_rely_on(
    arguments: list[str], code: int, tmp_path: Path
) -> None:
    """0 ok, 1 error, 2 usage, 3 findings."""
    (tmp_path / "bad.toml").write_text("[sip]\nprot = 1\n")

    assert rokuon(*arguments, cwd=tmp_path).returncode == code


def test_help_is_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    """The texts are chosen before the commands are declared."""
    assert "録音" in rokuon("--help", cwd=tmp_path, LANG="ja_JP.UTF-8").stdout
    assert "sealed" in rokuon("--help", cwd=tmp_path).stdout


def test_a_question_about_the_configuration_loads_neither_database_nor_arrays(
    tmp_path: Path,
) -> None:
    """A command that is asked a hundred times a day answers at once."""
    code = (
        "import sys; sys.argv = ['rokuon', 'config', 'check']\n"
        "from rokuon.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: print({'sqlalchemy', 'numpy', 'fastapi'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout.endswith("set()\n")
