"""A keystore that was put back: what was destroyed since is destroyed again, or two free it.

Knows nothing of the web. The key daemon compares; here is what the catalog knows of destructions.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog
from sqlalchemy import Connection

from api.access import Door
from api.actor import Actor
from api.approvals import Approvals, carried_out
from api.errors import ApprovalNeeded
from api.key_epochs import GateKeys
from api.people.verbs import Verb
from archive.approvals import Kind, digest_of
from archive.catalog.authors import Author
from archive.catalog.engine import read, write
from archive.catalog.oneness import is_one_person_enough
from archive.catalog.tombstones import every_digest
from archive.errors import KeyUnavailable
from archive.ids import DEFAULT_TENANT
from archive.journal import Entry, append
from archive.keys.epoch_messages import GateRow

_KIND: Final = Kind.FREE_KEYSTORE
_TARGET: Final = "keys"
# Who does it at the start: nobody asked.
_ITSELF: Final = "rokuon"

log = structlog.get_logger("rokuon.api")


@dataclass(frozen=True, slots=True)
class RestoredKeystore:
    """Acts on the gate of the keystore; where there is no key daemon, `keys` is None."""

    door: Door
    approvals: Approvals
    keys: GateKeys | None

    async def replay(self) -> None:
        """At the start: have every recording with a tombstone destroyed again where it is due."""
        if self.keys is None:
            return
        try:
            if (await asyncio.to_thread(self.keys.epochs)).gate.is_open:
                return
            after = await self._replayed(self.keys)
        except KeyUnavailable as unavailable:
            log.warning("keys.replay_impossible", reason=str(unavailable))
            return
        log.error("keys.replayed", is_open=after.is_open, known=after.known, counted=after.counted)

    async def free(self, actor: Actor) -> GateRow:
        """Open it although something may be missing: another person approves, then asked again.

        Raises `Refused`, `ApprovalNeeded`, `KeyUnavailable`.
        """
        access = await self.door.access(actor, Verb.KEYS_MANAGE)
        if self.keys is None:
            raise KeyUnavailable("no key daemon is known here")
        gate = (await asyncio.to_thread(self.keys.epochs)).gate
        if gate.is_open:
            return gate
        # Whatever is known of by now is destroyed again before anybody speaks of what is missing.
        gate = await self._replayed(self.keys)
        if gate.is_open:
            return gate
        wanted = _Wanted(Author(access=access, user=actor.account.user), actor, gate)
        journal = await write(self.door.engine, wanted.written_down)
        if journal is None:
            known = await self.approvals.propose(actor, _KIND, wanted.digest, wanted.summary)
            raise ApprovalNeeded(known.number)
        return await asyncio.to_thread(self.keys.free_keystore, gate, journal)

    async def _replayed(self, keys: GateKeys) -> GateRow:
        """What the gate is after all tombstones were told; written down where that changed it."""
        before = (await asyncio.to_thread(keys.epochs)).gate
        digests = await read(self.door.engine, every_digest)
        after = await asyncio.to_thread(keys.replay_destroyed, digests)
        if after != before:
            await self._write_down(after)
        return after

    async def _write_down(self, gate: GateRow) -> None:
        entry = Entry(
            tenant=DEFAULT_TENANT,
            at_us=self.door.clock_us(),
            actor=_ITSELF,
            action="keystore_replayed",
            target=_TARGET,
            detail={"known": gate.known, "counted": gate.counted},
        )
        await write(self.door.engine, lambda connection: append(connection, entry))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Somebody wants a keystore freed that knows so much of what was destroyed, and no more."""

    author: Author
    actor: Actor
    gate: GateRow

    @property
    def digest(self) -> bytes:
        """Of exactly this: what is missing may become less while a proposal waits."""
        return digest_of(_KIND, {"known": self.gate.known, "counted": self.gate.counted})

    @property
    def summary(self) -> str:
        """What who approves reads."""
        counted = "unknown" if self.gate.counted < 0 else str(self.gate.counted)
        return (
            "free the restored keystore: recordings that were destroyed may open again;"
            f" destroyed again {self.gate.known}, counted beside the epoch keys {counted}"
        )

    def written_down(self, connection: Connection) -> int | None:
        """The place in the journal that says whose words it was; None where one is missing."""
        done = carried_out(connection, self.author, _KIND, self.digest)
        alone = self.actor.account.person and is_one_person_enough(
            connection, self.author.access.tenant
        )
        if done is None and not alone:
            return None
        detail = {"known": self.gate.known, "counted": self.gate.counted}
        if done is None or done.one_person:
            detail["one_person"] = 1
        return append(connection, self.author.entry("keystore_freed", _TARGET, detail))
