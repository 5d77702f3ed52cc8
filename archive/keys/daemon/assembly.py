"""Puts the key daemon together: passphrase, key service, keystore, the public lists it publishes.

Knows nothing of sockets.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from archive.disk.files import LocalDisk, publish
from archive.disk.sqlite_slack import cut_log
from archive.format.intake import HYBRID_SUITE, IntakeKeyList, ListedIntakeKey
from archive.keys.clock_watch import ClockSeen, ClockWatch, unasked_clock
from archive.keys.daemon.answers import KeyDaemon, Responders
from archive.keys.daemon.certificate_responder import CertificateResponder
from archive.keys.daemon.epoch_responder import EpochResponder
from archive.keys.daemon.gate_responder import GateResponder
from archive.keys.daemon.guard_responder import GuardResponder
from archive.keys.daemon.work import KeystoreWork, Orders, SetOrder
from archive.keys.epochs.assurance import Assurance, TurnPlan, backup_end
from archive.keys.epochs.epoch_end import EpochEnd
from archive.keys.epochs.epochs import ensure_epoch, epochs
from archive.keys.epochs.keystore_sets import KeystoreSets
from archive.keys.epochs.slack_order import SlackOrder
from archive.keys.epochs.turn import EpochTurn, OpenKeystore
from archive.keys.gate.destruction_proof import DestructionProof
from archive.keys.gate.former_keystore import MARK_NAME as FORMER_MARK, FormerKeystore
from archive.keys.gate.rollback import RollbackGate
from archive.keys.gate.tally import TallyFile
from archive.keys.guard.brake import latest_time
from archive.keys.guard.certification import Certification, backups_of
from archive.keys.guard.facts_keys import FactsResponder
from archive.keys.guard.openings import Openings
from archive.keys.store.key_service import PassphraseService, ScryptCost, create_passphrase
from archive.keys.store.keystore import Keystore
from archive.keys.store.nodes import NodeKeys
from archive.keys.store.pairs import KeyPairs
from archive.keys.store.schema import open_database

# Others pass through to the sockets and the public files; what is secret has mode 0600 itself.
FOLDER_MODE: Final = 0o711
PUBLIC_MODE: Final = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnSettings:
    """How often epochs turn (0: on command alone), for how many turns a key outlives its epoch,
    where keystore sets go (None: below the daemon's folder), and copies of epoch keys, if anywhere.
    """

    every_us: int = 0
    keep: int = 30
    sets: Path | None = None
    copies: Path | None = None

    @property
    def plan(self) -> TurnPlan:
        """What dates are computed from."""
        assurance = Assurance.ONE_PLACE if self.copies else Assurance.KNOWN_COPIES
        return TurnPlan(every_us=self.every_us, keep=self.keep, assurance=assurance)


@dataclass(frozen=True, slots=True, kw_only=True)
class SocketGroups:
    """Who may reach which socket; an empty one leaves it to the daemon's own group."""

    keeper: str = ""
    api: str = ""
    retention: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysConfig:
    """Where the key daemon keeps its things, and which groups may reach which socket.

    `makes_passphrase`: a first start
    may write a random passphrase file (embedded mode); otherwise the administrator brings it.
    `published`: where else what the daemon publishes may lie, of which it knows that it was here.
    """

    folder: Path
    passphrase_file: Path
    makes_passphrase: bool = False
    groups: SocketGroups = SocketGroups()
    suite: int = HYBRID_SUITE
    cost: ScryptCost = field(default_factory=ScryptCost)
    turns: TurnSettings = field(default_factory=TurnSettings)
    published: tuple[Path, ...] = ()

    @property
    def former(self) -> FormerKeystore:
        """What shows that there was a keystore."""
        return FormerKeystore(self.keystore, self.sets / FORMER_MARK, self.published)

    @property
    def keystore(self) -> Path:
        """The database of wrapped keys."""
        return self.folder / "keystore.db"

    @property
    def epochs(self) -> Path:
        """The folder of epoch keys: never in the same backup as the keystore."""
        return self.folder / "epochs"

    @property
    def sets(self) -> Path:
        """The folder of the keystore's backup sets."""
        return self.turns.sets or self.folder / "sets"

    @property
    def nodes(self) -> Path:
        """The folder of the capture nodes' public keys."""
        return self.folder / "nodes"

    @property
    def keeper_socket(self) -> Path:
        """Where the keeper asks."""
        return self.folder / "keeper.sock"

    @property
    def api_socket(self) -> Path:
        """Where the API asks."""
        return self.folder / "api.sock"

    @property
    def retention_socket(self) -> Path:
        """Where the retention runner asks."""
        return self.folder / "retention.sock"

    @property
    def intake_list(self) -> Path:
        """The signed list of intake keys, for capture."""
        return self.folder / "intake-keys.json"

    @property
    def clock_word(self) -> Path:
        """In which boot a person said that the clock is right."""
        return self.folder / "clock-confirmed"

    @property
    def signing_public(self) -> Path:
        """The key that the list verifies with: 64 hexadecimal digits."""
        return self.folder / "signing.pub"


def open_daemon(
    config: KeysConfig,
    now_us: Callable[[], int],
    read_clock: Callable[[], ClockSeen] | None = None,
) -> KeyDaemon:
    """Open (on a first start: make) the keystore and publish the public lists.

    Without `read_clock` nobody asks whether the clock is right.

    Raises a `KeyUnavailable` that names what is missing or does not fit, or `OSError`.
    """
    config.former.refuse_another()
    _make_folder(config.folder)
    config.nodes.mkdir(mode=FOLDER_MODE, exist_ok=True)
    if config.makes_passphrase and not _was_started_before(config):
        create_passphrase(config.passphrase_file)
    service = service_of(config)
    connection = open_database(config.keystore)
    # What the last process destroyed may still be in its log, if it was killed just then.
    cut_log(connection)
    epoch = ensure_epoch(connection, service, now_us())
    pairs = KeyPairs(connection, service, epoch)
    pairs.ensure(now_us(), config.suite)
    _publish_lists(config, pairs)
    config.former.note()
    opened = OpenKeystore(
        connection=connection,
        service=service,
        keystore=Keystore(connection, service, epoch, now_us),
        pairs=pairs,
        now_us=now_us,
        publish=lambda: _publish_lists(config, pairs),
    )
    watch = _watch_of(config, opened, read_clock)
    work = _work_of(config, opened, watch)
    proof = DestructionProof(lambda: pairs.signing_key().public_key().public_bytes_raw())
    responders = Responders(
        GuardResponder(connection, now_us, watch),
        EpochResponder(opened, work),
        CertificateResponder(_certification_of(config, opened)),
        FactsResponder(connection, opened.keystore),
        Openings(connection, now_us),
        GateResponder(connection, work.gate, proof, now_us),
    )
    return KeyDaemon(opened.keystore, pairs, NodeKeys(config.nodes), responders)


def _make_folder(folder: Path) -> None:
    """One that an administrator has made stays as it is; of ours no umask takes a bit."""
    if not folder.exists():
        folder.mkdir(mode=FOLDER_MODE, parents=True)
        folder.chmod(FOLDER_MODE)


def service_of(config: KeysConfig) -> PassphraseService:
    """The key service of this configuration; the keys themselves are opened when needed."""
    return PassphraseService(
        config.passphrase_file, config.epochs, config.cost, config.turns.copies
    )


def _certification_of(config: KeysConfig, opened: OpenKeystore) -> Certification:
    return Certification(
        database=opened.connection,
        now_us=opened.now_us,
        signing_key=opened.pairs.signing_key,
        backups=lambda: backups_of(backup_end(epochs(opened.connection), config.turns.plan)),
    )


def _watch_of(
    config: KeysConfig, opened: OpenKeystore, read_clock: Callable[[], ClockSeen] | None
) -> ClockWatch:
    if read_clock is None:
        return unasked_clock(config.clock_word)
    life_us = latest_time(opened.connection)
    return ClockWatch(read=read_clock, life_us=life_us, word=config.clock_word)


def _work_of(config: KeysConfig, opened: OpenKeystore, watch: ClockWatch) -> KeystoreWork:
    sets = KeystoreSets(database=config.keystore, folder=config.sets, service=opened.service)
    sets.clear_leftovers()
    return KeystoreWork(
        opened=opened,
        turn=EpochTurn(opened, sets),
        end=EpochEnd(opened, sets, config.turns.keep),
        orders=Orders(SetOrder(opened, sets), SlackOrder(opened)),
        gate=RollbackGate(opened.connection, TallyFile(config.epochs, opened.service)),
        plan=config.turns.plan,
        clock=watch,
    )


def _was_started_before(config: KeysConfig) -> bool:
    """A passphrase that is missing later is a loss to be named, not one to be covered up."""
    return config.passphrase_file.exists() or config.epochs.exists() or config.keystore.exists()


def _publish_lists(config: KeysConfig, pairs: KeyPairs) -> None:
    signing = pairs.signing_key()
    listed = tuple(ListedIntakeKey(key, created_us) for key, created_us in pairs.intake_keys())
    signed = IntakeKeyList(listed).signed(signing.sign)
    public = signing.public_key().public_bytes_raw().hex().encode() + b"\n"
    for path, content in ((config.intake_list, signed.encode()), (config.signing_public, public)):
        publish(LocalDisk(), path, [content], PUBLIC_MODE)
        # Whoever checks a certificate reads it, whatever the daemon's umask leaves of the mode.
        path.chmod(PUBLIC_MODE)
