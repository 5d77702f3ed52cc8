"""What Typer says of commands, options and mistakes, in the language of the terminal.

Knows its English sentences, which it has in its code alone; nothing of our commands. A sentence
that is not known here stays as it is: `tests/rokuon/cli/terminal/test_typer_texts.py` asks for
each.
"""

import re
from collections.abc import Callable
from typing import Final

from rokuon.messages import i18n
from rokuon.messages.i18n import tr

# What the library says that checks values, which speaks to programmers in English too.
_OF_VALUES: Final[tuple[tuple[re.Pattern[str], Callable[[], str]], ...]] = tuple(
    (re.compile(pattern, re.MULTILINE), said)
    for pattern, said in (
        (r"Value error, ", lambda: ""),
        (
            r"Input should be a valid integer.*$",
            lambda: tr("a whole number is expected"),
        ),
        (r"Input should be a valid number.*$", lambda: tr("a number is expected")),
        (
            r"Input should be greater than or equal to (?P<value>[\d.]+)$",
            lambda: tr("at least {value}"),
        ),
        (
            r"Input should be less than or equal to (?P<value>[\d.]+)$",
            lambda: tr("at most {value}"),
        ),
    )
)
# Each with the names of what it is about; the first that fits is taken, and its parts after it.
_SENTENCES: Final[tuple[tuple[re.Pattern[str], Callable[[], str]], ...]] = tuple(
    (re.compile(pattern, re.MULTILINE), said)
    for pattern, said in (
        (r"^Usage: (?P<words>.*)$", lambda: tr("Usage: {words}")),
        (r"^Arguments:$", lambda: tr("Arguments:")),
        (r"^Options:$", lambda: tr("Options:")),
        (r"^Commands:$", lambda: tr("Commands:")),
        (r"^Try '(?P<words>.*)' for help\.$", lambda: tr("Try '{words}' for help.")),
        (r"^Error: (?P<text>.*)$", lambda: tr("error: {text}")),
        (r"Show this message and\s+exit\.", lambda: tr("Show this message and exit.")),
        (r"\[(?P<more>[^\]\n]*)required\]", lambda: tr("[{more}required]")),
        (r"\[default: (?P<value>[^\]]*)\]", lambda: tr("[default: {value}]")),
        (r"\[env var: (?P<name>\w+)", lambda: tr("[env var: {name}")),
        (r"\[OPTIONS\]", lambda: tr("[OPTIONS]")),
        (r"COMMAND \[ARGS\]\.\.\.", lambda: tr("COMMAND [ARGS]...")),
        (r"Invalid value for (?P<name>'[^']*'): ", lambda: tr("Invalid value for {name}: ")),
        (r"Invalid value: ", lambda: tr("Invalid value: ")),
        (r"Missing option (?P<name>'.*?')\.", lambda: tr("Missing option {name}.")),
        (r"Missing argument (?P<name>'.*?')\.", lambda: tr("Missing argument {name}.")),
        (r"Missing command\.", lambda: tr("Missing command.")),
        (r"No such option: (?P<name>[^\s,]+)", lambda: tr("No such option: {name}")),
        (r"No such command (?P<name>'.*?')\.", lambda: tr("No such command {name}.")),
        (r"Did you mean (?P<name>[^?\n]+)\?", lambda: tr("did you mean {name}?")),
        (r"\(Possible options: (?P<names>[^)]*)\)", lambda: tr("(one of: {names})")),
        (r"Option (?P<name>'.*?') requires an argument\.", lambda: tr("{name} needs a value.")),
        (r"Option (?P<name>'.*?') does not take a value\.", lambda: tr("{name} takes no value.")),
        (
            r"(?P<value>'.*?') is not one of (?P<names>.*?)\.$",
            lambda: tr("{value} is not one of {names}."),
        ),
    )
)


def in_our_language(text: str) -> str:
    """A help text or an error of Typer's; where English is spoken its own sentences stay."""
    sentences = _OF_VALUES if i18n.language() == "en" else (*_SENTENCES, *_OF_VALUES)
    for pattern, said in sentences:
        text = pattern.sub(lambda found, said=said: _filled(said(), found), text)  # type: ignore[misc]  # bound at once
    return text


def _filled(template: str, found: "re.Match[str]") -> str:
    return template.format(**found.groupdict())
