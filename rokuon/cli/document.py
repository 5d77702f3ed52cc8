"""The table of commands in `docs/cli.md`, made by `python -m rokuon.cli.document docs`.

Knows nothing of what a command does.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import typer.main

from rokuon.cli.app import app

PAGE: Final = "cli.md"
_HEAD: Final = "| command | does | options |\n|---|---|---|\n"
# Of all commands; the page says them once.
_SHARED: Final = {"--help", "--output"}


def page(text: str) -> str:
    """The page with its table made anew."""
    before, _, rest = text.partition(_HEAD)
    _, _, behind = rest.partition("\n\n")
    return before + _HEAD + "".join(_rows(typer.main.get_command(app), "rokuon")) + "\n" + behind


# Typer brings a click of its own, which has no types.
def _rows(command: Any, name: str) -> Iterator[str]:
    inner = getattr(command, "commands", None)
    if inner is None or getattr(command, "invoke_without_command", False):
        yield f"| `{name}` | {_does(command)} | {_options(command)} |\n"
    for word, each in sorted((inner or {}).items()):
        yield from _rows(each, f"{name} {word}")


def _does(command: Any) -> str:
    return " ".join((command.help or "").partition("\n\n")[0].split())


def _options(command: Any) -> str:
    names = [name for each in command.params for name in each.opts if name.startswith("--")]
    return ", ".join(f"`{name}`" for name in names if name not in _SHARED) or "–"


def main() -> int:
    """Write the table anew into the page of the folder that is named."""
    file = Path(sys.argv[1]) / PAGE
    file.write_text(page(file.read_text("utf-8")), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
