"""The gate of a keystore: shut while it is not the one that the epoch keys or the catalog know.

Knows nothing of sockets or of the catalog: it is told digests of recordings (docs/backup.md).
"""

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from archive.errors import KeyRefused
from archive.keys.epochs.epochs import epoch_in_force
from archive.keys.epochs.work_item import WorkItem, WorkThread
from archive.keys.errors import Refusal
from archive.keys.gate.destroyed_again import DestroyedAgain, Gone, is_destroyed
from archive.keys.gate.restored_holds import raise_fences
from archive.keys.gate.tally import (
    Counted,
    TallyFile,
    TallyUnreadable,
    count_some,
    counted,
    has_uncounted,
    tally_of,
)
from archive.keys.store.schema import transaction
from archive.set_hash import SetHash


class Shut(StrEnum):
    """Why the gate is shut."""

    # It knows less than was counted beside the epoch keys.
    COUNT = "count"
    # It does not know all that the catalog knows to be destroyed.
    KEYSTORE = "keystore"
    # It knows destructions that the catalog does not: that one is the older.
    CATALOG = "catalog"


@dataclass(frozen=True, slots=True, kw_only=True)
class GateState:
    """`known` of `counted` destructions; `counted` is None where nobody can say how many."""

    shut: Shut | None
    known: int
    counted: int | None
    claims: int = 0
    claims_digest: bytes = b""

    @property
    def is_open(self) -> bool:
        """Whether keys may be opened, adopted and destroyed."""
        return self.shut is None


@dataclass(slots=True)
class RollbackGate:
    """Open as long as the keystore knows what was counted beside the keys, and what the catalog
    knows, and nothing else.
    """

    connection: sqlite3.Connection
    file: TallyFile
    again: DestroyedAgain = field(init=False)
    shut: Shut | None = field(init=False)
    _counted: Counted | None = field(init=False)
    _was_replayed: bool = False
    _written: tuple[SetHash, int] | None = None

    def __post_init__(self) -> None:
        """Compare, once all that was destroyed is counted.

        Where it is shut, the fence stays up behind it: holds were placed since, too.
        """
        self.again = DestroyedAgain(self.connection)
        self._count_all()
        self.shut = None if self._is_as_counted() else Shut.COUNT
        if self.shut:
            raise_fences(self.connection)

    @property
    def is_open(self) -> bool:
        """Whether keys may be opened, adopted and destroyed."""
        return self.shut is None

    def state(self) -> GateState:
        """How far it is."""
        claimed = self.again.claimed
        return GateState(
            shut=self.shut,
            known=tally_of(self.connection).members,
            counted=None if self._counted is None else self._counted.recordings,
            claims=claimed.members,
            claims_digest=claimed.digest if claimed.members else b"",
        )

    def next_job(self) -> WorkItem | None:
        """Count what was destroyed, and write the count down beside the epoch keys."""
        if not self.is_open:
            return None
        if has_uncounted(self.connection):
            return WorkItem(WorkThread.KEYSTORE, self._count_all)
        now = (tally_of(self.connection), epoch_in_force(self.connection))
        return (
            None if now == self._written else WorkItem(WorkThread.BESIDE, lambda: self._write(*now))
        )

    def compare(self, catalog: SetHash, under_way: Sequence[bytes], *, is_settled: bool) -> bool:
        """Whether the catalog, with what is destroyed of what is under way, knows the same.

        A difference that is settled shuts the gate; what is the same opens it, unless the count
        beside the keys says that something is missing on both sides.
        """
        self._count_all()
        own = tally_of(self.connection)
        gone = [each for each in under_way if is_destroyed(self.connection, each)]
        known = catalog.with_all(gone)
        if known == own:
            self._agree()
        elif is_settled:
            self._differ(Shut.CATALOG if known.members < own.members else Shut.KEYSTORE)
        return known == own

    def prove(self, gone: Sequence[Gone], now_us: int) -> GateState:
        """Destroy again what a certificate proves. Raises `KeyRefused` where the gate is open."""
        self._require_shut()
        self.again.destroy(gone)
        self._count_all()
        self.again.settle_claims()
        self._judge_claims(now_us)
        return self.state()

    def replay(self, digests: Iterable[bytes], now_us: int) -> GateState:
        """Note what the catalog says was destroyed.

        It is destroyed again where it is exactly what is missing of the count beside the keys.
        Raises `KeyRefused` where the gate is open: then nothing is destroyed by a list.
        """
        self._require_shut()
        self.again.claim(digests)
        self._was_replayed = True
        self._judge_claims(now_us)
        return self.state()

    def free(self, wanted: GateState, journal: int, now_us: int, *, destroys: bool) -> GateState:
        """Two persons have taken it upon them as it is; it stays written down.

        Raises `KeyRefused` where it is in another state, or nobody has said what is destroyed.
        """
        if not self._was_replayed or self.is_open or wanted != self.state():
            raise KeyRefused(Refusal.GATE_DIFFERS)
        confirmed = self.again.destroy_claims(now_us) if destroys else 0
        self._count_all()
        with transaction(self.connection):
            self.connection.execute(
                "INSERT INTO freed (at_us, known, counted, journal, confirmed)"
                " VALUES (?, ?, ?, ?, ?)",
                (now_us, wanted.known, wanted.counted, journal, confirmed),
            )
        self._open()
        return self.state()

    def _require_shut(self) -> None:
        if self.is_open:
            raise KeyRefused(Refusal.NOT_PERMITTED)

    def _agree(self) -> None:
        if self.shut is not Shut.COUNT:
            self._open()

    def _differ(self, shut: Shut) -> None:
        if self.is_open:
            raise_fences(self.connection)
        if self.shut is not Shut.COUNT:
            self.shut = shut

    def _judge_claims(self, now_us: int) -> None:
        """Open where nothing is missing of the count, or exactly what is claimed."""
        if self.shut is not Shut.COUNT or self._counted is None:
            return
        own = tally_of(self.connection)
        if self._counted.is_exactly(own.with_all(self.again.claims)):
            self.again.destroy([Gone(each, now_us) for each in self.again.claims])
            self._count_all()
        elif self._counted.is_ahead_of(own):
            return
        self._open()

    def _open(self) -> None:
        self.shut = None
        self.again.forget_claims()
        self._was_replayed = False

    def _is_as_counted(self) -> bool:
        own = tally_of(self.connection)
        try:
            self._counted = self.file.read()
        except TallyUnreadable:
            self._counted = None
            return False
        if self._counted is None:
            return not own.members
        return not self._counted.is_ahead_of(own)

    def _count_all(self) -> None:
        while has_uncounted(self.connection):
            with transaction(self.connection):
                count_some(self.connection)

    def _write(self, tally: SetHash, epoch: int) -> None:
        self.file.write(counted(tally), epoch)
        self._written = (tally, epoch)
