"""The index built anew from the archived recordings alone.

Knows how a part becomes an adoption again, nothing of rows.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Engine

from archive.adoption import Adoption
from archive.catalog.engine import reading
from archive.catalog.hold_matches import HoldMatcher
from archive.catalog.kept_facts import SealedFacts
from archive.catalog.rebuild import rebuild
from archive.catalog.tenants import tenant_row
from archive.catalog.tombstones import RecordingDestroyed, refuse_destroyed
from archive.destruction.kept_facts import KeptFacts, open_facts
from archive.disk import LocalDisk
from archive.errors import RecordingDamaged
from archive.floe import zero
from archive.grants import Ask, VerifyGrant, grant
from archive.header import MAP_MAGIC, HeaderBlock
from archive.ids import RecordingId
from archive.keeper.account import read_account
from archive.keeper.spool import PART_SUFFIX
from archive.keys.client import KeyClient
from archive.part import PartReader
from archive.reading.mapfile import derive_map_key, leaf_salt_of
from archive.segments import FileSource, read_block
from archive.store import LocalStore
from rokuon import clock
from rokuon.compose.catalog import local_access, prepare_catalog
from rokuon.compose.described import described
from rokuon.compose.keys import open_keys
from rokuon.config.schema import Config
from rokuon.error_words import words_of
from rokuon.i18n import tr

Step = Callable[[int, int], None]
REASON: Final = "index rebuild"


@dataclass(frozen=True, slots=True)
class Reindexed:
    """How many parts the index has; a row for each that cannot be read or was destroyed."""

    parts: int
    damaged: list[dict[str, object]]
    left_out: list[dict[str, object]]


@dataclass(slots=True)
class _Replay:
    """Reads every part of the store once; what is damaged or destroyed is left out and named."""

    store: LocalStore
    keys: KeyClient
    engine: Engine
    journal_id: int
    step: Step
    damaged: list[dict[str, object]] = field(default_factory=list)
    left_out: list[dict[str, object]] = field(default_factory=list)

    def adoptions(self) -> Iterator[Adoption]:
        names = list(self.store.names(PART_SUFFIX))
        for done, name in enumerate(names, start=1):
            try:
                yield self._adoption(name)
            except RecordingDamaged as damage:
                self.damaged.append({"part": name, "damage": words_of(damage)})
            except RecordingDestroyed:
                self.left_out.append({"part": name})
            self.step(done, len(names))

    def facts(self, copy: SealedFacts) -> KeptFacts:
        """What is told of a recording whose audio is gone."""
        key = self.keys.open(copy.name.key, REASON, self.journal_id)
        try:
            return open_facts(copy.sealed, copy.name, key)
        finally:
            zero(key)

    def _adoption(self, name: str) -> Adoption:
        with closing(self.store.source(name)) as source:
            block = read_block(source)
            header = HeaderBlock.decode(block)
            self._refuse_destroyed(header)
            key = self.keys.open(header.key, REASON, self.journal_id)
            try:
                return self._read(name, source, key, block)
            finally:
                zero(key)

    def _refuse_destroyed(self, header: HeaderBlock) -> None:
        """Its key is destroyed as well: nobody is asked for it."""
        with reading(self.engine) as connection:
            tenant = tenant_row(connection, header.tenant)
            refuse_destroyed(connection, tenant, header.recording)

    def _read(self, name: str, source: FileSource, key: bytearray, block: bytes) -> Adoption:
        map_key = derive_map_key(key, block)
        with PartReader(source, key) as reader:
            account, _ = read_account(reader, leaf_salt_of(map_key))
            zero(map_key)
            map_name = replace(reader.header, magic=MAP_MAGIC).relative_name()
            adoption = account.adoption(account.check(), self.store.describe(name), map_name)
            return replace(adoption, events=tuple(described(adoption.events)))


def rebuild_index(config: Config, step: Step) -> Reindexed:
    """Write the index again from the archived parts, without those that were destroyed.

    Until it is done everybody sees the former index. Raises `KeyUnavailable`.
    """
    with closing(open_keys(config, "api")) as keys:
        keys.status()
        engine = prepare_catalog(config)
        granted = grant(engine, VerifyGrant, Ask(access=local_access(), detail={"what": REASON}))
        store = LocalStore(config.archive.path, LocalDisk())
        replay = _Replay(store, keys, engine, granted.seq, step)
        holds = HoldMatcher(keys, clock.now_us)
        rebuilt = rebuild(engine, replay.adoptions(), holds, replay.facts)
        since: list[dict[str, object]] = [{"part": str(name)} for name in rebuilt.left_out]
        unread = [_unread(own) for own in rebuilt.unread]
        return Reindexed(rebuilt.parts, [*replay.damaged, *unread], [*replay.left_out, *since])


def _unread(own: RecordingId) -> dict[str, object]:
    return {"part": str(own), "damage": tr("what is told of it, its audio gone, does not open")}
