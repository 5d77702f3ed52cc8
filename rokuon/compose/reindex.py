"""The index built anew from the archived recordings alone.

Knows how a part becomes an adoption again, nothing of rows.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection, Engine, select

from archive.adoption import Adoption
from archive.catalog.engine import reading
from archive.catalog.hold_matches import HoldMatcher
from archive.catalog.kept_facts import SealedFacts
from archive.catalog.portions import portions
from archive.catalog.rebuild import Rebuilt, rebuild
from archive.catalog.tables import ledger_page, part
from archive.catalog.tenants import tenant_row
from archive.catalog.tombstones import RecordingDestroyed, refuse_destroyed
from archive.destruction.kept_facts import KeptFacts, open_facts
from archive.disk import LocalDisk
from archive.errors import RecordingDamaged
from archive.floe import zero
from archive.header import MAP_MAGIC, HeaderBlock
from archive.ids import PartName, RecordingId
from archive.keeper.account import read_account
from archive.keeper.spool import PART_SUFFIX
from archive.part import PartReader
from archive.reading.mapfile import derive_map_key, leaf_salt_of
from archive.segments import FileSource, read_block
from archive.store import LocalStore
from rokuon import clock
from rokuon.compose.catalog import prepare_catalog
from rokuon.compose.described import described
from rokuon.compose.keys import open_keys
from rokuon.compose.rebuild_keys import RebuildKeys
from rokuon.config.schema import Config
from rokuon.error_words import words_of
from rokuon.i18n import tr

Step = Callable[[int, int], None]


class _PartsCame(Exception):
    """The keeper has archived something between the look at all parts and the transaction."""


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
    keys: RebuildKeys
    engine: Engine
    step: Step
    damaged: list[dict[str, object]] = field(default_factory=list)
    left_out: list[dict[str, object]] = field(default_factory=list)

    def adoptions(self) -> Iterator[Adoption]:
        """Raises `_PartsCame` where the index has a part whose key was not asked for."""
        names = list(self.store.names(PART_SUFFIX))
        self._leave_to_the_keeper(names)
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
        return open_facts(copy.sealed, copy.name, self.keys.key(copy.name.key))

    def _leave_to_the_keeper(self, names: list[str]) -> None:
        """What came since keys were opened and is not in the index yet will be put there by it."""
        new = [name for name in names if not self.keys.has_looked_at(name)]
        with reading(self.engine) as connection:
            if any(_are_there(connection, some) for some in portions(new)):
                raise _PartsCame
        for name in new:
            names.remove(name)

    def _adoption(self, name: str) -> Adoption:
        with closing(self.store.source(name)) as source:
            block = read_block(source)
            header = HeaderBlock.decode(block)
            self._refuse_destroyed(header)
            return self._read(name, source, self.keys.key(header.key), block)

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


def _are_there(connection: Connection, names: Sequence[str]) -> bool:
    """Whether the index has a file of these."""
    return any(
        connection.scalar(select(table.c.path).where(table.c.path.in_(names)).limit(1))
        for table in (part, ledger_page)
    )


def rebuild_index(config: Config, step: Step) -> Reindexed:
    """Write the index again from the archived parts, without those that were destroyed.

    Until it is done everybody sees the former index. Raises `KeyUnavailable`.
    """
    with closing(open_keys(config, "api")) as client:
        client.status()
        engine = prepare_catalog(config)
        store = LocalStore(config.archive.path, LocalDisk())
        with closing(RebuildKeys(client, engine)) as keys:
            while True:
                _open_all(keys, store)
                replay = _Replay(store, keys, engine, step)
                with suppress(_PartsCame):
                    holds = HoldMatcher(client, clock.now_us)
                    return _told(rebuild(engine, replay.adoptions(), holds, replay.facts), replay)


def _open_all(keys: RebuildKeys, store: LocalStore) -> None:
    """Opening takes minutes, and the keeper archives meanwhile: until a look finds nothing new."""
    keys.open_facts()
    while new := [name for name in store.names(PART_SUFFIX) if not keys.has_looked_at(name)]:
        keys.open_parts(store, new)


def _told(rebuilt: Rebuilt, replay: _Replay) -> Reindexed:
    since: list[dict[str, object]] = [{"part": str(name)} for name in rebuilt.left_out]
    unread = [_unread(own) for own in rebuilt.unread]
    damaged = [*replay.damaged, *map(_refused, rebuilt.refused), *unread]
    return Reindexed(rebuilt.parts, damaged, [*replay.left_out, *since])


def _refused(part: tuple[PartName, str]) -> dict[str, object]:
    name, said = part
    return {
        "part": str(name),
        "damage": tr("the catalog does not take it: {said}").format(said=said),
    }


def _unread(own: RecordingId) -> dict[str, object]:
    return {"part": str(own), "damage": tr("what is told of it, its audio gone, does not open")}
