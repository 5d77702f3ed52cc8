"""Options that several commands share."""

from typing import Annotated

import typer
from typer.testing import CliRunner

from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.shared_options import OptionsOf, spread


def span(
    least: Annotated[int, typer.Option("--least", help="least")] = 1,
    most: Annotated[int, typer.Option("--most", help="most")] = 9,
) -> range:
    """A value that is made of two options."""
    return range(least, most + 1)


Span = Annotated[range, OptionsOf(span)]


def test_a_command_has_the_options_of_what_it_shares_in_their_place() -> None:
    """They are typed, shown in the help and refused as its own are."""
    app, seen = Commands(), []

    @app.command("count")
    def count(name: str, *, within: Span, loud: bool = False) -> None:
        seen.append((name, within, loud))

    @app.command("nothing")
    def nothing() -> None:
        """A second one: with a single command Typer wants no name."""

    run = CliRunner().invoke
    assert run(app, ["count", "a", "--most", "3", "--loud"]).exit_code == 0
    assert run(app, ["count", "b"]).exit_code == 0
    assert run(app, ["count", "c", "--most", "x"]).exit_code == 2
    shown = run(app, ["count", "--help"]).output

    assert seen == [("a", range(1, 4), True), ("b", range(1, 10), False)]
    assert shown.index("--least") < shown.index("--most") < shown.index("--loud")


def test_a_command_that_shares_nothing_is_itself() -> None:
    """Nothing stands between it and who calls it."""
    assert spread(span) is span
