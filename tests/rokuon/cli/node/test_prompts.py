"""`rokuon prompt`."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rokuon.prompts.built_in import built_in_prompts
from tests.capture.prompts.voices import sine, wav
from tests.rokuon.cli.command import run


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a site's own prompt lies."""
    return tmp_path / "own.wav"


def test_the_list_shows_every_prompt_with_its_wording() -> None:
    """A table shows where it is loud and the beginning of the digest; JSON has all of it."""
    shown = run("prompt", "list").output
    rows = json.loads(run("prompt", "list", "-o", "json").output)

    for prompt, row in zip(built_in_prompts(), rows, strict=True):
        assert prompt.text in shown
        assert f" {prompt.sha256[:12]} " in shown
        assert (row["name"], row["sha256"]) == (prompt.name, prompt.sha256)
    assert "█" in shown


def test_a_good_file_is_shown_with_nothing_to_object_to(file: Path) -> None:
    """Exit 0."""
    file.write_bytes(wav(sine(1_000, -20, 2)))
    result = run("prompt", "check", str(file))

    assert result.exit_code == 0
    assert f"{file}: nothing to object to" in result.output
    assert "-20.0" in result.output


def test_a_warning_comes_with_its_advice_and_is_no_failure(file: Path) -> None:
    """It can be played."""
    file.write_bytes(wav(sine(1_000, -40, 2)))
    result = run("prompt", "check", str(file))

    assert result.exit_code == 0
    assert "too quiet: speech level -40.0 dBov" in result.output
    assert "PRM-008: to fix: raise or lower it to about -20 dBov" in result.output


@pytest.mark.parametrize("output", ["table", "json"])
def test_an_error_is_exit_3(file: Path, output: str) -> None:
    """A script that installs a prompt stops there."""
    file.write_bytes(wav(sine(1_000, -20, 0.5)))
    result = run("prompt", "check", str(file), "-o", output)

    assert result.exit_code == 3
    assert "PRM-004" in result.output


def test_programs_get_measures_and_findings(file: Path) -> None:
    """One object."""
    file.write_bytes(wav(sine(1_000, -40, 2)))
    shown = json.loads(run("prompt", "check", str(file), "-o", "json").output)

    assert (shown["seconds"], shown["level_dbov"]) == (2.0, -40.0)
    assert [finding["severity"] for finding in shown["findings"]] == ["warning"]


def test_a_file_that_is_not_there_is_an_error_by_name(file: Path) -> None:
    """`guarded` tells it; it is no finding about a prompt."""
    assert isinstance(run("prompt", "check", str(file)).exception, FileNotFoundError)


def test_the_command_line_begins_without_what_reads_audio() -> None:
    """Every process of a node starts here, and would carry it."""
    code = "import sys, rokuon.cli.app; print({'numpy', 'soundfile'} & set(sys.modules))"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert result.stdout == "set()\n"
