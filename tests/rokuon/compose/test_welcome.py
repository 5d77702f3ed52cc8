"""What a newcomer reads."""

import stat
import sys
from pathlib import Path

import pytest

from rokuon.compose.people import make_token
from rokuon.compose.welcome import say_hello, say_stopped
from tests.rokuon.installation import Installation


def test_hello_names_addresses_and_the_next_command(
    site: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody has to look for the port, and the command can be pasted."""
    say_hello(site.config, (), welcome=False)

    told = capsys.readouterr().out
    assert "127.0.0.1:5060" in told
    assert "http://127.0.0.1:8080/api/v1" in told
    assert "--zone Asia/Tokyo" in told


def test_the_first_token_goes_to_a_terminal_or_to_a_closed_file_and_only_once(
    site: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token in a log would be everybody's."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    monkeypatch.setattr("rokuon.compose.welcome.is_first_user_missing", lambda _config: True)
    say_hello(site.config, (), welcome=True)
    file = site.config.node.data / "first-token"
    secret = file.read_text().strip()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in capsys.readouterr().out

    monkeypatch.undo()
    file.unlink()
    say_hello(site.config, (), welcome=True)
    assert not Path(file).exists()


def test_the_token_is_shown_where_somebody_sits(
    site: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person at a terminal sees it, this once."""
    make_token(site.config, "somebody")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setattr("rokuon.compose.welcome.is_first_user_missing", lambda _config: True)
    say_hello(site.config, (), welcome=True)

    assert "shown once: rokuon_" in capsys.readouterr().out


def test_the_next_command_can_be_typed_as_it_is_shown(
    site: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `make run` the shell does not find `rokuon` by its name."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "argv", [str(Path.cwd() / ".venv/bin/rokuon")])
    say_hello(site.config, (), welcome=False)

    assert "  .venv/bin/rokuon calls find" in capsys.readouterr().out


def test_the_next_command_asks_the_node_that_was_started(
    site: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its --config the command would look into another folder and find nothing."""
    say_hello(site.config, ("--config", "my site.toml"), welcome=False)

    shown = capsys.readouterr().out
    assert " --config 'my site.toml' calls find --from" in shown
    assert " --config 'my site.toml' calls export CALL" in shown


def test_the_end_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """An orderly end looks different from a crash."""
    say_stopped()

    assert "stopped" in capsys.readouterr().out
