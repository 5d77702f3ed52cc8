"""Versions beside this one, made up of it: the one before, and a later one with a step more.

Nothing was released before this one. A version is told by a line in a file of `capture`; the later
ones have a second step of the catalog's migrations, for its keeper to take.
"""

import re
import shutil
from pathlib import Path
from typing import Final

from archive.catalog.database.schema_revision import HEAD
from tests.scenarios.booted import ADDRESS, Machine
from tests.scenarios.installed import FINDINGS, OK

CHECKOUT: Final = "/root/before"
# Another one with the same catalog as the later version.
OTHER_CHECKOUT: Final = "/root/other"
_NEW: Final = "/root/rokuon"
_MARKED: Final = "capture/__init__.py"
_STEP: Final = f'''\
"""A step that a later version may have.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "{int(HEAD) + 1:04}", "{HEAD}"


def upgrade() -> None:
    """A column for rows that are there, too."""
    op.add_column("tenant", sa.Column("told", sa.Text, nullable=False, server_default="nothing"))
'''


def set_up_before(machine: Machine) -> None:
    """This version, installed from a checkout of its own; then `make_later` for the other one."""
    shutil.copytree(machine.root / _NEW[1:], machine.root / CHECKOUT[1:], symlinks=True)
    done = machine.run(f"{CHECKOUT}/deploy/install", "--address", ADDRESS)
    assert done.returncode in {OK, FINDINGS}, done.stdout[-2_000:] + done.stderr[-2_000:]
    _want_few_calls(machine)
    make_later(machine)


def _want_few_calls(machine: Machine) -> None:
    """As many as any disk has room for: the one below is not the machine's own (STOR-003)."""
    settings = machine.root / "etc/rokuon/rokuon.toml"
    changed, times = re.subn(
        r"^max_calls = \d+", "max_calls = 20", settings.read_text(), flags=re.M
    )
    assert times == 1
    settings.write_text(changed)
    assert machine.run("systemctl", "restart", "rokuon-capture").returncode == OK


def make_later(machine: Machine) -> None:
    """Make the checkout of a machine that of a later version."""
    new = machine.root / _NEW[1:]
    versions = new / "archive/catalog/migrations/versions"
    (versions / f"{int(HEAD) + 1:04}_made_up.py").write_text(_STEP)
    number = new / "archive/catalog/database/schema_revision.py"
    said = f'HEAD: Final = "{HEAD}"'
    assert said in number.read_text()
    number.write_text(number.read_text().replace(said, f'HEAD: Final = "{int(HEAD) + 1:04}"'))
    _mark(new, "a later version")


def put_other(machine: Machine) -> None:
    """A checkout that differs from the later one in nothing that a migration is for."""
    other = machine.root / OTHER_CHECKOUT[1:]
    shutil.copytree(machine.root / _NEW[1:], other, symlinks=True)
    _mark(other, "another one")


def _mark(checkout: Path, what: str) -> None:
    with (checkout / _MARKED).open("a", encoding="utf-8") as file:
        file.write(f"# {what}\n")
