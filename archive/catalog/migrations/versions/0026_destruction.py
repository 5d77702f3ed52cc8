"""Plans of destruction, standing approvals; what a tombstone says beside the digest.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
EMPTY = sa.text("''")


def _own(table: str) -> tuple[sa.Column[int], sa.Column[int], sa.Constraint, sa.Constraint]:
    return (
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.PrimaryKeyConstraint("row", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{table}_tenant"),
    )


def _refers(table: str, column: str, to: str) -> sa.Constraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.row"], name=f"fk_{table}_{column}")


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def upgrade() -> None:
    """Make the tables, and the columns of tombstones."""
    _plans()
    _planned()
    _standing()
    for column in (
        sa.Column("call_digest", sa.LargeBinary(32)),
        sa.Column("hour_us", sa.BigInteger),
        sa.Column("queues", sa.Text, nullable=False, server_default=EMPTY),
        sa.Column("teams", sa.Text, nullable=False, server_default=EMPTY),
        sa.Column("controllers", sa.Text, nullable=False, server_default=EMPTY),
        sa.Column("revision", sa.Integer),
        sa.Column("rules", sa.Text, nullable=False, server_default=EMPTY),
        sa.Column("plan", sa.BigInteger),
    ):
        op.add_column("tombstone", column)
    _index("tombstone", "tenant", "call_digest")
    _index("tombstone", "tenant", "hour_us")


def _plans() -> None:
    table = "destruction_plan"
    op.create_table(
        table,
        sa.Column("id", sa.LargeBinary(16), nullable=False),
        sa.Column("sha256", sa.LargeBinary(32), nullable=False),
        sa.Column("decided_us", sa.BigInteger, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("recordings", sa.Integer, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("cooling_off_h", sa.Integer, nullable=False),
        sa.Column("proposal", ROW),
        sa.Column("approved_us", sa.BigInteger),
        sa.Column("due_us", sa.BigInteger),
        sa.Column("one_person", sa.Integer, nullable=False, server_default=sa.text("0")),
        sa.Column("handed_us", sa.BigInteger),
        sa.Column("begun_us", sa.BigInteger),
        sa.Column("last_us", sa.BigInteger),
        sa.Column("waits", sa.Text, nullable=False, server_default=EMPTY),
        sa.Column("ended_us", sa.BigInteger),
        sa.Column("ended", sa.Text, nullable=False, server_default=EMPTY),
        *_own(table),
        _refers(table, "proposal", "proposal"),
        sa.UniqueConstraint("tenant", "id", name=f"uq_{table}_tenant_id"),
    )
    _index(table, "tenant", "ended_us")


def _planned() -> None:
    table = "planned_recording"
    op.create_table(
        table,
        sa.Column("plan", ROW, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("recording", sa.LargeBinary(16)),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("size_bytes", sa.BigInteger, nullable=False),
        sa.Column("stage", sa.Text, nullable=False),
        sa.Column("cause", sa.Text, nullable=False, server_default=EMPTY),
        sa.Column("intention", sa.Text, nullable=False, server_default=EMPTY),
        sa.Column("destroyed_us", sa.BigInteger),
        *_own(table),
        _refers(table, "plan", "destruction_plan"),
        sa.UniqueConstraint("tenant", "plan", "digest", name=f"uq_{table}_tenant_plan_digest"),
    )
    _index(table, "tenant", "recording")
    _index(table, "tenant", "plan", "stage")
    _index(table, "tenant", "destroyed_us")


def _standing() -> None:
    table = "standing_approval"
    op.create_table(
        table,
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("rule", sa.Text, nullable=False),
        sa.Column("plan", ROW, nullable=False),
        sa.Column("given_us", sa.BigInteger, nullable=False),
        sa.Column("ended_us", sa.BigInteger),
        *_own(table),
        _refers(table, "plan", "destruction_plan"),
    )
    _index(table, "tenant", "revision", "rule")
