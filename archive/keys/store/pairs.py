"""Key pairs at rest: the intake keys that capture seals to, and the key daemon's signing key.

Knows nothing of data keys or of how the public halves are published.
"""

import secrets
import sqlite3
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.constant_time import bytes_eq

from archive.errors import KeyRefused
from archive.format.floe import zero
from archive.format.intake import (
    HYBRID_SUITE,
    IntakePrivateKey,
    IntakePublicKey,
    generate_intake_key,
)
from archive.ids import ID_BYTES, IntakeKeyId
from archive.keys.errors import Refusal, WrapDamaged
from archive.keys.store.key_service import KeyService
from archive.keys.store.schema import transaction

_SIGNING_AAD: Final = b"rokuon signing key 1"


class KeyPairs:
    """Intake and signing keys.

    An intake key stays under the epoch that it was made in and ends with it; the signing key is
    wrapped again under each new one.
    """

    def __init__(self, connection: sqlite3.Connection, service: KeyService, epoch: int) -> None:
        self._connection = connection
        self._service = service
        self._epoch = epoch

    def take_up(self, epoch: int) -> None:
        """From now on the keys of this epoch are in force."""
        self._epoch = epoch

    def ensure(self, now_us: int, suite: int = HYBRID_SUITE) -> None:
        """Make what a first start needs: one signing key, one intake key of this suite."""
        with transaction(self._connection):
            if self._signing_row() is None:
                self._put_signing_key(Ed25519PrivateKey.generate(), now_us, self._epoch)
            if suite not in {key.suite for key, _ in self.intake_keys()}:
                self._add_intake_key(now_us, suite, self._epoch)

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
            "SELECT suite, wrapped_seeds, epoch FROM intake_key"
            " WHERE id = ? AND destroyed_us IS NULL",
            (key_id.raw,),
        ).fetchone()
        if row is None:
            raise KeyRefused(Refusal.INTAKE_KEY_UNKNOWN)
        seeds = self._service.unwrap(row[2], row[1], _intake_aad(key_id, row[0]))
        private = IntakePrivateKey(key_id, row[0], bytes(seeds))
        zero(seeds)
        return private

    def note_used(self, key_id: IntakeKeyId) -> None:
        """Write down that a part came now that was sealed to it."""
        with transaction(self._connection):
            self._connection.execute(
                "UPDATE intake_key SET used_epoch = ?1 WHERE id = ?2 AND used_epoch IS NOT ?1",
                (self._epoch, key_id.raw),
            )

    def turn_to(self, epoch: int, now_us: int) -> None:
        """Make a new intake key, and wrap the signing key, under the epoch `epoch`.

        Part of the caller's transaction. Raises `WrapDamaged` where the signing key cannot be had.
        """
        newest, _ = self.intake_keys()[0]
        self._add_intake_key(now_us, newest.suite, epoch)
        row = self._connection.execute(
            "SELECT created_us FROM signing_key WHERE epoch = ? ORDER BY created_us DESC LIMIT 1",
            (self._epoch,),
        ).fetchone()
        self._put_signing_key(self.signing_key(), int(row[0]), epoch)

    def end_of(self, epoch: int, now_us: int) -> None:
        """Delete the private intake keys of an epoch, in the caller's transaction."""
        self._connection.execute(
            "UPDATE intake_key SET wrapped_seeds = NULL, destroyed_us = ?"
            " WHERE epoch = ? AND destroyed_us IS NULL",
            (now_us, epoch),
        )

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

    def _put_signing_key(self, key: Ed25519PrivateKey, created_us: int, epoch: int) -> None:
        public, seed = key.public_key().public_bytes_raw(), key.private_bytes_raw()
        wrapped = self._proved(epoch, seed, _SIGNING_AAD + public)
        self._connection.execute(
            "INSERT INTO signing_key (public, epoch, wrapped_seed, created_us) VALUES (?, ?, ?, ?)",
            (public, epoch, wrapped, created_us),
        )

    def _add_intake_key(self, now_us: int, suite: int, epoch: int) -> None:
        private = generate_intake_key(IntakeKeyId(secrets.token_bytes(ID_BYTES)), suite)
        wrapped = self._proved(epoch, private.seeds, _intake_aad(private.id, suite))
        self._connection.execute(
            "INSERT INTO intake_key (id, suite, epoch, wrapped_seeds, public, created_us)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (private.id.raw, suite, epoch, wrapped, private.public_key().public, now_us),
        )

    def _proved(self, epoch: int, secret: bytes, aad: bytes) -> bytes:
        """A wrap that was opened again; raises `WrapDamaged` where it holds something else."""
        wrapped = self._service.wrap(epoch, secret, aad)
        opened = self._service.unwrap(epoch, wrapped, aad)
        if not bytes_eq(bytes(opened), secret):
            raise WrapDamaged(f"epoch {epoch}: the wrap of a private key holds something else")
        zero(opened)
        return wrapped


def _intake_aad(key_id: IntakeKeyId, suite: int) -> bytes:
    return b"rokuon intake key 1" + suite.to_bytes(2, "big") + key_id.raw
