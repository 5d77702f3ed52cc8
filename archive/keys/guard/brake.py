"""The brake: how many recordings of a tenant may still be destroyed today, counted by ourselves.

Knows nothing of plans but the share that they allow. Days are the last 24 hours by the latest time
ever seen, so that a clock put back gives no second share.
"""

from typing import Final

from archive.ids import TenantId
from archive.keys.store import statements
from archive.keys.store.database import Database

HOUR_US: Final = 3_600_000_000
_WINDOW_H: Final = 24
_MILLION: Final = 1_000_000


def see_time(database: Database, now_us: int) -> int:
    """Write down that it is now so late; return the latest time ever seen."""
    database.execute(statements.SEE_TIME, {"now_us": now_us})
    return latest_time(database)


def latest_time(database: Database) -> int:
    """Return the latest time ever seen; 0: none was."""
    return int(database.execute(statements.HIGHEST_TIME).fetchone()[0])


def recordings_left(database: Database, tenant: TenantId, share_ppm: int, latest_us: int) -> int:
    """Return how many recordings may still go, of a share of what was there a day ago.

    Until the transaction is over nobody else spends of it.
    """
    database.execute(statements.LOCK_BRAKE, {"tenant": tenant.raw})
    (spent,) = database.execute(
        statements.SPENT, {"tenant": tenant.raw, "hour": latest_us // HOUR_US - _WINDOW_H}
    ).fetchone()
    row = database.execute(statements.RECORDINGS_THERE, {"tenant": tenant.raw}).fetchone()
    there = spent + (0 if row is None else row[0])
    # Rounded up: of ten recordings one may go, whatever the share is.
    allowed = -(-there * share_ppm // _MILLION)
    return max(0, int(allowed - spent))


def spend(database: Database, tenant: TenantId, recordings: int, latest_us: int) -> None:
    """Count what was destroyed, and forget what is older than the window."""
    hour = latest_us // HOUR_US
    database.execute(
        statements.SPEND, {"tenant": tenant.raw, "hour": hour, "recordings": recordings}
    )
    database.execute(statements.FORGET_SPENT, {"tenant": tenant.raw, "hour": hour - _WINDOW_H - 1})
