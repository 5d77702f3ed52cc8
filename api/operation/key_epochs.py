"""The key daemon's epochs and the backup sets, as an administrator asks for them.

Knows nothing of the web, nor of how an epoch turns: that is the key daemon's work.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.backup.catalog_set import (
    SetKeys,
    StoredSet,
    delete_outdated,
    make_catalog_set,
    stored_sets,
)
from archive.catalog.database.engine import write
from archive.catalog.journal.authors import Author
from archive.catalog.journal.entries import Action, append
from archive.errors import KeyUnavailable
from archive.keys.epochs.epochs import EpochState
from archive.keys.gate.destruction_proof import Leaf
from archive.keys.wire.epoch_messages import EpochsAnswer
from archive.keys.wire.gate_messages import ComparedAnswer, DestroyedRow, GateRow
from archive.set_hash import SetHash

_T = TypeVar("_T")
KEYS: Final = "keys"


class GateKeys(Protocol):
    """The line to the key daemon; see `EpochClient`. It blocks."""

    def epochs(self) -> EpochsAnswer:
        """What it says of itself, the gate included."""

    def compare_destroyed(
        self, catalog: SetHash, under_way: Sequence[bytes], *, is_settled: bool
    ) -> ComparedAnswer:
        """Tell what the catalog knows to be destroyed."""

    def destroyed(self) -> Iterator[DestroyedRow]:
        """What the keystore knows to be destroyed."""

    def prove_destroyed(self, certificate: bytes, leaves: Sequence[Leaf]) -> GateRow:
        """Have destroyed again what a certificate proves."""

    def replay_destroyed(self, digests: Sequence[bytes]) -> GateRow:
        """Say what the catalog has tombstones of."""

    def free_keystore(self, gate: GateRow, journal: int, *, destroys: bool) -> GateRow:
        """Open it as it is; `journal` is the entry that says whose word it was."""


class EpochKeys(SetKeys, GateKeys, Protocol):
    """The same for epochs and sets."""

    def turn(self) -> int:
        """Have the epoch turn; the one in force now."""

    def back_up_keystore(self) -> int:
        """Have a keystore set made; the epoch in force now."""


@dataclass(frozen=True, slots=True)
class BackupGround:
    """The line to the key daemon, the file of an embedded catalog, the folder of its sets."""

    keys: EpochKeys
    catalog: Path | None
    folder: Path


class NoEmbeddedCatalog(KeyUnavailable):
    """The catalog is on a server of its own, and is backed up by its means."""


@dataclass(frozen=True, slots=True)
class KeyEpochs:
    """What may be asked and done; each raises `Refused`, `KeyUnavailable`."""

    door: Door
    ground: BackupGround

    async def show(self, actor: Actor) -> EpochsAnswer:
        """Which epochs there are, how far a turn is, which keystore set is the newest."""
        await self.door.access(actor, Verb.KEYS_READ)
        return await self._asked(lambda ground: ground.keys.epochs())

    async def turn(self, actor: Actor) -> int:
        """Have the epoch turn; returns at once, with the epoch in force until it has."""
        await self._write_down(actor, Verb.KEYS_MANAGE, "epoch_turn_asked")
        return await self._asked(lambda ground: ground.keys.turn())

    async def back_up_keystore(self, actor: Actor) -> int:
        """Have a keystore set made; returns at once, with the epoch in force."""
        await self._write_down(actor, Verb.BACK_UP, "keystore_backed_up")
        return await self._asked(lambda ground: ground.keys.back_up_keystore())

    async def back_up_catalog(self, actor: Actor) -> StoredSet:
        """Make a catalog set and check it; sets that nobody can open any more are deleted."""
        await self._write_down(actor, Verb.BACK_UP, "catalog_backed_up")
        now_us = self.door.clock_us()
        return await self._asked(lambda ground: _back_up(ground, now_us))

    async def sets(self, actor: Actor) -> tuple[StoredSet, ...]:
        """The catalog sets, newest first."""
        await self.door.access(actor, Verb.KEYS_READ)
        return await self._asked(lambda ground: tuple(stored_sets(ground.folder)))

    async def _asked(self, question: Callable[[BackupGround], _T]) -> _T:
        return await asyncio.to_thread(question, self.ground)

    async def _write_down(self, actor: Actor, verb: Verb, action: Action) -> None:
        """In the journal before it is done."""
        access = await self.door.access(actor, verb)
        author = Author(access=access, user=actor.account.user)
        entry = author.entry(action, KEYS, {})
        await write(self.door.engine, lambda connection: append(connection, entry))


def _back_up(ground: BackupGround, now_us: int) -> StoredSet:
    if ground.catalog is None:
        raise NoEmbeddedCatalog("the catalog is on a server: back it up by its own means")
    made = make_catalog_set(ground.catalog, ground.folder, ground.keys, now_us)
    destroyed = {
        each.number for each in ground.keys.epochs().epochs if each.state == EpochState.DESTROYED
    }
    delete_outdated(ground.folder, destroyed)
    return made
