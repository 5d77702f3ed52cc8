"""The rows of one recording or ledger page made anew from what was read of its files.

What the index or the journal knew of it and the archive has no more stays, and says why; an entry
of the journal says since when. In the caller's transaction. Knows nothing of how files are read.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Final

from sqlalchemy import Connection, delete

from archive.access.request import Access
from archive.call.archived_recording import DAMAGED, MISSING, ArchivedRecording, Because, LostPart
from archive.call.events import Mentioned, encode_event
from archive.call.mentions import READ_ANEW
from archive.catalog.database.database_errors import OF_ONE_CALL, is_away
from archive.catalog.destruction.planned_recordings import under_way_among
from archive.catalog.destruction.tombstones import has_tombstone
from archive.catalog.index.adopted import index_part
from archive.catalog.index.facts_rows import is_audio_gone
from archive.catalog.index.indexed_parts import (
    IndexedParts,
    ToldParts,
    indexed_parts,
    recording_row,
    told_parts,
)
from archive.catalog.index.lost_rows import keep_a_row, put_back
from archive.catalog.index.namings import doubt_namings
from archive.catalog.index.page_rows import remove_page
from archive.catalog.index.places import refuse_out_of_place
from archive.catalog.index.removal import remove_recording
from archive.catalog.journal.entries import Action, Detail, Entry, append
from archive.catalog.tables.catalog import ledger_page
from archive.errors import PartOutOfPlace
from archive.ids import PartName, RecordingId

# Whether a file of this name is in the archive.
IsThere = Callable[[str], bool]
# Of a row that stays as it is.
_AS_IT_IS: Final = ""


@dataclass(frozen=True, slots=True)
class Replaced:
    """What became of a recording's parts; `refused` are those that the catalog does not take."""

    indexed: tuple[PartName, ...] = ()
    left_out: tuple[PartName, ...] = ()
    refused: Mapping[PartName, Exception] = field(default_factory=dict)
    lost: tuple[LostPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Replacement:
    """Makes the rows of recordings anew, for `access`, whose actor the journal names."""

    access: Access
    is_there: IsThere

    def replace(self, connection: Connection, tenant: int, read: ArchivedRecording) -> Replaced:
        """Put the rows of what was read in the place of those that are there.

        Of what has a tombstone nothing is brought back; of what is about to go nothing is lost.
        """
        own = read.recording
        if has_tombstone(connection, tenant, own):
            _remove_destroyed(connection, tenant, own)
            return Replaced(left_out=tuple(each.part_name for each in read.parts))
        had, told = indexed_parts(connection, tenant, own), told_parts(connection, tenant, own)
        if not (read.parts or read.damaged or had.names or told.adopted):
            return Replaced()
        is_going = bool(under_way_among(connection, tenant, [own]))
        kept = self._kept(read, had, is_going=is_going)
        _remove(connection, tenant, read, (had, kept))
        refused = _index(connection, tenant, read)
        kept |= {name: _AS_IT_IS for name in had.names if _was_taken(refused.get(name))}
        put_back(connection, tenant, read, (had, kept))
        indexed = {each.part_name for each in read.parts} - set(refused)
        lost: dict[PartName, Because] = {}
        if not is_going:
            lost = _lost(read, told, (kept, {*indexed, *refused}))
            keep_a_row(connection, tenant, own, lost)
            self._tell(connection, read, told, (indexed, lost))
            self._tell_mentions(connection, read, told)
        lines = tuple(LostPart(name, lost[name]) for name in sorted(lost))
        return Replaced(indexed=tuple(sorted(indexed)), refused=refused, lost=lines)

    def _kept(
        self, read: ArchivedRecording, had: IndexedParts, *, is_going: bool
    ) -> dict[PartName, str]:
        """Rows for which no part was read, each with why it is lost.

        One whose file is there and was not read came meanwhile. One that leads to the file of
        another part is none.
        """
        names, paths = (
            {each.part_name for each in read.parts},
            {each.path for each in read.parts},
        )
        damaged = {each.name for each in read.damaged}
        kept: dict[PartName, str] = {}
        for name, values in had.rows.items():
            path = str(values["path"])
            if name in names or path in paths:
                continue
            if name in damaged and not is_going:
                kept[name] = DAMAGED
            else:
                is_there = is_going or (_is_of(path, name) and self.is_there(path))
                kept[name] = _AS_IT_IS if is_there else MISSING
        return kept

    def _tell(
        self,
        connection: Connection,
        read: ArchivedRecording,
        told: ToldParts,
        now: tuple[set[PartName], Mapping[PartName, Because]],
    ) -> None:
        """Write down what the journal does not know yet."""
        indexed, lost = now
        for name in sorted(indexed & set(told.lost)):
            self._append(connection, read, "part_found", name, {})
        for name in sorted(lost):
            if told.lost.get(name) != lost[name]:
                self._append(connection, read, "part_lost", name, {"because": lost[name]})

    def _tell_mentions(
        self, connection: Connection, read: ArchivedRecording, told: ToldParts
    ) -> None:
        """Write down the digest of what was read anew: no file bears it out."""
        for event in (dict(each.events).get(READ_ANEW) for each in read.parts):
            if not isinstance(event, Mentioned):
                continue
            digest = hashlib.sha256(encode_event(event)).hexdigest()
            if digest != told.mentions:
                detail: dict[str, Detail] = {"count": len(event.mentions), "sha256": digest}
                append(connection, self._entry(read, "mentions_read", detail))

    def _append(
        self,
        connection: Connection,
        read: ArchivedRecording,
        action: Action,
        name: PartName,
        more: Mapping[str, Detail],
    ) -> None:
        detail = {"part": name.part, "generation": name.generation, **more}
        append(connection, self._entry(read, action, detail))

    def _entry(
        self, read: ArchivedRecording, action: Action, detail: Mapping[str, Detail]
    ) -> Entry:
        return Entry(
            tenant=read.tenant,
            at_us=self.access.at_us,
            actor=self.access.actor,
            action=action,
            target=str(read.recording),
            detail=detail,
        )


def _is_of(path: str, name: PartName) -> bool:
    """Whether a path is that of a part: one that leads elsewhere proves nothing."""
    return PurePosixPath(path).stem == str(name)


def _was_taken(refused: Exception | None) -> bool:
    """Whether a row may stay of which the same part is not taken now."""
    return refused is not None and not isinstance(refused, PartOutOfPlace)


def _remove(
    connection: Connection,
    tenant: int,
    read: ArchivedRecording,
    rows: tuple[IndexedParts, Mapping[PartName, str]],
) -> None:
    """Take away what is made anew: all rows of a recording, of a page but those that are kept."""
    had, kept = rows
    own = read.recording
    row = recording_row(connection, tenant, own)
    if row is not None:
        doubt_namings(connection, tenant, row)
        remove_recording(connection, tenant, row)
    for name in set(had.of_page) - set(kept):
        connection.execute(
            delete(ledger_page).where(
                ledger_page.c.tenant == tenant,
                ledger_page.c.id == own.raw,
                ledger_page.c.part == name.part,
                ledger_page.c.generation == name.generation,
            )
        )
    if not set(had.of_page) & set(kept):
        remove_page(connection, tenant, own)


def _remove_destroyed(connection: Connection, tenant: int, own: RecordingId) -> None:
    """Nothing stays of it but facts that outlived its audio."""
    row = recording_row(connection, tenant, own)
    if row is not None and not is_audio_gone(connection, tenant, row):
        remove_recording(connection, tenant, row)
    remove_page(connection, tenant, own)


def _index(
    connection: Connection, tenant: int, read: ArchivedRecording
) -> dict[PartName, Exception]:
    """Index all that was read, in its order; those that are not taken, and why."""
    refused: dict[PartName, Exception] = {}
    for adoption in sorted(read.parts, key=lambda each: each.part_name):
        try:
            with connection.begin_nested():
                refuse_out_of_place(connection, tenant, adoption)
                index_part(connection, tenant, adoption)
        except OF_ONE_CALL as failed:
            if is_away(failed):
                raise
            refused[adoption.part_name] = failed
    return refused


def _lost(
    read: ArchivedRecording,
    told: ToldParts,
    there: tuple[Mapping[PartName, str], set[PartName]],
) -> dict[PartName, Because]:
    """What is lost: rows that say so, and parts of which no row tells any more."""
    kept, others = there
    damaged = {each.name for each in read.damaged}
    known = {*kept, *others}
    lost: dict[PartName, Because] = {
        name: DAMAGED if name in damaged else MISSING for name in {*told.adopted, *damaged} - known
    }
    for name, because in kept.items():
        if because != _AS_IT_IS:
            lost[name] = DAMAGED if because == DAMAGED else MISSING
    return lost
