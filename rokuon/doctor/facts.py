"""What the checks look at: one frozen picture of the machine and the configuration.

Pure values. Knows nothing of how they were gathered or what is right.
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from api.destruction.figures import NO_FIGURES, RetentionFigures
from api.health.seen import Seen
from archive.catalog.register.legal_holds import NO_HOLDS, HoldFigures
from capture.native.choice import LoopChoice
from rokuon.config.schema import Config


class PortState(StrEnum):
    FREE = "free"
    OURS = "ours"
    OTHER = "other"
    NO_ADDRESS = "no such address"


class ListState(StrEnum):
    """How the list of intake keys in capture's folder is."""

    SIGNED = "signed"
    ABSENT = "absent"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelFacts:
    """Settings of the network stack and of this process."""

    local_ports: tuple[int, int]
    rmem_max_bytes: int
    udp_mem_max_bytes: int
    descriptors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HostClock:
    """How far the clock can be trusted (adjtimex(2)), and which zones have no data here."""

    synchronised: bool
    error_us: int
    zones_missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusingFolder:
    """A folder that takes no file now, and why in words."""

    folder: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolFacts:
    """The volume that capture writes to; `fsync_ms` is the slowest of a few.

    `network` is the kind of a network's file system, "" on a local disk. `refusing`: folders that
    take no file, others than the spool too.
    """

    writable: bool
    own_file_system: bool
    free_bytes: int
    free_inodes: int
    fsync_ms: float
    network: str = ""
    refusing: tuple[RefusingFolder, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFacts:
    """The passphrase file's mode (0 = there is none), the daemon, the list of intake keys.

    `daemon_hangs`: it is there and does not answer. `placing` is how many holds the daemon itself
    is in the middle of placing.
    """

    passphrase_mode: int
    daemon_answers: bool
    intake_list: ListState
    daemon_hangs: bool = False
    placing: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochFacts:
    """How old the epoch in force is, what stops a turn, which epochs are held back."""

    age_us: int
    fault: str = ""
    held_back: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupFacts:
    """What the key daemon says of epochs and sets (None where it does not answer here); how many
    pages are kept; whether sets go to where the epoch keys are; of which epochs there are sets
    and no key where its copies go.
    """

    epoch: EpochFacts | None = None
    set_age_us: int | None = None
    unbacked: int = 0
    pages: int = 0
    is_with_keys: bool = False
    keyless: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogState:
    """Why it cannot be asked ("": it can), triggers that guard it no more, and `revision` of its
    tables ("": there is none yet); `is_hidden`: who asks may not look into its folder.
    """

    away: str = ""
    unguarded: tuple[str, ...] = ()
    revision: str = ""
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogFacts:
    """How the catalog is, and what it tells.

    `silent_sources` live and have sent no call, `intruders` spoke in another tenant's, of
    `guessing_sources` nobody knows who is ours in too many calls; `unread`
    recordings have stored events that this version cannot read; `holds` are legal holds,
    `retention` is what must go.
    """

    state: CatalogState = CatalogState()

    silent_sources: tuple[str, ...] = ()
    intruders: tuple[str, ...] = ()
    guessing_sources: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    holds: HoldFigures = NO_HOLDS
    retention: RetentionFigures = NO_FIGURES


@dataclass(frozen=True, slots=True, kw_only=True)
class HostFacts:
    """Everything a check may look at.

    `unplayable_prompts` are those of routes, with the first thing that is wrong; `seen` is what who
    watches sees, too; `archive_away`: the archive's folder is there, and is not the archive;
    `relay_loop` is what a relay would run that begins now; `web_ports` are those of web servers on
    which another program listens; `letter_fonts_missing` None: nothing sets letters here.
    """

    config: Config
    sip_port: PortState
    calls: CatalogFacts
    unplayable_prompts: tuple[str, ...]
    kernel: KernelFacts
    clock: HostClock
    spool: SpoolFacts
    keys: KeyFacts
    backups: BackupFacts
    seen: Seen
    relay_loop: LoopChoice
    archive_away: bool = False
    web_ports: tuple[int, ...] = ()
    letter_fonts_missing: tuple[str, ...] | None = ()
