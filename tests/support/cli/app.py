"""What tests of app share."""

from collections.abc import Iterator

import click
import typer.main

from rokuon.cli.app import app
from tests import ROOT

DOCUMENT = (ROOT / "docs/cli.md").read_text("utf-8")


def commands(group: "click.Command", name: str) -> Iterator[tuple[str, "click.Command"]]:
    """Every command that does something, by the words that call it."""
    inner = getattr(group, "commands", None)
    if inner is None:
        yield name, group
        return
    if getattr(group, "invoke_without_command", False):
        yield name, group
    for word, command in inner.items():
        yield from commands(command, f"{name} {word}")


ALL = dict(commands(typer.main.get_command(app), "rokuon"))  # type: ignore[arg-type]  # Typer's own click
