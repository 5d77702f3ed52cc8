"""The archive as a whole, for the command line: verified, recovered, indexed anew.

Knows nothing of how a part is read or adopted.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Engine, func, select

from archive.catalog.calls import StoredRecording, everything, stored
from archive.catalog.engine import reading
from archive.catalog.tables import recording as recording_table
from archive.errors import RecordingDamaged
from archive.floe import zero
from archive.grants import Ask, VerifyGrant, grant
from archive.ids import DEFAULT_TENANT, NodeId, RecordingId
from archive.keys.client import KeyClient
from archive.keys.errors import NodeKeyDamaged, NodeUnknown
from archive.keys.nodes import NodeKeys
from archive.part import PartReader
from archive.segments import FileSource
from rokuon.compose.audio import data_key_of
from rokuon.compose.catalog import local_access, open_catalog, prepare_catalog
from rokuon.compose.keys import keys_config, open_keys
from rokuon.config.schema import Config

Step = Callable[[int, int], None]
Shown = dict[str, object]


def is_archive_empty(config: Config) -> bool:
    """Whether no recording was ever adopted."""
    with reading(prepare_catalog(config)) as connection:
        return not connection.scalar(select(func.count()).select_from(recording_table))


@dataclass(frozen=True, slots=True)
class _Verifier:
    """Opens recordings to check them; one journal entry for each."""

    config: Config
    engine: Engine
    keys: KeyClient

    def check(self, recording: RecordingId) -> Iterator[tuple[str, str]]:
        """(part, damage) for every part of a recording; no damage is ""."""
        ask = Ask(access=local_access(), target=recording)
        granted = grant(self.engine, VerifyGrant, ask)
        with reading(self.engine) as connection:
            found = stored(connection, recording, granted)
        for one in found:
            yield from self._check_parts(one, granted)

    def _check_parts(
        self, recording: StoredRecording, granted: VerifyGrant
    ) -> Iterator[tuple[str, str]]:
        for part in recording.parts:
            key = data_key_of(self.keys, part, granted)
            try:
                self._read_all(FileSource(self.config.archive.path / part.path), key)
            except (RecordingDamaged, FileNotFoundError) as damage:
                yield str(part.name), f"{type(damage).__name__}: {damage}"
            else:
                yield str(part.name), ""
            finally:
                zero(key)

    def _read_all(self, source: FileSource, key: bytearray) -> None:
        try:
            with PartReader(source, key) as reader:
                reader.verify(self._public_key(reader.header.node))
        finally:
            source.close()

    def _public_key(self, node: NodeId) -> Ed25519PublicKey | None:
        """The node's key where it is on file here; without it END's signature stays unchecked."""
        try:
            return NodeKeys(keys_config(self.config).nodes).find(node)
        except (NodeUnknown, NodeKeyDamaged, PermissionError):
            return None


def verify_archive(config: Config, step: Step) -> tuple[int, list[Shown]]:
    """Read every part; how many there were, and a row for each that is damaged.

    Raises `KeyUnavailable` where a key cannot be had.
    """
    keys = open_keys(config, "api")
    checked, damaged = 0, list[Shown]()
    try:
        # Without keys nothing can be done, whatever else is there; the reason is named first.
        keys.status()
        engine = open_catalog(config)
        verifier = _Verifier(config, engine, keys)
        with reading(engine) as connection:
            recordings = everything(connection, DEFAULT_TENANT)
        for done, recording in enumerate(recordings, start=1):
            for part, damage in verifier.check(recording):
                checked += 1
                if damage:
                    damaged.append({"part": part, "damage": damage})
            step(done, len(recordings))
    finally:
        keys.close()
    return checked, damaged
