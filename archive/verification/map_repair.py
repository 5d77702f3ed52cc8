"""Time maps that are lost or damaged, made anew of their parts and written beside them.

Each key is opened under an entry of the journal, at the API's socket: the keeper's opens nothing
that is archived. Knows nothing of the spool, nor of terminals.
"""

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import Engine

from archive.access.request import Access
from archive.catalog.access.grants import Ask, VerifyGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.index.filed import is_going_or_gone
from archive.disk.store import LocalStore, NameRefused, ObjectMissing
from archive.errors import HeaderDamaged, KeyRefused, MapDamaged, RecordingDamaged
from archive.format.floe import zero
from archive.format.header import MAP_MAGIC, HeaderBlock
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource, read_block
from archive.keeper.account import read_account
from archive.keeper.spool import PART_SUFFIX
from archive.keys.client.key_client import KeyClient
from archive.reading.mapfile import (
    MAX_FILE_BYTES,
    derive_map_key,
    is_whole,
    leaf_salt_of,
    open_map,
    seal_map,
)
from archive.reading.timemap import TimeMap
from archive.verification.part import KEYS_GONE

REASON: Final = "maps"


@dataclass(slots=True)
class Mended:
    """Names of parts whose map was written anew; of those whose map could not be, with why."""

    written: list[str] = field(default_factory=list)
    failed: list[tuple[str, Exception]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class MapRepair:
    """What it takes. `asks`: who does it, now; `keys` is opened where there is something to do."""

    engine: Engine
    store: LocalStore
    keys: Callable[[], KeyClient]
    asks: Callable[[], Access]

    def mend(self, *, opens_all: bool) -> Mended:
        """Write every map anew that is not there or is visibly not one.

        What is damaged inside a map shows when it is opened: with `opens_all` each is. Raises
        `KeyUnavailable` where there is something to do and no key can be had.
        """
        mended = Mended()
        wanted = [name for name in self.store.names(PART_SUFFIX) if opens_all or self._lacks(name)]
        if wanted:
            with closing(self.keys()) as keys:
                for name in wanted:
                    self._mend(name, keys, mended)
        return mended

    def _lacks(self, name: str) -> bool:
        """Whether there is no file that could be the map of this part, as far as it shows.

        Of a part without a readable header no map can be made: `verify` names it.
        """
        try:
            with closing(self.store.source(name)) as source:
                header = HeaderBlock.decode(read_block(source))
        except (ObjectMissing, RecordingDamaged, OSError, NameRefused):
            return False
        try:
            return not is_whole(self._stored(header), header)
        except (ObjectMissing, OSError):
            return True

    def _mend(self, name: str, keys: KeyClient, mended: Mended) -> None:
        try:
            with closing(self.store.source(name)) as source:
                if self._is_written(name, source, keys):
                    mended.written.append(name)
        except KeyRefused as refused:
            if str(refused) not in KEYS_GONE:
                raise
            mended.failed.append((name, refused))
        except (RecordingDamaged, ObjectMissing, NameRefused, OSError) as failed:
            mended.failed.append((name, failed))

    def _is_written(self, name: str, source: FileSource, keys: KeyClient) -> bool:
        """False where the map is whole after all, or its recording is destroyed meanwhile."""
        block = read_block(source)
        header = HeaderBlock.decode(block)
        if header.relative_name() != name:
            raise HeaderDamaged("it is another part")
        with reading(self.engine) as connection:
            if is_going_or_gone(connection, header.tenant, header.recording):
                return False
        key = self._open(header, keys)
        map_key = derive_map_key(key, block)
        try:
            if self._opens(map_key, header):
                return False
            self._write(header, map_key, _made(source, key, map_key))
        finally:
            zero(key)
            zero(map_key)
        return True

    def _open(self, header: HeaderBlock, keys: KeyClient) -> bytearray:
        """The part's key, under an entry of its own that is committed before."""
        access = replace(self.asks(), tenant=header.tenant)
        own = header.recording
        ask = Ask(access=access, target=own, detail={"what": REASON}, opens=(own,))
        return keys.open(header.key, grant(self.engine, VerifyGrant, ask).line.told)

    def _opens(self, map_key: bytearray, header: HeaderBlock) -> bool:
        try:
            open_map(self._stored(header), map_key, header)
        except (ObjectMissing, MapDamaged, OSError):
            return False
        return True

    def _stored(self, header: HeaderBlock) -> bytes:
        return self.store.read(_name_of(header), 0, MAX_FILE_BYTES + 1)

    def _write(self, header: HeaderBlock, map_key: bytearray, made: TimeMap) -> None:
        """One that does not open is replaced, as the keeper does it."""
        name, sealed = _name_of(header), seal_map(made, map_key, header)
        self.store.delete(name)
        self.store.put(name, lambda: (sealed,))


def _made(source: FileSource, key: bytearray, map_key: bytearray) -> TimeMap:
    with PartReader(source, key) as reader:
        account, made = read_account(reader, leaf_salt_of(map_key))
        account.check()
        return made


def _name_of(header: HeaderBlock) -> str:
    return replace(header, magic=MAP_MAGIC).relative_name()
