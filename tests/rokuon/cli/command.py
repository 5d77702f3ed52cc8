"""The command line in this process; the API that it asks in a thread."""

from functools import cache
from pathlib import Path

import pytest
import typer.main
from typer.testing import CliRunner, Result

from rokuon.cli.app import app
from tests.rokuon.installation import Installation

# Made anew for each run, as Typer does for a process, the tree takes five times what commands take.
_tree = cache(typer.main.get_command)


def run(*arguments: str) -> Result:
    """Run a command; errors that `guarded` would name are in the result's `exception`."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("typer.testing._get_command", _tree)
        return CliRunner().invoke(app, list(arguments))


def run_at(site: Installation, *arguments: str) -> Result:
    """Run a command with the configuration of an installation."""
    file = Path(site.folder, "rokuon.toml")
    if not file.exists():
        file.write_text(f'[node]\ndata = "{site.config.node.data}"\n')
    site.answering()
    return run("--config", str(file), *arguments)
