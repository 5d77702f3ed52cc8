"""A key daemon on a small scale, a node that it believes, and the first blocks of a part."""

import secrets
import sqlite3
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.format.floe import FloeMessage
from archive.format.header import HeaderBlock, block_bytes
from archive.format.intake import IntakeKeyList, IntakePublicKey, seal_page
from archive.ids import DEFAULT_TENANT, KeyId, NodeId, RecordingId, uuid7
from archive.keys.clock_watch import ClockSeen
from archive.keys.daemon.answers import KeyDaemon
from archive.keys.daemon.assembly import KeysConfig, open_daemon
from archive.keys.store.key_service import ScryptCost
from archive.keys.store.nodes import NodeKeys
from archive.lifecycle.tombstone import digest_of

NOW_US = 1_795_564_800_000_000  # 2026-11-25 00:00 UTC
CHEAP = ScryptCost(n=16)


def destroy_key(connection: sqlite3.Connection, key_id: KeyId) -> None:
    """Destroy one key, without a plan and whatever holds it says: as a scene needs it."""
    (recording,) = connection.execute(
        "SELECT recording FROM data_key WHERE key_id = ?", (key_id.raw,)
    ).fetchone()
    connection.execute("DELETE FROM data_key WHERE key_id = ?", (key_id.raw,))
    connection.execute(
        "INSERT INTO destroyed (key_id, recording_digest, at_us, run) VALUES (?, ?, ?, ?)",
        (key_id.raw, digest_of(RecordingId(recording)), NOW_US, bytes(16)),
    )


def some_header(node: NodeId, *, part: int = 0, created_us: int = NOW_US) -> HeaderBlock:
    return HeaderBlock(
        recording=RecordingId(uuid7(NOW_US, secrets.token_bytes(10))),
        part=part,
        generation=0,
        key=KeyId(secrets.token_bytes(16)),
        node=node,
        tenant=DEFAULT_TENANT,
        created_us=created_us,
        oldest_ms=900,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstBlocks:
    """What stands at the beginning of a spool file, and the key that only its writer knew."""

    page: bytes
    block: bytes
    data_key: bytes
    header: HeaderBlock


@dataclass(frozen=True, slots=True)
class Node:
    """A capture node: its id, its signing key, the intake key that it seals to."""

    id: NodeId
    signing: Ed25519PrivateKey
    intake_key: IntakePublicKey

    def first_blocks(self, header: HeaderBlock | None = None) -> FirstBlocks:
        header = header or some_header(self.id)
        data_key = secrets.token_bytes(32)
        message = FloeMessage.create(data_key, secrets.token_bytes(32), header.encode_aad())
        block = block_bytes(header, message.header)
        page = seal_page(data_key, block, to=self.intake_key, node=self.id, sign=self.signing.sign)
        return FirstBlocks(page=page, block=block, data_key=data_key, header=header)

    def sealing_to(self, intake_key: IntakePublicKey) -> "Node":
        return replace(self, intake_key=intake_key)


@dataclass(slots=True)
class Scene:
    """A started key daemon in a folder of its own, with one node on file."""

    folder: Path
    now_us: int = NOW_US
    config: KeysConfig = field(init=False)
    daemon: KeyDaemon = field(init=False)
    node: Node = field(init=False)

    def __post_init__(self) -> None:
        self.config = KeysConfig(
            folder=self.folder,
            passphrase_file=self.folder / "passphrase",
            makes_passphrase=True,
            cost=CHEAP,
        )
        self.daemon = open_daemon(self.config, lambda: self.now_us)
        self.node = self.new_node()

    def new_node(self) -> Node:
        signing = Ed25519PrivateKey.generate()
        node = NodeId(secrets.token_bytes(16))
        NodeKeys(self.config.nodes).register(node, signing.public_key().public_bytes_raw())
        listed = IntakeKeyList.decode(self.config.intake_list.read_bytes())
        return Node(node, signing, listed.newest())

    def restart(self) -> None:
        self.daemon.close()
        self.start()

    def restart_watched(self) -> None:
        """Start it as on a guest, where the last sign of life is asked and the kernel is not."""
        self.daemon.close()
        self.daemon = open_daemon(self.config, lambda: self.now_us, self.read_clock)

    def read_clock(self) -> ClockSeen:
        """A machine that was booted when the scene began."""
        return ClockSeen(wall_us=self.now_us, since_boot_us=max(0, self.now_us - NOW_US))

    def start(self) -> None:
        self.daemon = open_daemon(self.config, lambda: self.now_us)
