"""The console command as a process: language, exit codes, start-up."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from bench.structure import PACKAGES
from tests import ROOT


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


def test_the_version_is_that_of_the_release_and_stands_in_one_place(tmp_path: Path) -> None:
    """A second place would be forgotten by the next release."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    version = tomllib.loads(text)["project"]["version"]
    sources = (path for folder in PACKAGES for path in (ROOT / folder).rglob("*.py"))

    assert rokuon("--version", cwd=tmp_path).stdout == f"{version}\n"
    assert [path for path in sources if f'"{version}"' in path.read_text("utf-8")] == []
    assert text.count(f'"{version}"') == 1


def test_help_is_in_the_language_of_the_terminal(tmp_path: Path) -> None:
    """The texts are chosen before the commands are declared."""
    assert "録音" in rokuon("--help", cwd=tmp_path, LANG="ja_JP.UTF-8").stdout
    assert "sealed" in rokuon("--help", cwd=tmp_path).stdout


LOOKS = """
import gc
looks = []
gc.callbacks.append(lambda phase, told: looks.append(told["generation"]))
from rokuon.__main__ import main
try:
    main()
finally:
    import rokuon.compose.api.server
    print(looks.count(2))
"""


def test_no_start_waits_for_the_collector_to_look_at_all_that_was_imported(tmp_path: Path) -> None:
    """The API's imports alone took twice as long where memory is slow."""
    done = subprocess.run(
        [sys.executable, "-c", LOOKS, "--version"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.splitlines()[-1] == "0"


LEFT = """
import atexit, gc
atexit.register(lambda: print(len(gc.get_objects())))
from rokuon.__main__ import main
main()
"""


def test_no_end_waits_for_the_collector_to_look_at_all_that_is_there(tmp_path: Path) -> None:
    """Where memory is slow a part that had ended was killed for not ending, a minute later."""
    done = subprocess.run(
        [sys.executable, "-c", LEFT, "--version"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert int(done.stdout.splitlines()[-1]) < 1_000


# What only one side of the house needs: sound, the web, the recorder, the event loop's database,
# tables of numbering plans, log lines.
HEAVY = {
    "numpy", "soundfile", "fastapi", "starlette", "uvicorn", "prometheus_client", "dns",
    "cryptography", "phonenumbers", "structlog", "capture.signalling.daemon", "capture.sip.message",
    "archive.catalog.index.adopted", "archive.catalog.index.derivation",
    "sqlalchemy.ext.asyncio", "sqlalchemy.orm",
}  # fmt: skip
WINDOW = ["--from", "2026-10-29", "--to", "2026-10-30", "--zone", "UTC"]


def loaded(*arguments: str, cwd: Path) -> set[str]:
    """The modules that a command has loaded when it ends."""
    code = (
        "import sys\n"
        "from rokuon.__main__ import main\n"
        "try: main()\n"
        "except SystemExit: print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["config", "check"], ["calls", "find", "--help"]]
)
def test_a_command_that_asks_no_catalog_loads_no_database(
    arguments: list[str], tmp_path: Path
) -> None:
    """A command that is asked a hundred times a day answers at once."""
    assert loaded(*arguments, cwd=tmp_path) & (HEAVY | {"sqlalchemy"}) == set()


@pytest.mark.parametrize(
    "arguments", [["calls", "find", *WINDOW], ["calls", "show", "0" * 32], ["calls", "live"]]
)
def test_a_command_that_finds_or_shows_loads_what_it_needs_and_no_more(
    arguments: list[str], tmp_path: Path
) -> None:
    """On a busy machine, sound and web that nobody asked for took the command seconds."""
    assert loaded(*arguments, cwd=tmp_path) & HEAVY == set()


THREADS = """
import os
from rokuon.__main__ import main
try:
    main()
finally:
    import capture.media.relay.worker
    print(len(os.listdir("/proc/self/task")))
"""


def test_numpy_starts_no_threads_for_what_nobody_uses(tmp_path: Path) -> None:
    """A core each: memory in every process, and dearer system calls of a relay."""
    clean = {key: value for key, value in os.environ.items() if key != "OPENBLAS_NUM_THREADS"}
    ran = subprocess.run(
        [sys.executable, "-c", THREADS, "--version"],
        cwd=tmp_path,
        env=clean | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.stdout.splitlines()[-1] == "1", ran.stderr
