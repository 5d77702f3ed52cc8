"""A run's certificate in the making: the tree over what the keystore says that it has destroyed.

Knows nothing of sockets, nor of rules: of what is said of a recording it takes the hash. No root is
signed that was not made of rows of the keystore.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.certificates.merkle import GrowingTree
from archive.certificates.signed_note import SigningPublicKey
from archive.certificates.statement import (
    NOT_STATED,
    Backups,
    DestroyedSet,
    RunName,
    Statement,
    may_stand_below,
    recording_leaf,
)
from archive.errors import KeyRefused
from archive.ids import PlanId
from archive.keys.epochs.assurance import BackupEnd
from archive.keys.errors import Refusal
from archive.keys.guard.plans import PlanRow, PlanState, find_plan
from archive.keys.store import statements
from archive.keys.store.database import Database, SqlValue

# A digest has 32 bytes: this is before all of them.
_BEFORE_ALL: Final = b""


@dataclass(slots=True)
class GrowingCertificate:
    """The leaves of one run so far, in the order of the digests of its recordings."""

    plan: PlanId
    tree: GrowingTree = field(default_factory=GrowingTree)
    behind: bytes = _BEFORE_ALL
    first_us: int = 0
    last_us: int = 0

    def add(self, database: Database, said: Sequence[bytes]) -> None:
        """Add the next recordings; `said` is of each the hash of what is said of it.

        Raises `KeyRefused` where fewer are left.
        """
        wanted: dict[str, SqlValue] = {
            "run": self.plan.raw,
            "behind": self.behind,
            "step": len(said),
        }
        rows = database.execute(statements.DESTROYED_NEXT, wanted).fetchall()
        if len(rows) != len(said):
            raise KeyRefused(Refusal.NOT_DESTROYED)
        for (digest, at_us), of_it in zip(rows, said, strict=True):
            self.tree.add(recording_leaf(digest, at_us, of_it))
            self.first_us = min(self.first_us or at_us, at_us)
            self.last_us = max(self.last_us, at_us)
            self.behind = digest

    def destroyed(self, database: Database) -> DestroyedSet:
        """All of the run; raises `KeyRefused` where some were not added, or there is none.

        The plan had ended before the first was added: none can have come before the last.
        """
        wanted: dict[str, SqlValue] = {"run": self.plan.raw, "behind": self.behind, "step": 1}
        if not self.tree.size or database.execute(statements.DESTROYED_NEXT, wanted).fetchone():
            raise KeyRefused(Refusal.NOT_ALL_CERTIFIED)
        return DestroyedSet(
            recordings=self.tree.size,
            root=self.tree.root(),
            first_us=self.first_us,
            last_us=self.last_us,
        )


@dataclass(slots=True)
class Certification:
    """Makes one certificate at a time: who begins another gives up the one before."""

    database: Database
    now_us: Callable[[], int]
    signing_key: Callable[[], Ed25519PrivateKey]
    backups: Callable[[], Backups] = lambda: NOT_STATED
    growing: GrowingCertificate | None = None

    def begin(self, plan: PlanId) -> None:
        """Begin an empty tree. Raises `KeyRefused` where the plan has not ended."""
        self._ended(plan)
        self.growing = GrowingCertificate(plan)

    def add(self, plan: PlanId, at: int, said: Sequence[bytes]) -> int:
        """Add recordings behind the `at` that are there, and say how many there are.

        Raises `KeyRefused`.
        """
        growing = self._growing(plan)
        if at != growing.tree.size:
            raise KeyRefused(Refusal.OUT_OF_ORDER)
        growing.add(self.database, said)
        return growing.tree.size

    def finish(self, plan: PlanId, below: str) -> bytes:
        """The certificate, with what the runner says below its line. Raises `KeyRefused`."""
        destroyed = self._growing(plan).destroyed(self.database)
        if not may_stand_below(below):
            raise KeyRefused(Refusal.MALFORMED)
        terms = self._ended(plan).terms
        private = self.signing_key()
        statement = Statement(
            name=RunName(tenant=terms.tenant, run=plan.raw, plan=terms.digest),
            destroyed=destroyed,
            signed_us=self.now_us(),
            key=SigningPublicKey(private.public_key().public_bytes_raw()),
            backups=self.backups(),
        )
        return statement.signed(below, private.sign)

    def _growing(self, plan: PlanId) -> GrowingCertificate:
        if self.growing is None or self.growing.plan != plan:
            raise KeyRefused(Refusal.OUT_OF_ORDER)
        return self.growing

    def _ended(self, plan: PlanId) -> PlanRow:
        """A plan of which nothing more can be destroyed."""
        known = find_plan(self.database, plan)
        if known is None:
            raise KeyRefused(Refusal.PLAN_UNKNOWN)
        if known.state is not PlanState.ENDED:
            raise KeyRefused(Refusal.PLAN_GOES_ON)
        return known


def backups_of(end: BackupEnd) -> Backups:
    """What a certificate says of backups, for what was destroyed until now.

    Without a date where nobody knows one: epochs turn on command alone, or one is held back.
    """
    return Backups(end.assurance.value, None if end.waits_for else end.planned_us)
