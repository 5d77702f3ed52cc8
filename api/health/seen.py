"""What is seen of an installation by who watches it: its keeper, disks, keys, certificates, sets.

Pure values. Knows nothing of how it was looked at, nor of what is right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.keeper.state_file import KeeperState

KEYSTORE = "keystore"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeysSeen:
    """What the key daemon says: when its oldest and its present epoch began, when its newest
    verified set was made (µs since 1970 UTC; 0: there is none), how many keys no set has, why its
    disk takes nothing (`archive.disk.trial`; "": it takes), why it opens nothing
    (`archive.keys.gate.rollback.Shut`; "": it opens). `clock`: why it destroys nothing by the time
    now ("": it does).
    """

    since_us: int
    epoch_us: int
    set_us: int
    unbacked: int = 0
    refuses: str = ""
    shut: str = ""
    clock: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureSeen:
    """Whether signalling answers, and why it refuses new calls ("": it takes them), since when."""

    answers: bool = True
    full: str = ""
    full_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateSeen:
    """The certificate of a door (`sip`, `http`): when it ends (µs since 1970 UTC), or why that
    cannot be said.
    """

    door: str
    ends_us: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifiedSeen:
    """The last verification of the whole archive: when it ended, and how much it found."""

    at_us: int
    findings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupsSeen:
    """When the newest set of the catalog was made (µs since 1970 UTC; 0: none).

    `is_ours` is false where its server has backups of its own, or who looks may not see the sets.
    """

    is_ours: bool = False
    catalog_us: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UpkeepSeen:
    """What somebody does now and then; None: the archive was never verified."""

    backups: BackupsSeen = BackupsSeen()
    verified: VerifiedSeen | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogSeen:
    """Why it does not answer ("": it does), and which of its triggers are gone, or were changed.

    `altered_plans`: how many plans of destruction were lately found to be altered after they were
    made; `altered_rows`: how many rows that decide are not as they were written.
    """

    away: str = ""
    unguarded: tuple[str, ...] = ()
    altered_plans: int = 0
    altered_rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """All of it as of `at_us`. None of the keeper: it never told, or may not be read here. None of
    capture: it does not run on this machine, or may not be asked.

    `refuses`: disks that take nothing of whoever looks, beside what the keeper says of its own.
    """

    at_us: int
    keeper: KeeperState | None = None
    keys: KeysSeen | None = None
    capture: CaptureSeen | None = None
    catalog: CatalogSeen = CatalogSeen()
    refuses: Mapping[str, str] = field(default_factory=dict)
    certificates: tuple[CertificateSeen, ...] = ()
    upkeep: UpkeepSeen = UpkeepSeen()

    @property
    def stuck(self) -> int:
        """How many parts the keeper cannot archive."""
        return sum(self.keeper.counts.values()) if self.keeper else 0
