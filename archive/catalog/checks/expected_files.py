"""Names of some files that the archive should have, the latest ones that were archived.

Knows nothing of disks.
"""

from typing import Final

from sqlalchemy import Engine, select

from archive.catalog.database.engine import reading
from archive.catalog.tables.catalog import ledger_page, part

# Of each kind: some of them may be about to go, or be lost without anybody's having noticed.
LOOKED_AT: Final = 64
_PARTS: Final = (
    select(part.c.path).where(part.c.lost == "").order_by(part.c.row.desc()).limit(LOOKED_AT)
)
_PAGES: Final = select(ledger_page.c.path).order_by(ledger_page.c.row.desc()).limit(LOOKED_AT)


def expected_files(engine: Engine) -> tuple[str, ...]:
    """Paths below the archive's folder; () where nothing was archived, or all of it is gone."""
    with reading(engine) as connection:
        names = (name for wanted in (_PARTS, _PAGES) for name in connection.scalars(wanted))
        return tuple(name for name in names if isinstance(name, str) and "\0" not in name)
