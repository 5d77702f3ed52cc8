"""What somebody does who has taken a part over: any code, with that part's user, files and sockets.

Runs by itself as that user. Knows where things lie, and nothing that only another part knows. Says
what it was let do.
"""

import hashlib
import json
import socket
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import DEFAULT_TENANT, HoldId, KeyId, PlanId, RecordingId
from archive.keys.client.key_client import KeyClient
from archive.keys.guard.plans import PlanTerms
from archive.lifecycle.tombstone import digest_of

FORGED: Final = "rokuon_" + "f" * 43
_OWN: Final = PlanId(b"overtaken".ljust(16))
_SECRETS: Final = (
    "keys/passphrase", "keys/keystore.db", "api/sign-in.key", "api/seals.log",
    "capture/node.json",
)  # fmt: skip
_ROWS: Final = (
    ("INSERT OR IGNORE INTO token"
    " (tenant, user, digest, scopes, created_us, expires_us, note, purpose)"
     " SELECT tenant, row, ?, 'calls:search audio:listen', 1, 9000000000000000, '', 'technical'"
     " FROM user LIMIT 1"),
    ("INSERT INTO role_gift (tenant, user, role, reach, given_us)"
     " SELECT tenant, user, 'disclosure', reach, 1 FROM role_gift"),
    "INSERT INTO one_person (tenant, declared_us) VALUES (1, 1)",
)  # fmt: skip


_PLANNED: Final = (
    "INSERT INTO planned_recording (tenant, plan, digest, recording, revision, rules, size_bytes,"
    " scope, stage, cause, intention) SELECT tenant, plan, ?, ?, revision, rules, size_bytes + 1,"
    " scope, 'planned', '', '' FROM planned_recording LIMIT 1"
    " ON CONFLICT DO UPDATE SET size_bytes = excluded.size_bytes"
)


def _said(ask: Callable[[], Any]) -> str:
    """What came of it, in a word."""
    try:
        done = ask()
    except (KeyRefused, KeyUnavailable, OSError, sqlite3.Error) as failed:
        return f"{type(failed).__name__}: {failed}"
    return str(done)


def _destroyed(client: KeyClient, plan: PlanId, recordings: list[RecordingId]) -> str:
    outcomes = client.destroy(plan, client.fence(DEFAULT_TENANT).generation, recordings)
    return ",".join(sorted({type(each).__name__ for each in outcomes}))


def _asked(place: Path, recordings: list[RecordingId], keys: list[KeyId]) -> dict[str, str]:
    """Everything that destroys or opens, at one socket of the key daemon."""
    client = KeyClient(place)
    terms = PlanTerms(tenant=DEFAULT_TENANT, digest=bytes(32), due_us=0, share_ppm=1_000_000)
    entry = json.dumps({"action": "listened"}).encode()
    asks: dict[str, Callable[[], Any]] = {
        "open_plan": lambda: client.open_plan(_OWN, terms),
        "seal_plan": lambda: client.seal_plan(_OWN),
        "release_hold": lambda: client.release_hold(HoldId(bytes(16))),
        "destroy": lambda: _destroyed(client, _OWN, recordings),
        "open": lambda: client.open(keys[0], entry),
        "open_unarchived": lambda: client.open_unarchived(keys[0]),
    }
    return {name: _said(ask) for name, ask in asks.items()}


def overtaken(data: Path) -> dict[str, Any]:
    """Try everything; what was read, what was answered."""
    catalog = sqlite3.connect(data / "catalog/catalog.db", isolation_level=None, timeout=30)
    recordings = [RecordingId(row[0]) for row in catalog.execute("SELECT id FROM recording")]
    keys = [KeyId(row[0]) for row in catalog.execute("SELECT key_id FROM part")]
    digest = hashlib.sha256(FORGED.encode()).digest()
    for row in _ROWS:
        catalog.execute(row, (digest,) if "?" in row else ())
    # In the plan that two persons approved: one more, or more of one.
    for own in recordings:
        catalog.execute(_PLANNED, (digest_of(own), own.raw))
    read = [name for name in _SECRETS if not _said((data / name).read_bytes).startswith("Perm")]
    sockets = {
        role: _asked(data / f"keys/{role}.sock", recordings, keys)
        for role in ("keeper", "retention", "api")
        if _reaches(data / f"keys/{role}.sock")
    }
    return {"read": read, "sockets": sockets, "planned": len(recordings)}


def _reaches(place: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as asker:
        return not _said(lambda: asker.connect(str(place))).startswith("Perm")


if __name__ == "__main__":
    json.dump(overtaken(Path(sys.argv[1])), sys.stdout)
