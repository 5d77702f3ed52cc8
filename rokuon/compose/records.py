"""The archive as a whole, for the command line: verified, recovered, indexed anew.

Knows nothing of how a part is read or adopted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Connection, Engine, func, select

from archive.catalog.calls import StoredPart, everything, stored
from archive.catalog.engine import reading
from archive.catalog.pages import page_ids, stored_page
from archive.catalog.tables import recording as recording_table
from archive.errors import RecordingDamaged
from archive.floe import zero
from archive.grants import Ask, VerifyGrant, grant
from archive.ids import DEFAULT_TENANT, NodeId, PageId, RecordingId
from archive.keys.client import KeyClient
from archive.keys.errors import NodeKeyDamaged, NodeUnknown
from archive.keys.nodes import NodeKeys
from archive.part import PartReader
from archive.reading.proving import Prover, UnprovedPacket
from archive.segments import FileSource
from archive.stored_audio import data_key_of
from rokuon.compose.catalog import local_access, open_catalog, prepare_catalog
from rokuon.compose.keys import keys_config, open_keys
from rokuon.config.schema import Config
from rokuon.error_words import words_of

Step = Callable[[int, int], None]
Shown = dict[str, object]


def is_archive_empty(config: Config) -> bool:
    """Whether no recording was ever adopted."""
    with reading(prepare_catalog(config)) as connection:
        return connection.scalar(select(func.min(recording_table.c.row))) is None


@dataclass(frozen=True, slots=True)
class Found:
    """One part: what is damaged, and which packets of its SRTP no key proves (`more`: unnamed)."""

    part: str
    damage: str = ""
    unproved: tuple[UnprovedPacket, ...] = ()
    more: int = 0


@dataclass(frozen=True, slots=True)
class Verified:
    """How many parts were read, rows for those that are damaged, rows for unproved packets."""

    parts: int
    damaged: list[Shown]
    unproved: list[Shown]


@dataclass(frozen=True, slots=True)
class _Verifier:
    """Opens recordings and ledger pages to check them; one journal entry for each."""

    config: Config
    engine: Engine
    keys: KeyClient

    def check(self, own: RecordingId | PageId) -> Iterator[Found]:
        """What there is to say of every part of a recording or a page."""
        ask = Ask(access=local_access(), target=own)
        granted = grant(self.engine, VerifyGrant, ask)
        with reading(self.engine) as connection:
            parts = _parts(connection, own, granted)
        for part in parts:
            key, prover = data_key_of(self.keys, part, granted), Prover()
            try:
                self._read_all(FileSource(self.config.archive.path / part.path), key, prover)
            except (RecordingDamaged, FileNotFoundError) as damage:
                yield Found(str(part.name), damage=words_of(damage))
            else:
                yield Found(str(part.name), unproved=tuple(prover.unproved()), more=prover.unnamed)
            finally:
                zero(key)

    def _read_all(self, source: FileSource, key: bytearray, prover: Prover) -> None:
        try:
            with PartReader(source, key) as reader:
                reader.verify(self._public_key(reader.header.node), prover.hear)
        finally:
            source.close()

    def _public_key(self, node: NodeId) -> Ed25519PublicKey | None:
        """The node's key where it is on file here; without it END's signature stays unchecked."""
        try:
            return NodeKeys(keys_config(self.config).nodes).find(node)
        except (NodeUnknown, NodeKeyDamaged, PermissionError):
            return None


def verify_archive(config: Config, step: Step) -> Verified:
    """Read every part. Raises `KeyUnavailable` where a key cannot be had."""
    keys = open_keys(config, "api")
    checked, damaged, unproved = 0, list[Shown](), list[Shown]()
    try:
        # Without keys nothing can be done, whatever else is there; the reason is named first.
        keys.status()
        engine = open_catalog(config)
        verifier = _Verifier(config, engine, keys)
        with reading(engine) as connection:
            wanted: list[RecordingId | PageId] = [
                *everything(connection, DEFAULT_TENANT),
                *page_ids(connection, DEFAULT_TENANT),
            ]
        for done, own in enumerate(wanted, start=1):
            for found in verifier.check(own):
                checked += 1
                if found.damage:
                    damaged.append({"part": found.part, "damage": found.damage})
                unproved += _rows(found)
            step(done, len(wanted))
    finally:
        keys.close()
    return Verified(checked, damaged, unproved)


def _parts(
    connection: Connection, own: RecordingId | PageId, granted: VerifyGrant
) -> tuple[StoredPart, ...]:
    if isinstance(own, PageId):
        return stored_page(connection, own, granted)
    return tuple(part for one in stored(connection, own, granted) for part in one.parts)


def _moment(at_us: int) -> str:
    return datetime.fromtimestamp(at_us / 1_000_000, UTC).isoformat(timespec="milliseconds")


def _rows(found: Found) -> Iterator[Shown]:
    for packet in found.unproved:
        yield {
            "part": found.part,
            "stream": packet.stream,
            "packet": "RTCP" if packet.is_report else f"RTP {packet.sequence}",
            "ssrc": f"{packet.ssrc:08x}",
            "serial": packet.serial,
            "arrived": _moment(packet.arrived_us),
        }
    if found.more:
        yield {"part": found.part, "packet": f"{found.more} more"}
