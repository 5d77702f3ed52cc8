"""What is left of a call anywhere below a folder: searched byte by byte, in every form it may have.

Whoever searches has the folder and every key that lives, and remembers what was destroyed. Knows
nothing of how anything is destroyed.
"""

import base64
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from archive.backup.errors import SetOutdated
from archive.backup.sealed import unseal
from archive.format.header import HeaderBlock
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource, read_block
from archive.keys.daemon.assembly import KeysConfig, service_of
from archive.keys.epochs.keystore_sets import opened_set_key
from archive.keys.errors import EpochKeyMissing
from archive.keys.store.shards import ShardDay, shard_aad
from rokuon.compose.archive.key_daemon import keys_config
from rokuon.config.load import load
from tests.support.catalog.packed import unpacked
from tests.support.parts import read_plain

Forms = dict[str, bytes]


def forms_of_number(number: str) -> Forms:
    """How a number in E.164 may be written; without its country code it is in all of them."""
    digits = number.removeprefix("+81")
    packed = digits if len(digits) % 2 == 0 else digits[1:]
    swapped = "".join(packed[at + 1] + packed[at] for at in range(0, len(packed), 2))
    as_integer = int(number.removeprefix("+")).to_bytes(6, "big")
    return {
        "digits": digits.encode(),
        "reversed": digits[::-1].encode(),
        "UTF-16": digits.encode("utf-16-le"),
        "UTF-16, big-endian": digits.encode("utf-16-be"),
        "BCD": bytes.fromhex(packed),
        "BCD, swapped": bytes.fromhex(swapped),
        "integer": as_integer,
        "integer, little-endian": as_integer[::-1],
        **_base64(digits.encode()),
    }


def forms_of_key(key: bytes) -> Forms:
    """How a key may be written."""
    return {"key": key, "hexadecimal": key.hex().encode(), **_base64(key)}


def _base64(secret: bytes) -> Forms:
    """At each of three places it looks otherwise; what its neighbours change is left out."""
    whole = [base64.b64encode(bytes(before) + secret) for before in range(3)]
    return {
        f"Base64, {before}": text[(before * 8 + 5) // 6 : (before + len(secret)) * 8 // 6]
        for before, text in enumerate(whole)
    }


@dataclass(frozen=True, slots=True)
class Installation:
    """A Rokuon's folder, read as who has taken over its machine reads it; nothing is written."""

    configuration: Path

    @property
    def keys(self) -> KeysConfig:
        """Where keys, epochs and sets are."""
        return keys_config(load(self.configuration))

    def data_keys(self) -> dict[bytes, bytes]:
        """Every data key that opens, by its id."""
        shards = self.shard_keys()
        with closing(self._keystore()) as connection:
            rows = connection.execute("SELECT key_id, shard, wrapped FROM data_key").fetchall()
        return {own: aes_key_unwrap(shards[shard], wrap) for own, shard, wrap in rows}

    def shard_keys(self) -> dict[int, bytes]:
        """Every key that data keys are wrapped under, as long as an epoch opens it."""
        found, service = dict[int, bytes](), service_of(self.keys)
        with closing(self._keystore()) as connection:
            rows = connection.execute("SELECT id, tenant, day, epoch, wrapped_key FROM shard")
            for shard, tenant, day, epoch, wrapped in rows.fetchall():
                aad = shard_aad(shard, epoch, ShardDay(tenant, day))
                try:
                    found[shard] = bytes(service.unwrap(epoch, wrapped, aad))
                except EpochKeyMissing:
                    continue
        return found

    def files(self) -> Iterator[tuple[str, bytes]]:
        """Every file below the folder, and the daemons' log beside it, as they are on the disk.

        Their names are texts, too.
        """
        data = load(self.configuration).node.data
        for path in sorted([*data.rglob("*"), self.configuration.with_name("rokuon.log")]):
            yield f"name of {path}", str(path).encode()
            if path.is_file():
                content = path.read_bytes()
                yield str(path), content
                yield f"packed in {path}", unpacked(content)

    def contents(self) -> Iterator[tuple[str, bytes]]:
        """What a key that lives opens: backup sets and recordings."""
        yield from self._contents_of_sets()
        yield from self._contents_of_parts()

    def _contents_of_sets(self) -> Iterator[tuple[str, bytes]]:
        service = service_of(self.keys)
        for path in sorted(self.keys.sets.parent.rglob("*.rkb")):
            with TemporaryDirectory() as folder:
                content = Path(folder) / "content"
                try:
                    with opened_set_key(service, path) as key:
                        unseal(path, key, content)
                except SetOutdated:
                    continue
                yield f"within {path}", content.read_bytes()
                yield f"packed within {path}", unpacked(content.read_bytes())

    def _contents_of_parts(self) -> Iterator[tuple[str, bytes]]:
        keys = self.data_keys()
        for path in sorted(load(self.configuration).archive.path.rglob("*.rkn")):
            with closing(FileSource(path)) as source:
                header = HeaderBlock.decode(read_block(source))
                with PartReader(source, keys[header.key.raw]) as part:
                    yield f"within {path}", read_plain(part, 0, part.plain_bytes)

    def _keystore(self) -> sqlite3.Connection:
        return sqlite3.connect(f"file:{self.keys.keystore}?mode=ro", uri=True)


def wraps_under_living_keys(installation: Installation, data_key: bytes) -> Forms:
    """What a wrap of this key would be under each shard key that there is: wraps are not salted."""
    return {
        f"wrap under shard {shard}": aes_key_wrap(key, data_key)
        for shard, key in installation.shard_keys().items()
    }


def found(texts: Iterable[tuple[str, bytes]], forms: Forms) -> list[str]:
    """Where any of these is, and in which form."""
    return [
        f"{where}: {form}"
        for where, text in texts
        for form, secret in forms.items()
        if secret in text
    ]
