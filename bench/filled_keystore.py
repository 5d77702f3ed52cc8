"""A keystore of as many keys as wanted in minutes, one of each recording, every one archived.

Knows nothing of what is measured with it.
"""

import hashlib
import shutil
from pathlib import Path
from typing import Final

from archive.ids import DEFAULT_TENANT, KeyId, RecordingId
from archive.keys.store.schema import open_database

FIRST_US: Final = 1_795_564_800_000_000
APART_US: Final = 3_000_000
DAY_US: Final = 86_400_000_000
# Keys are random: all their pages are wanted at once.
FAST: Final = ("journal_mode=OFF", "synchronous=OFF", "cache_size=-3000000")


def make(folder: Path, file: Path, recordings: int) -> None:
    """The keystore in `file`, alone in its folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fill(file, recordings)


def fill(file: Path, recordings: int) -> None:
    """One key for each recording, every one archived, over days as a site has them."""
    connection = open_database(file)
    for pragma in FAST:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("BEGIN")
    connection.execute(
        "INSERT INTO epoch (id, created_us, wrapped_probe, state) VALUES (1, 0, x'', 'current')"
    )
    for day in range(1 + recordings * APART_US // DAY_US):
        connection.execute(
            "INSERT INTO shard (id, tenant, day, epoch, wrapped_key)"
            " VALUES (?, ?, ?, 1, zeroblob(60))",
            (day + 1, DEFAULT_TENANT.raw, day),
        )
    connection.executemany(
        "INSERT INTO data_key (key_id, recording, part, generation, shard, wrapped, state,"
        " created_us, adopted_us, archived_us) VALUES (?, ?, 0, 0, ?, ?, 'adopted', ?, ?, ?)",
        (_row(number) for number in range(recordings)),
    )
    connection.execute(
        "INSERT INTO census VALUES (?, ?, ?, 0, 0)", (DEFAULT_TENANT.raw, recordings, recordings)
    )
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _row(number: int) -> tuple[object, ...]:
    at_us = FIRST_US + number * APART_US
    shard = 1 + number * APART_US // DAY_US
    wrapped = hashlib.sha512(number.to_bytes(8, "big")).digest()[:40]
    key, own = key_numbered(number), recording_numbered(number)
    return key.raw, own.raw, shard, wrapped, at_us, at_us, at_us


def key_numbered(number: int) -> KeyId:
    """Random, and the same each time."""
    return KeyId(hashlib.sha256(number.to_bytes(8, "big")).digest()[:16])


def recording_numbered(number: int) -> RecordingId:
    """In the order of its beginning."""
    at_ms = (FIRST_US + number * APART_US) // 1_000
    return RecordingId(at_ms.to_bytes(6, "big") + key_numbered(number).raw[:10])
