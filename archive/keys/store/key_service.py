"""The key service: keeps the epoch keys and wraps other keys under them.

Knows nothing of shards, recordings or the keystore's tables.

The local service holds each epoch key in a file of its own beside the passphrase, never in the
keystore: destroying that file later ends every keystore backup of its epoch.
"""

import os
import secrets
import stat
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from archive.disk.files import LocalDisk, draft_of, publish
from archive.keys.errors import (
    EpochKeyMissing,
    EpochKeyNotGone,
    EpochKeyWrong,
    PassphraseExposed,
    PassphraseMissing,
    PassphraseTooShort,
    WrapDamaged,
)

KEY_BYTES: Final = 32
# AES-GCM with a random nonce (SP 800-38D §8.2.2): far below 2^32 wraps under one epoch key.
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
# RFC 7914 §2: 128 · n · r = 32 MiB and about 0.1 s, paid once per epoch and start.
SCRYPT_N: Final = 1 << 15
SCRYPT_R: Final = 8
SCRYPT_P: Final = 1
SALT_BYTES: Final = 16
KEY_FILE_MODE: Final = 0o600
# We make 48 characters ourselves; shorter than this is a word, not a key.
MIN_PASSPHRASE_BYTES: Final = 16
# A passphrase is a line; a longer file is the wrong file.
MAX_PASSPHRASE_BYTES: Final = 4096

_EPOCH_FILE: Final = struct.Struct(">8sHIHH16s40s")
_EPOCH_MAGIC: Final = b"ROKUONEK"
_EPOCH_VERSION: Final = 1
_SHARED_BITS: Final = stat.S_IRWXG | stat.S_IRWXO


class KeyService(Protocol):
    """Wraps keys under the key of an epoch; the epoch key itself never leaves it."""

    def create(self, epoch: int) -> None:
        """Make the key of a new epoch; does nothing if it exists."""

    def wrap(self, epoch: int, secret: bytes | bytearray, aad: bytes) -> bytes:
        """Seal `secret`, bound to `aad`. Raises `EpochKeyMissing`."""

    def unwrap(self, epoch: int, wrapped: bytes, aad: bytes) -> bytearray:
        """Open what `wrap` gave. Raises `EpochKeyMissing` or `WrapDamaged`."""

    def destroy(self, epoch: int) -> None:
        """Delete the key of an epoch and its copies; done when they are seen to be gone.

        Twice is as good as once. Raises `EpochKeyNotGone`, `OSError`.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class ScryptCost:
    """What one guess of the passphrase costs (RFC 7914)."""

    n: int = SCRYPT_N
    r: int = SCRYPT_R
    p: int = SCRYPT_P


def create_passphrase(path: Path) -> None:
    """Write a random passphrase (24 bytes, hex) to a new file of mode 0600.

    Raises `FileExistsError` if there is one already: a passphrase is never replaced.
    """
    if path.exists():
        raise FileExistsError(f"{path}: there is a passphrase file already")
    publish(LocalDisk(), path, [secrets.token_hex(24).encode() + b"\n"], KEY_FILE_MODE)


def read_passphrase(path: Path) -> bytes:
    """Read the passphrase, without its line end.

    Raises `PassphraseMissing`, `PassphraseExposed` or `PassphraseTooShort`.
    """
    try:
        with path.open("rb") as file:
            if os.fstat(file.fileno()).st_mode & _SHARED_BITS:
                raise PassphraseExposed(f"{path}: others can read it; run chmod 600 on it")
            passphrase = file.read(MAX_PASSPHRASE_BYTES).strip()
    except FileNotFoundError:
        raise PassphraseMissing(f"{path}: no passphrase file") from None
    if len(passphrase) < MIN_PASSPHRASE_BYTES:
        raise PassphraseTooShort(f"{path}: fewer than {MIN_PASSPHRASE_BYTES} bytes")
    return passphrase


def epoch_file(epoch: int) -> str:
    """The name of the file that an epoch's key is kept in, and of each copy of it."""
    return f"epoch-{epoch:06d}.key"


@dataclass(slots=True)
class PassphraseService:
    """Epoch keys in files, each wrapped (RFC 3394) under a key derived from the passphrase.

    `copies` is the one place that copies of them are put into, and deleted from.
    """

    passphrase_file: Path
    folder: Path
    cost: ScryptCost = field(default_factory=ScryptCost)
    copies: Path | None = None
    _opened: dict[int, AESGCM] = field(default_factory=dict)

    def create(self, epoch: int) -> None:
        """Make and store the key of a new epoch; does nothing if it exists."""
        if not self._path(epoch).exists():
            self._make(epoch)
        self._copy(epoch)

    def destroy(self, epoch: int) -> None:
        """Delete the key's file and its copy; done when they are seen to be gone."""
        self._opened.pop(epoch, None)
        disk = LocalDisk()
        for folder in filter(None, (self.copies, self.folder)):
            if not folder.is_dir():
                raise EpochKeyNotGone(f"epoch {epoch}: {folder} is not there")
            path = folder / self._path(epoch).name
            for each in (draft_of(path), path):
                disk.unlink(each)
                disk.sync_folder(folder)
                if each.exists():
                    raise EpochKeyNotGone(f"epoch {epoch}: {each} is still there")

    def _make(self, epoch: int) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        salt = secrets.token_bytes(SALT_BYTES)
        wrapped = aes_key_wrap(self._wrapping_key(salt, self.cost), secrets.token_bytes(KEY_BYTES))
        cost = self.cost
        content = _EPOCH_FILE.pack(
            _EPOCH_MAGIC, _EPOCH_VERSION, cost.n, cost.r, cost.p, salt, wrapped
        )
        publish(LocalDisk(), self._path(epoch), [content], KEY_FILE_MODE)

    def _copy(self, epoch: int) -> None:
        """Put the key's file into the place of copies too, and read it back there."""
        if self.copies is None:
            return
        path = self._path(epoch)
        copy, content = self.copies / path.name, path.read_bytes()
        if not copy.exists():
            publish(LocalDisk(), copy, [content], KEY_FILE_MODE)
        if copy.read_bytes() != content:
            raise EpochKeyWrong(f"epoch {epoch}: {copy} is not a copy of its key")

    def wrap(self, epoch: int, secret: bytes | bytearray, aad: bytes) -> bytes:
        """Seal `secret` as nonce ‖ ciphertext ‖ tag (AES-256-GCM)."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher(epoch).encrypt(nonce, bytes(secret), aad)

    def unwrap(self, epoch: int, wrapped: bytes, aad: bytes) -> bytearray:
        """Open what `wrap` gave. Raises `EpochKeyMissing`, `EpochKeyWrong` or `WrapDamaged`."""
        cipher = self._cipher(epoch)
        if len(wrapped) < NONCE_BYTES + TAG_BYTES:
            raise WrapDamaged(f"epoch {epoch}: a wrap is too short")
        opened = bytearray(len(wrapped) - NONCE_BYTES - TAG_BYTES)
        try:
            cipher.decrypt_into(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], aad, opened)
        except InvalidTag:
            raise WrapDamaged(f"epoch {epoch}: a wrap does not open") from None
        return opened

    def _cipher(self, epoch: int) -> AESGCM:
        if epoch not in self._opened:
            self._opened[epoch] = AESGCM(self._epoch_key(epoch))
        return self._opened[epoch]

    def _epoch_key(self, epoch: int) -> bytes:
        try:
            stored = self._path(epoch).read_bytes()
        except FileNotFoundError:
            raise EpochKeyMissing(f"epoch {epoch}: its key is not here") from None
        if len(stored) != _EPOCH_FILE.size:
            raise EpochKeyWrong(f"epoch {epoch}: its key file has a wrong length")
        magic, version, n, r, p, salt, wrapped = _EPOCH_FILE.unpack(stored)
        if (magic, version) != (_EPOCH_MAGIC, _EPOCH_VERSION):
            raise EpochKeyWrong(f"epoch {epoch}: not an epoch key file of version 1")
        try:
            return aes_key_unwrap(self._wrapping_key(salt, ScryptCost(n=n, r=r, p=p)), wrapped)
        except InvalidUnwrap:
            raise EpochKeyWrong(f"epoch {epoch}: the passphrase does not open its key") from None

    def _wrapping_key(self, salt: bytes, cost: ScryptCost) -> bytes:
        scrypt = Scrypt(salt=salt, length=KEY_BYTES, n=cost.n, r=cost.r, p=cost.p)
        return scrypt.derive(read_passphrase(self.passphrase_file))

    def _path(self, epoch: int) -> Path:
        return self.folder / epoch_file(epoch)
