"""What a newcomer reads."""

import stat
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rokuon.compose.start import welcome
from rokuon.compose.start.welcome import Greeting, say_stopped
from rokuon.messages.choices import FirstStart
from tests.rokuon.installation import Installation, installation


@pytest.fixture
def fresh() -> Iterator[Installation]:
    """One that nobody has started yet."""
    with installation() as site:
        yield site


@pytest.fixture(autouse=True)
def placed(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The calls are placed to nobody: a Rokuon that is at work here would record them."""
    calls: list[object] = []
    monkeypatch.setattr(welcome, "run_selftest", lambda *asked, **_: calls.append(asked))
    return calls


def greet(site: Installation, *options: str, first: FirstStart = FirstStart.NOTHING) -> None:
    """What is done and said when all runs."""
    greeting = Greeting(site.config, options, first)
    greeting.know_first_person()
    greeting.say_hello()


def test_hello_names_addresses_and_the_next_command(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody has to look for the port, and the command can be pasted."""
    greet(fresh, first=FirstStart.ONE_PERSON)

    told = capsys.readouterr().out
    assert "127.0.0.1:5060" in told
    assert "http://127.0.0.1:8080/api/v1" in told
    assert "--zone Asia/Tokyo" in told


@pytest.mark.parametrize("is_seen", [True, False])
@pytest.mark.parametrize("first", list(FirstStart))
def test_the_last_line_is_an_address_of_the_pages_at_every_start(
    fresh: Installation,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    first: FirstStart,
    is_seen: bool,
) -> None:
    """It is what one does next, and nobody scrolls for it; also at the second start."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_seen)
    for _ in ("first", "second"):
        greet(fresh, first=first)
        last = capsys.readouterr().out.splitlines()[-1]
        assert "http://127.0.0.1:8080" in last
        assert ("code=" in last) <= is_seen


def test_the_first_token_goes_to_a_terminal_or_to_a_closed_file_and_only_once(
    fresh: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A token in a log would be everybody's."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: False)
    greet(fresh, first=FirstStart.WELCOME)
    file = fresh.config.node.data / "first-token"
    secret = file.read_text().strip()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert secret not in capsys.readouterr().out

    monkeypatch.undo()
    file.unlink()
    greet(fresh, first=FirstStart.WELCOME)
    assert not Path(file).exists()


def test_the_token_is_shown_where_somebody_sits(
    fresh: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person at a terminal sees it, this once."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    greet(fresh, first=FirstStart.WELCOME)

    assert "shown once: rokuon_" in capsys.readouterr().out


def test_with_welcome_there_is_something_to_find(fresh: Installation, placed: list[object]) -> None:
    """Two calls, where the archive is empty; who only serves has nothing placed."""
    greet(fresh)
    greet(fresh, first=FirstStart.WELCOME)

    assert placed == [(fresh.config, 2)]


def test_a_site_whose_sources_are_others_has_no_self_test_placed(
    fresh: Installation, placed: list[object]
) -> None:
    """Nobody would answer: to the node this machine is a stranger."""
    named = replace(fresh.config.source[0], address=("192.0.2.10/32",))
    greeting = Greeting(replace(fresh.config, source=(named,)), (), FirstStart.WELCOME)
    greeting.say_hello()

    assert placed == []


def test_while_nobody_may_find_a_call_the_way_there_is_said_and_no_command(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command was refused (4), and the one who could give a role was nobody yet."""
    greet(fresh)
    told = capsys.readouterr().out

    assert "calls find" not in told
    assert "add --welcome" in told


def test_the_next_command_can_be_typed_as_it_is_shown(
    fresh: Installation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """After `make run` the shell does not find `rokuon` by its name."""
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "argv", [str(Path.cwd() / ".venv/bin/rokuon")])
    greet(fresh, first=FirstStart.ONE_PERSON)

    assert "  .venv/bin/rokuon calls find" in capsys.readouterr().out


def test_the_next_command_asks_the_node_that_was_started(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its --config the command would look into another folder and find nothing."""
    greet(fresh, "--config", "my site.toml", first=FirstStart.ONE_PERSON)

    shown = capsys.readouterr().out
    assert " --config 'my site.toml' calls find --from" in shown
    assert " --config 'my site.toml' calls export CALL" in shown


@pytest.mark.parametrize("first", [FirstStart.ONE_PERSON, FirstStart.WELCOME])
def test_who_starts_it_first_reads_once_that_he_may_do_all_and_how_that_ends(
    fresh: Installation, capsys: pytest.CaptureFixture[str], first: FirstStart
) -> None:
    """A newcomer notices nothing else of all the roles."""
    greet(fresh, "--config", "x", first=first)
    told = capsys.readouterr().out
    greet(fresh, first=first)
    again = capsys.readouterr().out

    assert "You are the first user, " in told
    assert " --config x user disable " in told
    assert "first user" not in again


def test_who_only_serves_becomes_nobody(
    fresh: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """A service of the machine is started by root, or by a user that nobody is."""
    greet(fresh)

    assert "first user" not in capsys.readouterr().out


def test_the_end_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    """An orderly end looks different from a crash."""
    say_stopped()

    assert "stopped" in capsys.readouterr().out
