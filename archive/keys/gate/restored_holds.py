"""The fence of a keystore that was put back: up until the holds placed since are there again.

A stand-in is being placed for each tenant: nothing is destroyed while a hold is. Which holds are
missing the register knows (docs/backup.md). Knows nothing of it, nor of sockets.
"""

import hashlib
from typing import Final

from archive.ids import ID_BYTES, HoldId, TenantId
from archive.keys.store import statements
from archive.keys.store.database import Database
from archive.keys.store.legal_holds import place_hold

_NAME: Final = b"rokuon restored keystore\x00"


def stand_in(tenant: TenantId) -> HoldId:
    """Return the hold that stands for all that a keystore of before does not know of a tenant."""
    return HoldId(hashlib.sha256(_NAME + tenant.raw).digest()[:ID_BYTES])


def raise_fences(database: Database) -> None:
    """Have nothing destroyed of any tenant until its stand-in is cancelled; twice is once."""
    for (raw,) in database.execute(statements.TENANTS_WITH_KEYS).fetchall():
        tenant = TenantId(raw)
        place_hold(database, stand_in(tenant), tenant)
