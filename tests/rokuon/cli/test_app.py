"""The whole command line, and what the documentation says of it."""

import re

from tests.rokuon.cli.command import run
from tests.support.cli.app import ALL, DOCUMENT


def test_every_command_has_its_line_in_the_documentation_and_nothing_else_has() -> None:
    """The documentation cannot drift."""
    documented = re.findall(
        r"^\| `(rokuon [a-z]+(?: [a-z]+(?:-[a-z]+)*)*)` \|", DOCUMENT, re.MULTILINE
    )

    assert sorted(documented) == sorted(ALL)


def test_every_option_is_documented() -> None:
    """Also those that many commands share."""
    options = {
        option
        for command in ALL.values()
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }

    assert {
        option for option in options if f"`{option}" not in DOCUMENT and option not in DOCUMENT
    } == set()


def test_every_command_says_what_it_does() -> None:
    """`--help` on each."""
    for name in ALL:
        result = run(*name.split()[1:], "--help")
        assert result.exit_code == 0, name
        assert len(result.output.splitlines()) > 3, name


def test_without_a_word_the_help_is_shown() -> None:
    """A newcomer's first try."""
    assert "serve" in run().output
