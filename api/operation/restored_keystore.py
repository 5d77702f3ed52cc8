"""A keystore that was put back, or a catalog: seen, mended where that is proved, else freed by two.

Knows nothing of the web. The key daemon compares; here is when, who, and what is written down.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from api.access.approvals import Approvals, carried_out
from api.access.authorization import Door
from api.operation.key_epochs import GateKeys
from api.operation.keystore_comparison import KeystoreComparison
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded
from api.permissions.verbs import Verb
from api.words.proposal_summaries import SummaryLine, kept
from api.words.texts import said
from archive.access.approvals import Kind, digest_of
from archive.catalog.accounts.single_person import is_one_person_enough
from archive.catalog.database.engine import write
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Action, Entry, append
from archive.certificates.folder import CertificateFolder
from archive.errors import KeyRefused, KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.keys.gate.rollback import Shut
from archive.keys.wire.gate_messages import GateRow
from archive.rounds import Rounds

_KIND: Final = Kind.FREE_KEYSTORE
_TARGET: Final = "keys"
# Who does it at the start: nobody asked.
_ITSELF: Final = "rokuon"
_GO_ON: Final = said(
    "go on with a catalog that is older than the keystore: what was done since is not in it"
)
_DESTROY: Final = said(
    "free the restored keystore and destroy {claims} recordings on the word of the catalog alone"
)
_FREE: Final = said("free the restored keystore: recordings that were destroyed may open again")
_COUNTED: Final = said(
    "destroyed by the keystore {known}, counted beside the epoch keys {counted}, said by the"
    " catalog alone {claims}"
)
_UNCOUNTED: Final = said(
    "destroyed by the keystore {known}, counted beside the epoch keys: unknown, said by the"
    " catalog alone {claims}"
)
# One row and one message: often enough that a key daemon that was started again is soon compared.
EVERY_S: Final = 30.0

log = structlog.get_logger("rokuon.api")


@dataclass(frozen=True, slots=True)
class RestoredKeystore:
    """Acts on the gate of the keystore."""

    door: Door
    approvals: Approvals
    keys: GateKeys
    certificates: CertificateFolder
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def check(self) -> None:
        """Compare; where there is a difference, have destroyed again what is proved."""
        try:
            async with self._turn:
                await self._checked()
        except (KeyUnavailable, KeyRefused, SQLAlchemyError) as away:
            log.warning("keys.not_compared", reason=type(away).__name__)

    async def run(self, stop: asyncio.Event, every_s: float = EVERY_S) -> None:
        """Again and again until `stop`."""
        async for _ in Rounds(stop, every_s, first_s=every_s):
            await self.check()

    async def free(self, actor: Actor, *, destroys: bool = False) -> GateRow:
        """Open it although both do not know the same: another person approves, then asked again.

        `destroys`: what the catalog says was destroyed, and nothing proves, goes.
        Raises `Refused`, `ApprovalNeeded`, `KeyUnavailable`.
        """
        access = await self.door.access(actor, Verb.KEYS_MANAGE)
        async with self._turn:
            # What is proved by now is destroyed again before anybody speaks of what is missing.
            gate = await self._checked()
            if gate.is_open:
                return gate
            author = Author(access=access, user=actor.account.user)
            wanted = _Wanted(author, actor, gate, destroys)
            journal = await write(self.door.engine, wanted.written_down)
            if journal is None:
                known = await self.approvals.propose(actor, _KIND, wanted.digest, wanted.summary)
                raise ApprovalNeeded(known.number)
            return await asyncio.to_thread(self._freed, wanted, journal)

    def _freed(self, wanted: "_Wanted", journal: int) -> GateRow:
        self.keys.free_keystore(wanted.gate, journal, destroys=wanted.destroys)
        comparison = self._comparison()
        comparison.make_equal(wanted.author)
        return comparison.compare()

    async def _checked(self) -> GateRow:
        before = (await asyncio.to_thread(self.keys.epochs)).gate
        comparison = self._comparison()
        gate = await asyncio.to_thread(comparison.compare)
        if before.is_open and not gate.is_open:
            log.error("keys.shut", shut=gate.shut, known=gate.known, counted=gate.counted)
            await self._write_down("keystore_shut", gate)
        if gate.is_open:
            return gate
        after = await asyncio.to_thread(comparison.destroy_again)
        if (after.is_open, after.known) != (gate.is_open, gate.known):
            log.error("keys.replayed", is_open=after.is_open, known=after.known)
            await self._write_down("keystore_replayed", after)
        return after

    def _comparison(self) -> KeystoreComparison:
        return KeystoreComparison(self.door.engine.engine, self.keys, self.certificates)

    async def _write_down(self, action: Action, gate: GateRow) -> None:
        detail = {"known": gate.known, "counted": gate.counted}
        entry = Entry(
            tenant=DEFAULT_TENANT,
            at_us=self.door.clock_us(),
            actor=_ITSELF,
            action=action,
            target=_TARGET,
            detail={**detail, "shut": gate.shut} if gate.shut else detail,
        )
        await write(self.door.engine, lambda connection: append(connection, entry))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Somebody wants a keystore freed in exactly this state."""

    author: Author
    actor: Actor
    gate: GateRow
    destroys: bool

    @property
    def digest(self) -> bytes:
        """Of exactly this: what is missing may become less while a proposal waits."""
        gate = self.gate
        told = {"known": gate.known, "counted": gate.counted, "shut": gate.shut}
        claims = {"claims": gate.claims, "of": gate.claims_digest.hex()}
        return digest_of(_KIND, {**told, **claims, "destroys": int(self.destroys)})

    @property
    def summary(self) -> str:
        """What who approves reads."""
        gate = self.gate
        head = _GO_ON if gate.shut == Shut.CATALOG else _DESTROY if self.destroys else _FREE
        figures = {"known": gate.known, "counted": gate.counted, "claims": gate.claims}
        counted = _UNCOUNTED if gate.counted < 0 else _COUNTED
        return kept(SummaryLine(head, {"claims": gate.claims}), SummaryLine(counted, figures))

    def written_down(self, connection: Connection) -> int | None:
        """The place in the journal that says whose words it was; None where one is missing."""
        done = carried_out(connection, self.author, _KIND, self.digest)
        alone = self.actor.account.person and is_one_person_enough(
            connection, self.author.access.tenant
        )
        if done is None and not alone:
            return None
        gate = self.gate
        detail: dict[str, int | str] = {"known": gate.known, "counted": gate.counted}
        detail |= {"shut": gate.shut, "claims": gate.claims, "destroys": int(self.destroys)}
        if done is None or done.one_person:
            detail["one_person"] = 1
        return append(connection, self.author.entry("keystore_freed", _TARGET, detail))
