"""A leg is a participant's stay: its addresses and streams have tables of their own.

Numbers that are found stay found at once; what the former rows did not hold is derived anew from
the stored events in the background (`recording.derived` is 0). Knows nothing of `tables.py`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FOLDED = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_NUMBERS = ("raw", "e164", "reversed_digits", "last4")


def _table(name: str, *columns: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        *columns,
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name=f"fk_{name}_tenant"),
        sa.PrimaryKeyConstraint("row", name=f"pk_{name}"),
    )


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def _text(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=False)


def _whole(name: str) -> sa.Column[object]:
    return sa.Column(name, ROW, nullable=False)


def _new_tables() -> None:
    _table(
        "leg_address",
        _whole("leg"),
        _whole("recording"),
        sa.Column("started_us", sa.BigInteger, nullable=False),
        _text("aor"),
        _text("raw"),
        _text("e164"),
        sa.Column("reversed_digits", FOLDED, nullable=False),
        _text("last4"),
    )
    _index("leg_address", "tenant", "recording")
    for number in ("last4", "reversed_digits", "raw"):
        _index("leg_address", "tenant", number, "started_us", "recording")
    _table(
        "leg_stream",
        _whole("leg"),
        _whole("recording"),
        sa.Column("stream", sa.Integer, nullable=False),
        _text("way"),
    )
    _index("leg_stream", "tenant", "recording")


def _copy() -> None:
    op.execute(
        "INSERT INTO leg_address (tenant, leg, recording, started_us, aor, raw, e164,"
        " reversed_digits, last4) SELECT tenant, row, recording, started_us, '', raw, e164,"
        " reversed_digits, last4 FROM leg WHERE raw <> ''"
    )
    op.execute(
        "INSERT INTO leg_stream (tenant, leg, recording, stream, way)"
        " SELECT tenant, row, recording, stream, 'sends' FROM leg"
    )
    op.execute("UPDATE leg SET side_because = 'first_stream' WHERE side_guessed = 1")


def upgrade() -> None:
    """Make the tables and fill them with what the former legs say."""
    _new_tables()
    op.add_column("conversation", sa.Column("merged_into", ROW))
    _index("conversation", "tenant", "merged_into")
    for name, kind, default in (
        ("direction_because", sa.Text, "''"),
        ("held_ms", sa.BigInteger, "0"),
        ("derived", sa.Integer, "0"),
    ):
        column = sa.Column(name, kind, nullable=False, server_default=sa.text(default))
        op.add_column("recording", column)
    _index("recording", "tenant", "derived")
    _index("refused_call", "tenant", "call_id", "started_us")
    for name in ("instead_of", "side_because"):
        column = sa.Column(name, sa.Text, nullable=False, server_default=sa.text("''"))
        op.add_column("leg", column)
    _copy()
    for key in ("last4", "reversed_digits"):
        op.drop_index(f"ix_leg_tenant_{key}_started_us_recording", "leg")
    op.drop_index("ix_leg_tenant_raw_from_us", "leg")
    with op.batch_alter_table("leg") as leg:
        for name in ("stream", "side_guessed", *_NUMBERS):
            leg.drop_column(name)
        for name in ("instead_of", "side_because"):
            leg.alter_column(name, server_default=None)
