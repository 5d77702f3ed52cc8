"""Classes of recordings that are kept alike, and how large each recording is.

The keeper works the classes out with the recordings, which it derives anew. Knows nothing of
`tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the columns; the sizes are there at once."""
    op.create_table(
        "retention_class",
        sa.Column("row", ROW, autoincrement=True, nullable=False),
        sa.Column("tenant", ROW, nullable=False),
        sa.Column("digest", sa.LargeBinary(32), nullable=False),
        sa.Column("form", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["tenant"], ["tenant.row"], name="fk_retention_class_tenant"),
        sa.PrimaryKeyConstraint("row", name="pk_retention_class"),
        sa.UniqueConstraint("tenant", "digest", name="uq_retention_class_tenant_digest"),
    )
    op.add_column(
        "recording",
        sa.Column("size_bytes", sa.BigInteger, nullable=False, server_default=sa.text("0")),
    )
    op.add_column("recording", sa.Column("retention_class", ROW))
    op.execute(
        "UPDATE recording SET size_bytes = (SELECT coalesce(sum(part.size_bytes), 0) FROM part"
        " WHERE part.tenant = recording.tenant AND part.recording = recording.row)"
    )
    op.create_index(
        "ix_recording_tenant_ended_us_retention_class_size_bytes",
        "recording",
        ["tenant", "ended_us", "retention_class", "size_bytes"],
    )
    op.create_index(
        "ix_recording_tenant_retention_class", "recording", ["tenant", "retention_class"]
    )
