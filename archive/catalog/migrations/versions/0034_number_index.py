"""Numbers indexed by E.164 where it is not what came, and recordings with corrected numbers.

Knows nothing of `tables.py`: a migration says what was true on its day.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

OTHER_FORM = sa.text("in_force = 1 AND e164 != '' AND e164 != raw")
CORRECTED = sa.text("in_force = 0")


def upgrade() -> None:
    """Reads every number once or twice: of ten million calls half a minute."""
    op.create_index(
        "ix_leg_address_other_form",
        "leg_address",
        ["tenant", "e164", "recording"],
        sqlite_where=OTHER_FORM,
        postgresql_where=OTHER_FORM,
    )
    op.create_index(
        "ix_leg_address_corrected",
        "leg_address",
        ["tenant", "in_force", "recording"],
        sqlite_where=CORRECTED,
        postgresql_where=CORRECTED,
    )
