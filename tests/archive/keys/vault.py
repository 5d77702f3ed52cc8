"""A keystore with recordings in it, for tests of the guard: no wraps worth opening, all else real.

Small ids: `recording(7)` and its keys `key(7, 0)`, `key(7, 1)`, ….
"""

import secrets
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from archive.ids import DEFAULT_TENANT, HoldId, KeyId, PlanId, RecordingId, TenantId
from archive.keys.guard.destruction import DestructionOrder, Outcome, destroy
from archive.keys.guard.plans import MILLION, PlanTerms, open_plan, plan_recordings, seal_plan
from archive.keys.store.census import count_adopted
from archive.keys.store.database import Database
from archive.keys.store.legal_holds import read_fence
from archive.keys.store.schema import open_database
from tests.archive.keys.scene import NOW_US

OTHER_TENANT: Final = TenantId(bytes(15) + b"\x02")
WRAP_BYTES: Final = 40
PLAN: Final = PlanId(b"plan".ljust(16, b"\0"))
HOLD: Final = HoldId(b"hold".ljust(16, b"\0"))
_SHARDS: Final = {DEFAULT_TENANT: 1, OTHER_TENANT: 2}


def recording(number: int) -> RecordingId:
    return RecordingId(b"recording" + number.to_bytes(7, "big"))


def key(number: int, part: int = 0) -> KeyId:
    return KeyId(b"key" + part.to_bytes(5, "big") + number.to_bytes(8, "big"))


def hold_id(number: int) -> HoldId:
    return HoldId(b"hold" + number.to_bytes(12, "big"))


def terms(*, due_us: int = NOW_US, share_ppm: int = MILLION) -> PlanTerms:
    return PlanTerms(tenant=DEFAULT_TENANT, digest=bytes(32), due_us=due_us, share_ppm=share_ppm)


def add_shards(database: Database, epoch: int = 1) -> None:
    """One for each of two tenants, under an epoch that nobody can open."""
    database.execute(
        "INSERT INTO epoch (id, created_us, wrapped_probe, state)"
        " VALUES (:epoch, 0, :probe, 'past')",
        {"epoch": epoch, "probe": b""},
    )
    for tenant, shard in _SHARDS.items():
        database.execute(
            "INSERT INTO shard (id, tenant, day, epoch, wrapped_key)"
            " VALUES (:shard, :tenant, 0, :epoch, :wrapped)",
            {"shard": shard, "tenant": tenant.raw, "epoch": epoch, "wrapped": bytes(40)},
        )


def add_key(
    database: Database,
    number: int,
    part: int = 0,
    *,
    tenant: TenantId = DEFAULT_TENANT,
    archived_us: int | None = NOW_US,
) -> bytes:
    """Put a key in, as it is after `mark_archived`; return its wrap."""
    wrapped = secrets.token_bytes(WRAP_BYTES)
    database.execute(
        "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"
        " created_us, archived_us)"
        " VALUES (:key, :recording, :part, 0, :shard, :wrapped, 'adopted', 0, :archived_us)",
        {
            "key": key(number, part).raw,
            "recording": recording(number).raw,
            "part": part,
            "shard": _SHARDS[tenant],
            "wrapped": wrapped,
            "archived_us": archived_us,
        },
    )
    count_adopted(database, tenant, recordings=0 if part else 1)
    return wrapped


def approve(
    database: Database,
    numbers: Sequence[int],
    *,
    plan: PlanId = PLAN,
    terms_of: PlanTerms | None = None,
    keys: int = 1,
) -> None:
    """A plan of these recordings, each with so many keys, approved."""
    of_plan = terms_of or terms()
    open_plan(database, plan, of_plan)
    plan_recordings(database, plan, [(recording(number), keys) for number in numbers])
    seal_plan(database, plan, of_plan.digest, NOW_US)


def destroy_at_fence(
    database: Database, numbers: Sequence[int], *, plan: PlanId = PLAN, now_us: int = NOW_US
) -> tuple[Outcome, ...]:
    """Destroy as a runner does that has judged everything just now."""
    generation = read_fence(database, DEFAULT_TENANT).generation
    order = DestructionOrder(plan, generation, [recording(number) for number in numbers])
    return destroy(database, order, now_us)


@dataclass(slots=True)
class Vault:
    """A keystore file with `recordings` of one key each, 0 and up."""

    path: Path
    recordings: int = 0
    connection: sqlite3.Connection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = open_database(self.path)
        # What is committed outlives a process without that; power no test takes away.
        self.connection.execute("PRAGMA synchronous=OFF")
        add_shards(self.connection)
        self.connection.execute("BEGIN")
        for number in range(self.recordings):
            add_key(self.connection, number)
        self.connection.execute("COMMIT")

    def count(self, table: str) -> int:
        (count,) = self.connection.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
        return int(count)

    def drop_foreign_key(self) -> None:
        """Make the table of held keys anew, as it would be without its guard."""
        self.connection.execute("DROP TABLE hold_key")
        self.connection.execute(
            "CREATE TABLE hold_key"
            " (key_id BLOB NOT NULL, hold BLOB NOT NULL, PRIMARY KEY (key_id, hold))"
        )
