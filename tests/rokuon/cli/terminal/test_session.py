"""Which configuration a command runs with."""

from pathlib import Path

import pytest

from rokuon.cli.terminal.session import Session


def test_a_part_is_started_with_the_same_options() -> None:
    """Configuration and language go on to it."""
    assert Session(Path("a.toml"), "ja").arguments() == ("--lang", "ja", "--config", "a.toml")
    assert Session(None, "en").arguments() == ("--lang", "en")


def test_a_command_that_is_shown_has_the_configuration_that_was_given() -> None:
    """The language is the reader's own."""
    assert Session(Path("a.toml"), "ja").config_option() == ("--config", "a.toml")
    assert Session(None, "en").config_option() == ()


def test_a_named_file_that_is_absent_is_an_error(tmp_path: Path) -> None:
    """Defaults in its place would record into the wrong folder."""
    with pytest.raises(FileNotFoundError):
        Session(tmp_path / "absent.toml", "en").config()
