"""A version that has one step of the schema more than this one."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from archive.catalog import migrate
from archive.catalog.database.schema_revision import HEAD

SECOND: Final = f"{int(HEAD) + 1:04}"
# What a later version may bring: a table, and a column that rows of before have, too, with what it
# says of them.
STEP: Final = f"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = "{SECOND}", "{HEAD}"


def upgrade():
    op.create_table("made_up", sa.Column("row", sa.Integer, primary_key=True))
    op.add_column("tenant", sa.Column("told", sa.Text, nullable=False, server_default="nothing"))
    op.execute("UPDATE tenant SET told = 'by the second step'")
"""  # noqa: S608  # ours


def later_version(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Upgrades from now on lead to it."""
    own = folder / "migrations"
    shutil.copytree(migrate._MIGRATIONS, own)
    (own / f"versions/{SECOND}_made_up.py").write_text(STEP)
    patch.setattr(migrate, "_MIGRATIONS", own)
