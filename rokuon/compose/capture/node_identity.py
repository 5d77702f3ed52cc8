"""The node's identity, and the list of intake keys that it seals to; capture's own folders.

Knows where they lie and who may read them, nothing of keys that open anything.
"""

import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec
import structlog
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from archive.disk.files import LocalDisk, publish
from archive.errors import ArchiveError
from archive.format.intake import IntakeKeyList, IntakePublicKey
from archive.ids import ID_BYTES, NodeId
from archive.keys.store.nodes import NodeKeys
from rokuon.config.schema import Config
from rokuon.messages.errors import IdentityRefused
from rokuon.messages.i18n import tr

NODE_FILE: Final = "node.json"
# As the key daemon publishes it; capture has a copy.
INTAKE_LIST_NAME: Final = "intake-keys.json"
SIGNING_KEY_NAME: Final = "signing.pub"
_VERSION: Final = 1
OWNER_ONLY_FOLDER: Final = 0o700
_OWNER_ONLY_FILE: Final = 0o600
_OTHERS: Final = 0o077
_SEED_BYTES: Final = 32
log = structlog.get_logger("rokuon.capture")


class _NodeFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`node.json`: the seed of the node's Ed25519 key is 32 bytes (RFC 8032 §5.1.5), base64."""

    version: int
    node: str
    private: bytes


@dataclass(frozen=True, slots=True)
class NodeIdentity:
    """Who this capture node is: its id and the key that signs what it writes."""

    node: NodeId
    private: Ed25519PrivateKey

    @property
    def public(self) -> bytes:
        """The 32 bytes that the key daemon keeps on file."""
        return self.private.public_key().public_bytes_raw()

    def __repr__(self) -> str:
        return f"NodeIdentity({self.node})"


def make_capture_folders(config: Config) -> None:
    """Create what is missing of the folders that capture alone writes to, for its owner alone."""
    for folder in (config.capture_path, config.run_path, config.spool.path):
        folder.mkdir(mode=OWNER_ONLY_FOLDER, parents=True, exist_ok=True)


def ensure_identity(folder: Path) -> NodeIdentity:
    """Read the node's identity, or make it once. Raises `IdentityRefused`."""
    file = folder / NODE_FILE
    if not file.exists():
        _write_new(file)
    return read_identity(folder)


def read_identity(folder: Path) -> NodeIdentity:
    """Read `node.json`. Raises `IdentityRefused`, or `FileNotFoundError` before the first start."""
    file = folder / NODE_FILE
    if file.stat().st_mode & _OTHERS:
        raise IdentityRefused(tr("{file}: others can read it; chmod 600").format(file=file))
    return _parse(file.read_bytes(), file)


def _parse(content: bytes, file: Path) -> NodeIdentity:
    try:
        document = msgspec.json.decode(content, type=_NodeFile)
        if document.version != _VERSION:
            raise IdentityRefused(tr("{file}: written by another version").format(file=file))
        private = Ed25519PrivateKey.from_private_bytes(document.private)
        return NodeIdentity(NodeId.parse(document.node), private)
    except (msgspec.MsgspecError, ValueError) as broken:
        raise IdentityRefused(tr("{file}: it is damaged").format(file=file)) from broken


def _write_new(file: Path) -> None:
    document = _NodeFile(
        version=_VERSION,
        node=secrets.token_hex(ID_BYTES),
        private=secrets.token_bytes(_SEED_BYTES),
    )
    publish(LocalDisk(), file, [msgspec.json.encode(document)], _OWNER_ONLY_FILE)


def publish_identity(folder: Path) -> NodeIdentity:
    """Make the identity if there is none, and lay its public key beside it: `<node>.pub`."""
    identity = ensure_identity(folder)
    NodeKeys(folder).register(identity.node, identity.public)
    return identity


def read_intake_list(folder: Path) -> IntakeKeyList:
    """The list of intake keys in capture's folder, its signature checked.

    Raises `OSError` where a file is missing, an `ArchiveError` where one is not as it must be.
    """
    listed = IntakeKeyList.decode((folder / INTAKE_LIST_NAME).read_bytes())
    public = bytes.fromhex((folder / SIGNING_KEY_NAME).read_text("ascii"))
    listed.verify(Ed25519PublicKey.from_public_bytes(public))
    return listed


@dataclass(slots=True)
class IntakeKeyNow:
    """Called for each part; one look at two files. A list that does not verify changes nothing."""

    folder: Path
    _seen: tuple[tuple[int, int], ...]
    _key: IntakePublicKey = field(init=False)

    @classmethod
    def of(cls, folder: Path) -> "IntakeKeyNow":
        """The key of the list that is there; raises as `read_intake_list` does."""
        now = cls(folder, _stamps(folder))
        now._key = read_intake_list(folder).newest()
        return now

    def __call__(self) -> IntakePublicKey:
        """The newest key of the newest list that verified."""
        stamps = _stamps(self.folder)
        if stamps != self._seen:
            self._seen = stamps
            self._read()
        return self._key

    def _read(self) -> None:
        try:
            self._key = read_intake_list(self.folder).newest()
        except (ArchiveError, OSError, ValueError) as refused:
            log.error("capture.intake_list_refused", reason=type(refused).__name__)


def _stamps(folder: Path) -> tuple[tuple[int, int], ...]:
    return tuple(_stamp(folder / name) for name in (INTAKE_LIST_NAME, SIGNING_KEY_NAME))


def _stamp(file: Path) -> tuple[int, int]:
    try:
        about = file.stat()
    except OSError:
        return (0, 0)
    return (about.st_mtime_ns, about.st_ino)
