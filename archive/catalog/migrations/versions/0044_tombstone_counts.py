"""What the keystore is compared with: which tombstones there are, how many keys a hold has.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from archive.set_hash import HASH_BYTES, SetHash

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# Digests that are in memory at once.
_AT_ONCE = 10_000
_TOMBSTONE = sa.table(
    "tombstone",
    sa.column("row", sa.BigInteger),
    sa.column("tenant", sa.BigInteger),
    sa.column("digest", sa.LargeBinary),
)
_COUNT = sa.table(
    "tombstone_count",
    sa.column("tenant", sa.BigInteger),
    sa.column("recordings", sa.BigInteger),
    sa.column("total", sa.LargeBinary),
)


def upgrade() -> None:
    """Make the tables, and count the tombstones that there are."""
    for name, columns, unique in (
        (
            "tombstone_count",
            (
                sa.Column("recordings", sa.BigInteger, nullable=False),
                sa.Column("total", sa.LargeBinary(HASH_BYTES), nullable=False),
            ),
            ("tenant",),
        ),
        (
            "disputed_tombstone",
            (sa.Column("digest", sa.LargeBinary(32), nullable=False),),
            ("tenant", "digest"),
        ),
    ):
        op.create_table(
            name,
            *columns,
            sa.Column("row", ROW, autoincrement=True, nullable=False),
            sa.Column("tenant", ROW, nullable=False),
            sa.PrimaryKeyConstraint("row", name=f"pk_{name}"),
            sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{name}_tenant"),
            sa.UniqueConstraint(*unique, name=f"uq_{name}_{'_'.join(unique)}"),
        )
    op.add_column(
        "hold", sa.Column("kept_keys", sa.BigInteger, nullable=False, server_default=sa.text("0"))
    )
    _count(op.get_bind())


def _count(connection: sa.Connection) -> None:
    for tenant in connection.scalars(sa.select(_TOMBSTONE.c.tenant).distinct()).all():
        counted = SetHash().with_all(_digests(connection, tenant))
        row = {"tenant": tenant, "recordings": counted.members, "total": counted.total}
        connection.execute(sa.insert(_COUNT), row)


def _digests(connection: sa.Connection, tenant: int) -> Iterator[bytes]:
    behind = 0
    wanted = (
        sa.select(_TOMBSTONE.c.row, _TOMBSTONE.c.digest)
        .where(_TOMBSTONE.c.tenant == tenant, _TOMBSTONE.c.row > sa.bindparam("behind"))
        .order_by(_TOMBSTONE.c.row)
        .limit(_AT_ONCE)
    )
    while rows := connection.execute(wanted, {"behind": behind}).all():
        yield from (row.digest for row in rows)
        behind = rows[-1].row
