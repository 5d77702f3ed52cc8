"""Every recording of the archive read as it is to be indexed; what cannot be read is named.

Some at a time, with keys for those alone. Knows nothing of rows.
"""

import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from enum import Enum, auto
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from sqlalchemy import Engine

from archive.access.request import Access
from archive.call.adoption import Adoption
from archive.call.archived_recording import ArchivedRecording, DamagedPart, Value
from archive.call.events import Event
from archive.call.mentions import READ_ANEW, Mentioned
from archive.catalog.database.database_errors import OF_ONE_CALL, is_away
from archive.catalog.database.engine import reading
from archive.catalog.destruction.tombstones import has_tombstone
from archive.catalog.tables.tenants import tenant_row
from archive.disk.store import MAX_NAME_PARTS, LocalStore, NameRefused, ObjectMissing
from archive.errors import KeyRefused
from archive.format.floe import zero
from archive.format.header import MAP_MAGIC, HeaderBlock
from archive.format.part_reader import PartReader
from archive.format.segments import FileSource, read_block
from archive.ids import PartName, RecordingId, TenantId
from archive.keeper.account import read_account
from archive.keeper.spool import PART_SUFFIX
from archive.keys.client.key_client import KeyClient
from archive.reading.mapfile import derive_map_key, leaf_salt_of
from archive.restore.rebuild_keys import RebuildKeys
from archive.verification.part import KEYS_GONE

Step = Callable[[int, int], None]
ReadAnew = Callable[[Sequence[Event]], Mentioned | None]
# Recordings whose keys are there at once.
_AT_ONCE: Final = 32


class Damage(Enum):
    """Why something of the archive is not in the index."""

    FOREIGN_NAME = auto()  # its name is not that of a part
    MISPLACED = auto()  # by its header it is another part, or belongs into another folder
    UNREADABLE = auto()
    OUT_OF_ORDER = auto()  # behind the last part of its recording, or of another node
    REFUSED = auto()  # the catalog does not take it
    FACTS_CLOSED = auto()  # what is told of it, its audio gone, does not open


@dataclass(frozen=True, slots=True)
class DamagedFile:
    """A file, part or recording by its name, and what is wrong with it."""

    name: str
    damage: Damage
    error: Exception | None = None


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a recording, each with the part that it is by its name."""

    tenant: TenantId
    recording: RecordingId
    names: dict[str, PartName] = field(default_factory=dict)


@dataclass(slots=True)
class ArchiveReading:
    """Reads every file once; `asks`: who does, now; `read_anew`: what older events mention.

    `damaged` are those that cannot be indexed, `left_out` those of recordings that were destroyed.
    """

    store: LocalStore
    client: KeyClient
    engine: Engine
    asks: Callable[[], Access]
    step: Step
    read_anew: ReadAnew
    damaged: list[DamagedFile] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def recordings(self) -> Iterator[ArchivedRecording]:
        """All but those that were destroyed. Raises `KeyUnavailable`."""
        names = list(self.store.names(PART_SUFFIX))
        following, done = iter(self._by_recording(names)), 0
        while some := list(islice(following, _AT_ONCE)):
            with closing(self.keys()) as keys:
                keys.open_parts(self.store, (name for each in some for name in each.names))
                for each in some:
                    if self._is_destroyed(each):
                        self.left_out += each.names
                    else:
                        yield self._recording(each, keys)
                    done += len(each.names)
                    self.step(done, len(names))

    def keys(self) -> RebuildKeys:
        """None opened yet."""
        return RebuildKeys(self.client, self.engine, self.asks)

    def is_there(self, name: str) -> bool:
        """Whether a file is in the archive; one that cannot be looked at is."""
        try:
            return stat.S_ISREG(self.store.path(name).stat().st_mode)
        except (FileNotFoundError, NotADirectoryError, NameRefused):
            return False
        except OSError:
            return True

    def _by_recording(self, names: Sequence[str]) -> Iterable[_Files]:
        found: dict[tuple[TenantId, RecordingId], _Files] = {}
        for name in names:
            try:
                tenant, part = _named(name)
            except ValueError:
                self._name(name, Damage.FOREIGN_NAME)
                continue
            own = (tenant, part.recording)
            found.setdefault(own, _Files(*own)).names[name] = part
        return found.values()

    def _is_destroyed(self, files: _Files) -> bool:
        """Its key is destroyed as well: nobody is asked for it."""
        with reading(self.engine) as connection:
            tenant = tenant_row(connection, files.tenant)
            return has_tombstone(connection, tenant, files.recording)

    def _recording(self, files: _Files, keys: RebuildKeys) -> ArchivedRecording:
        read = [self._part(name, part, keys) for name, part in files.names.items()]
        parts = sorted(
            (each for each in read if isinstance(each, Adoption)), key=lambda each: each.part_name
        )
        return ArchivedRecording(
            files.tenant,
            files.recording,
            tuple(self._with_mentions(parts)),
            tuple(each for each in read if isinstance(each, DamagedPart)),
        )

    def _with_mentions(self, parts: list[Adoption]) -> list[Adoption]:
        """With what they mention as an event of the first, where nothing of them says it."""
        told = dict(each for part in parts for each in part.events)
        mentioned = self.read_anew([event for _, event in sorted(told.items())])
        if mentioned is None:
            return parts
        first = replace(parts[0], events=(*parts[0].events, (READ_ANEW, mentioned)))
        return [first, *parts[1:]]

    def _part(self, name: str, part: PartName, keys: RebuildKeys) -> Adoption | DamagedPart | None:
        """None of a file that has gone meanwhile, and of one that is a part of another place."""
        header = None
        try:
            with closing(self.store.source(name)) as source:
                block = read_block(source)
                header = HeaderBlock.decode(block)
                if header.relative_name() != name:
                    self._name(name, Damage.MISPLACED)
                    return None if header.part_name == part else DamagedPart(part, name)
                return self._read(name, source, keys.key(header.key), block)
        except ObjectMissing:
            return None
        except KeyRefused as refused:
            if str(refused) not in KEYS_GONE:
                raise
            self._name(name, Damage.UNREADABLE, refused)
        except (*OF_ONE_CALL, OSError) as failed:
            if is_away(failed):
                raise
            self._name(name, Damage.UNREADABLE, failed)
        return DamagedPart(part, name, {} if header is None else self._values(name, header))

    def _read(self, name: str, source: FileSource, key: bytearray, block: bytes) -> Adoption:
        map_key = derive_map_key(key, block)
        with PartReader(source, key) as reader:
            account, _ = read_account(reader, leaf_salt_of(map_key))
            zero(map_key)
            map_name = _map_of(reader.header)
            return account.adoption(account.check(), self.store.describe(name), map_name)

    def _values(self, name: str, header: HeaderBlock) -> dict[str, Value]:
        try:
            stored = self.store.describe(name)
        except (ObjectMissing, OSError):
            return {}
        return {
            "node": header.node.raw,
            "key_id": header.key.raw,
            "map_path": _map_of(header),
            "size_bytes": stored.size_bytes,
            "sha256": stored.sha256,
            "created_us": header.created_us,
        }

    def _name(self, name: str, damage: Damage, error: Exception | None = None) -> None:
        self.damaged.append(DamagedFile(name, damage, error))


def _map_of(header: HeaderBlock) -> str:
    return replace(header, magic=MAP_MAGIC).relative_name()


def _named(name: str) -> tuple[TenantId, PartName]:
    """Whose a file is by its name; raises `ValueError` where it has none of ours."""
    folders = PurePosixPath(name).parts
    if len(folders) != MAX_NAME_PARTS:
        raise ValueError("not the place of a part")
    return TenantId.parse(folders[0]), PartName.parse(PurePosixPath(name).stem)
