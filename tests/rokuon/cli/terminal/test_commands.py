"""What no command of ours may let pass."""

import pytest
import typer.main

from rokuon.cli.app import app
from rokuon.cli.terminal.commands import brought_forward
from tests.rokuon.cli.command import run
from tests.support.cli.app import ALL

# An option that takes one value, by the words before it.
SINGLE = [
    (name.split()[1:], parameter.opts[0])
    for name, command in ALL.items()
    for parameter in command.params
    if parameter.param_type_name == "option" and not parameter.multiple and not parameter.is_flag
]


@pytest.mark.parametrize(("words", "option"), SINGLE, ids=str)
def test_an_option_of_one_value_is_refused_when_it_is_given_twice(
    words: list[str], option: str
) -> None:
    """Typer takes the last one, and whoever asked for both reads an answer about one."""
    result = run(*words, option, "1", option, "2")

    assert result.exit_code == 2
    assert f"{option} can be given once" in result.output


def test_so_it_is_with_the_options_before_the_noun() -> None:
    """Of two configurations the first would be checked by nobody."""
    result = run("--config", "a.toml", "-c", "b.toml", "config", "check")

    assert result.exit_code == 2
    assert "--config can be given once" in result.output


def test_every_option_is_one_or_the_other() -> None:
    """The test above sees them all; those that may come several times say so."""
    several = {
        parameter.opts[0]
        for command in [*ALL.values(), typer.main.get_command(app)]
        for parameter in command.params
        if parameter.param_type_name == "option" and parameter.multiple
    }

    assert several == {
        "--agent", "--asked", "--certain", "--controller", "--happened", "--header", "--likely",
        "--not", "--not-happened", "--numbers", "--only", "--queue", "--scope", "--team",
    }  # fmt: skip
    assert len(SINGLE) > 40


def test_an_argument_too_many_is_refused() -> None:
    """A number without its option would be nobody's."""
    result = run("calls", "show", "one", "two")

    assert result.exit_code == 2
    assert "too many arguments: two" in result.output


@pytest.mark.parametrize(
    ("given", "read"),
    [
        (["doctor", "--lang", "ja"], ["--lang", "ja", "doctor"]),
        (["calls", "--config=a.toml", "find"], ["--config=a.toml", "calls", "find"]),
        (["calls", "find", "--", "--lang", "ja"], ["calls", "find", "--", "--lang", "ja"]),
        (["doctor", "--lang"], ["doctor", "--lang"]),
        (["--config", "a", "doctor", "--configure"], ["--config", "a", "doctor", "--configure"]),
    ],
)
def test_what_every_command_has_may_stand_anywhere(given: list[str], read: list[str]) -> None:
    """It is typed where one thinks of it; what stands behind `--` is a word to look for."""
    assert brought_forward(given) == read
