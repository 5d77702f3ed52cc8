"""Which configuration a command runs with."""

from pathlib import Path

import pytest

from rokuon.cli.session import Session


def test_a_part_is_started_with_the_same_options() -> None:
    """Configuration and language go on to it."""
    assert Session(Path("a.toml"), "ja").arguments() == ("--lang", "ja", "--config", "a.toml")
    assert Session(None, "en").arguments() == ("--lang", "en")


def test_a_named_file_that_is_absent_is_an_error(tmp_path: Path) -> None:
    """Defaults in its place would record into the wrong folder."""
    with pytest.raises(FileNotFoundError):
        Session(tmp_path / "absent.toml", "en").config()
