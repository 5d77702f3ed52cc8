"""The command line in this process; the API that it asks in a thread."""

from pathlib import Path

from typer.testing import CliRunner, Result

from rokuon.cli.app import app
from tests.rokuon.installation import Installation


def run(*arguments: str) -> Result:
    """Run a command; errors that `guarded` would name are in the result's `exception`."""
    return CliRunner().invoke(app, list(arguments))


def run_at(site: Installation, *arguments: str) -> Result:
    """Run a command with the configuration of an installation."""
    file = Path(site.folder, "rokuon.toml")
    if not file.exists():
        file.write_text(f'[node]\ndata = "{site.config.node.data}"\n')
    site.answering()
    return run("--config", str(file), *arguments)
