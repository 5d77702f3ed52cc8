"""An open keystore whose epochs a test turns by hand, job by job, with a clock of its own."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from archive.format.floe import zero
from archive.format.header import HeaderBlock
from archive.ids import NodeId
from archive.keys.epochs.epoch_end import EpochEnd, SpoolReport
from archive.keys.epochs.epochs import ensure_epoch
from archive.keys.epochs.keystore_sets import KeystoreSets
from archive.keys.epochs.turn import EpochTurn, OpenKeystore
from archive.keys.epochs.work_item import WorkItem
from archive.keys.store.key_service import PassphraseService, create_passphrase
from archive.keys.store.keystore import Keystore
from archive.keys.store.pairs import KeyPairs
from archive.keys.store.schema import open_database, transaction
from tests.archive.keys.scene import CHEAP, NOW_US, some_header

DAY_US = 86_400_000_000
KEEP = 3
NODE = NodeId(bytes(16))


@dataclass(slots=True)
class Turning:
    """What the daemon has open, in a folder; `published` counts lists of intake keys."""

    folder: Path
    keep: int = KEEP
    copies: Path | None = None
    now_us: int = NOW_US
    published: int = 0
    opened: OpenKeystore = field(init=False)
    turn: EpochTurn = field(init=False)
    end: EpochEnd = field(init=False)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        if not (self.folder / "passphrase").exists():
            create_passphrase(self.folder / "passphrase")
        self.start()

    @property
    def service(self) -> PassphraseService:
        return PassphraseService(
            self.folder / "passphrase", self.folder / "epochs", CHEAP, self.copies
        )

    def start(self) -> None:
        """As after a kill: nothing is known but what the disk has."""
        service = self.service
        connection = open_database(self.folder / "keystore.db")
        # A test kills processes, it does not cut the power: what the disk syncs is of no account.
        connection.execute("PRAGMA synchronous=OFF")
        epoch = ensure_epoch(connection, service, self.now_us)
        pairs = KeyPairs(connection, service, epoch)
        pairs.ensure(self.now_us)
        self.opened = OpenKeystore(
            connection=connection,
            service=service,
            keystore=Keystore(connection, service, epoch, lambda: self.now_us),
            pairs=pairs,
            now_us=lambda: self.now_us,
            publish=self._publish,
        )
        sets = KeystoreSets(
            database=self.folder / "keystore.db", folder=self.folder / "sets", service=service
        )
        sets.clear_leftovers()
        self.turn = EpochTurn(self.opened, sets)
        self.end = EpochEnd(self.opened, sets, self.keep)

    def _publish(self) -> None:
        self.published += 1

    def adopt(self) -> tuple[HeaderBlock, bytes]:
        """A new data key, of the day that it is."""
        header, data_key = some_header(NODE, created_us=self.now_us), secrets.token_bytes(32)
        self.opened.keystore.adopt(header, data_key)
        return header, data_key

    def destroy(self, header: HeaderBlock) -> None:
        """As the guard does: the row goes."""
        with transaction(self.opened.connection):
            self.opened.connection.execute(
                "DELETE FROM data_key WHERE key_id = ?", (header.key.raw,)
            )

    def opens(self, header: HeaderBlock, data_key: bytes) -> bool:
        opened = self.opened.keystore.open(header.key)
        is_it = bytes(opened) == data_key
        zero(opened)
        return is_it

    def report(self, *sealed: tuple[object, int]) -> None:
        """What the keeper tells of its spools."""
        SpoolReport(sealed=tuple(sealed)).write(self.opened.connection, self.now_us)  # type: ignore[arg-type]  # ids

    def jobs(self) -> Callable[[], WorkItem | None]:
        return lambda: self.turn.next_job() or self.end.next_job()

    def run(self) -> int:
        """All jobs that there are; returns how many."""
        count = 0
        while (job := self.jobs()()) is not None:
            job.run()
            count += 1
        return count

    def turn_once(self) -> None:
        """A day later the epoch turns; the keeper has told that nothing waits."""
        self.now_us += DAY_US
        self.turn.wish()
        while (job := self.turn.next_job()) is not None:
            job.run()
        self.report()
        self.end.try_again()
        self.run()

    def states(self) -> dict[int, str]:
        return dict(self.opened.connection.execute("SELECT id, state FROM epoch ORDER BY id"))
