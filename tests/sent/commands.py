"""Every command as somebody types it: what it says of itself, what it prints.

Knows commands from the command line itself.
"""

from tests.rokuon.cli.command import run
from tests.support.cli.app import ALL


def record_helps() -> dict[str, list[str]]:
    """What every command says of itself."""
    return {name: run(*name.split()[1:], "--help").output.splitlines() for name in ALL}
