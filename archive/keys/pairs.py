"""Key pairs at rest: the intake keys that capture seals to, and the key daemon's signing key.

Knows nothing of data keys or of how the public halves are published.
"""

import secrets
import sqlite3
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.errors import KeyRefused
from archive.floe import zero
from archive.ids import ID_BYTES, IntakeKeyId
from archive.intake import (
    HYBRID_SUITE,
    IntakePrivateKey,
    IntakePublicKey,
    generate_intake_key,
)
from archive.keys.errors import Refusal
from archive.keys.schema import transaction
from archive.keys.service import KeyService

_SIGNING_AAD: Final = b"rokuon signing key 1"


class KeyPairs:
    """Intake and signing keys, their private halves wrapped under the epoch in force."""

    def __init__(self, connection: sqlite3.Connection, service: KeyService, epoch: int) -> None:
        self._connection = connection
        self._service = service
        self._epoch = epoch

    def ensure(self, now_us: int, suite: int = HYBRID_SUITE) -> None:
        """Make what a first start needs: one signing key, one intake key of this suite."""
        with transaction(self._connection):
            if self._signing_row() is None:
                self._add_signing_key(now_us)
            if suite not in {key.suite for key, _ in self.intake_keys()}:
                self._add_intake_key(now_us, suite)

    def intake_keys(self) -> list[tuple[IntakePublicKey, int]]:
        """The public keys in force, newest first, each with its creation in µs since 1970 UTC."""
        rows = self._connection.execute(
            "SELECT id, suite, public, created_us FROM intake_key"
            " WHERE destroyed_us IS NULL AND epoch = ? ORDER BY created_us DESC, id",
            (self._epoch,),
        ).fetchall()
        return [(IntakePublicKey(IntakeKeyId(row[0]), row[1], row[2]), int(row[3])) for row in rows]

    def private_key(self, key_id: IntakeKeyId) -> IntakePrivateKey:
        """Open one intake key; raises `KeyRefused` where it is unknown or destroyed."""
        row = self._connection.execute(
            "SELECT suite, wrapped_seeds FROM intake_key"
            " WHERE id = ? AND epoch = ? AND destroyed_us IS NULL",
            (key_id.raw, self._epoch),
        ).fetchone()
        if row is None:
            raise KeyRefused(Refusal.INTAKE_KEY_UNKNOWN)
        seeds = self._service.unwrap(self._epoch, row[1], _intake_aad(key_id, row[0]))
        private = IntakePrivateKey(key_id, row[0], bytes(seeds))
        zero(seeds)
        return private

    def signing_key(self) -> Ed25519PrivateKey:
        """The key that signs the list of intake keys; there is one after `ensure`."""
        row = self._signing_row()
        assert row is not None, "ensure() comes first"
        seed = self._service.unwrap(self._epoch, row[1], _SIGNING_AAD + row[0])
        key = Ed25519PrivateKey.from_private_bytes(seed)
        zero(seed)
        return key

    def _signing_row(self) -> tuple[bytes, bytes] | None:
        row = self._connection.execute(
            "SELECT public, wrapped_seed FROM signing_key WHERE epoch = ?"
            " ORDER BY created_us DESC LIMIT 1",
            (self._epoch,),
        ).fetchone()
        return None if row is None else (row[0], row[1])

    def _add_signing_key(self, now_us: int) -> None:
        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        wrapped = self._service.wrap(self._epoch, key.private_bytes_raw(), _SIGNING_AAD + public)
        self._connection.execute(
            "INSERT INTO signing_key (public, epoch, wrapped_seed, created_us) VALUES (?, ?, ?, ?)",
            (public, self._epoch, wrapped, now_us),
        )

    def _add_intake_key(self, now_us: int, suite: int) -> None:
        private = generate_intake_key(IntakeKeyId(secrets.token_bytes(ID_BYTES)), suite)
        wrapped = self._service.wrap(self._epoch, private.seeds, _intake_aad(private.id, suite))
        self._connection.execute(
            "INSERT INTO intake_key (id, suite, epoch, wrapped_seeds, public, created_us)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (private.id.raw, suite, self._epoch, wrapped, private.public_key().public, now_us),
        )


def _intake_aad(key_id: IntakeKeyId, suite: int) -> bytes:
    return b"rokuon intake key 1" + suite.to_bytes(2, "big") + key_id.raw
