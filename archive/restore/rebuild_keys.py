"""The keys of what an index is made from, for some of it at a time.

Each is opened under an entry of the journal that is committed before. Knows nothing of what is read
with them.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

from sqlalchemy import Engine

from archive.access.request import Access
from archive.catalog.access.grants import Ask, VerifyGrant, grant_each
from archive.catalog.database.engine import reading
from archive.catalog.destruction.tombstones import RecordingDestroyed, refuse_destroyed
from archive.catalog.register.kept_facts import sealed_facts
from archive.catalog.tables.tenants import tenant_row, tenants
from archive.disk.store import LocalStore, ObjectMissing
from archive.errors import KeyRefused, RecordingDamaged
from archive.format.floe import zero
from archive.format.header import HeaderBlock
from archive.format.segments import read_block
from archive.ids import KeyId, RecordingId
from archive.keys.client.key_client import KeyClient
from archive.keys.errors import Refusal
from archive.lifecycle.tombstone import facts_id

REASON: Final = "index rebuild"
# So many entries with one commit; their keys are opened within the minute.
_AT_ONCE: Final = 100


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A key, whose recording the entry is about, and the one that the keystore has it under."""

    key: KeyId
    about: RecordingId
    own: RecordingId


@dataclass(slots=True)
class RebuildKeys:
    """Keys by their ids; a refusal is kept, and raised when the key is taken.

    `asks`: who has them opened, now.
    """

    keys: KeyClient
    engine: Engine
    asks: Callable[[], Access]
    _opened: dict[KeyId, bytearray | KeyRefused] = field(default_factory=dict)

    def open_parts(self, store: LocalStore, names: Iterable[str]) -> None:
        """Open the keys of these files, an entry for each recording; raises `KeyUnavailable`."""
        self._open(self._of_parts(store, names))

    def open_facts(self) -> None:
        """The same for all that is told of recordings whose audio is gone."""
        self._open(self._of_facts())

    def key(self, key_id: KeyId) -> bytearray:
        """A key, to be left as it is. Raises `KeyRefused`."""
        opened = self._opened.get(key_id)
        if isinstance(opened, KeyRefused):
            raise opened
        if opened is None:
            raise KeyRefused(Refusal.KEY_UNKNOWN)
        return opened

    def close(self) -> None:
        for key in self._opened.values():
            if isinstance(key, bytearray):
                zero(key)

    def _of_parts(self, store: LocalStore, names: Iterable[str]) -> Iterator[_Wanted]:
        for name in names:
            try:
                with closing(store.source(name)) as source:
                    header = HeaderBlock.decode(read_block(source))
                with reading(self.engine) as connection:
                    tenant = tenant_row(connection, header.tenant)
                    refuse_destroyed(connection, tenant, header.recording)
            except (RecordingDamaged, RecordingDestroyed, ObjectMissing, OSError):
                continue  # Whoever reads it says so.
            yield _Wanted(header.key, header.recording, header.recording)

    def _of_facts(self) -> Iterator[_Wanted]:
        with reading(self.engine) as connection:
            for tenant, row in tenants(connection):
                for copy in sealed_facts(connection, row, tenant):
                    own = copy.name.recording
                    yield _Wanted(copy.name.key, own, facts_id(own))

    def _open(self, wanted: Iterator[_Wanted]) -> None:
        while some := list(islice(wanted, _AT_ONCE)):
            by_recording: dict[tuple[RecordingId, RecordingId], list[KeyId]] = {}
            for each in some:
                by_recording.setdefault((each.about, each.own), []).append(each.key)
            asks = [self._ask(about, own) for about, own in by_recording]
            granted = grant_each(self.engine, VerifyGrant, asks)
            for each_grant, keys in zip(granted, by_recording.values(), strict=True):
                for key in keys:
                    self._opened[key] = self._one(key, each_grant)

    def _one(self, key: KeyId, granted: VerifyGrant) -> bytearray | KeyRefused:
        try:
            return self.keys.open(key, granted.line.told)
        except KeyRefused as refused:
            return refused

    def _ask(self, about: RecordingId, own: RecordingId) -> Ask:
        return Ask(access=self.asks(), target=about, detail={"what": REASON}, opens=(own,))
