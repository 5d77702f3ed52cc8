"""Passwords of peers."""

from pathlib import Path

import pytest

from rokuon.compose.capture.routes import password_in


def test_a_password_is_the_first_line_without_what_an_editor_puts_around_it(tmp_path: Path) -> None:
    """A final line break is none of its characters."""
    file = tmp_path / "password"
    file.write_text("secret phrase \nnot this\n")

    assert password_in(file) == "secret phrase"


def test_without_a_file_there_is_no_password_and_a_missing_one_is_named(tmp_path: Path) -> None:
    """Nobody is asked for an empty password by mistake."""
    assert password_in(None) == ""
    with pytest.raises(OSError, match="absent"):
        password_in(tmp_path / "absent")
