"""What tests of keystore share."""

from pathlib import Path

from archive.ids import KeyId, NodeId
from archive.keys.epochs.epochs import ensure_epoch
from archive.keys.store.key_service import PassphraseService, create_passphrase
from archive.keys.store.keystore import Keystore
from archive.keys.store.schema import open_database
from tests.archive.keys.scene import CHEAP, NOW_US, destroy_key

NODE = NodeId(bytes(16))


class Bench:
    """A keystore and the database under it."""

    def __init__(self, folder: Path) -> None:
        create_passphrase(folder / "passphrase")
        service = PassphraseService(folder / "passphrase", folder / "epochs", CHEAP)
        self.connection = open_database(folder / "keystore.db")
        epoch = ensure_epoch(self.connection, service, NOW_US)
        self.keystore = Keystore(self.connection, service, epoch, lambda: NOW_US)

    def destroy(self, key_id: KeyId) -> None:
        destroy_key(self.connection, key_id)

    def shards(self) -> int:
        (count,) = self.connection.execute("SELECT count(*) FROM shard").fetchone()
        return int(count)
