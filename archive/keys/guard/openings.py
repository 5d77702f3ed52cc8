"""Which entry of the journal opens which key: judged, and remembered before the key is opened.

Reads no catalog: whether the journal has the entry is for `rokuon verify` to find out.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from archive.access.opening_text import MAX_TEXT_BYTES, OPENING_ACTS, text_digest
from archive.errors import KeyRefused
from archive.ids import ID_BYTES, KeyId, RecordingId
from archive.keys.errors import Refusal
from archive.keys.store.schema import transaction
from archive.keys.wire.opening_messages import MAX_OPENINGS, OpeningRow, OpeningsAnswer

# From the entry's time to its commit a writer may wait 5 s for another; more is not this opening's.
FRESH_US: Final = 60 * 1_000_000
# A listener who pauses over lunch is the same listener; tomorrow he says anew why.
AGAIN_US: Final = 12 * 3_600 * 1_000_000

_ID_DIGITS: Final = 2 * ID_BYTES
_FIND: Final = (
    "SELECT number, digest, EXISTS (SELECT 1 FROM opening WHERE entry = number AND key_id = :key)"
    " FROM opening_entry WHERE id = :id"
)
_ADD_ENTRY: Final = (
    "INSERT INTO opening_entry (id, digest, act, at_us) VALUES (:id, :digest, :act, :at)"
    " RETURNING number"
)
_ADD_OPENING: Final = "INSERT INTO opening (entry, key_id, role, at_us) VALUES (?, ?, ?, ?)"
_PAGE: Final = (
    "SELECT number, id, digest, act, at_us,"
    " (SELECT count(*) FROM opening WHERE entry = number)"
    " FROM opening_entry WHERE number > ? ORDER BY number LIMIT ?"
)
_LAST: Final = "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'opening_entry'"


class ToldEntry(msgspec.Struct, frozen=True, kw_only=True):
    """What an entry's text says that a key is opened by; ids are their hexadecimal digits."""

    id: str
    at_us: int
    action: str
    recordings: tuple[str, ...]

    @property
    def raw_id(self) -> bytes:
        """The id as it is stored; raises `KeyRefused` where it is none."""
        try:
            raw = bytes.fromhex(self.id) if len(self.id) == _ID_DIGITS else b""
        except ValueError:
            raw = b""
        if len(raw) != ID_BYTES:
            raise KeyRefused(Refusal.ENTRY_MALFORMED)
        return raw


_TEXTS: Final = msgspec.json.Decoder(ToldEntry)


@dataclass(frozen=True, slots=True)
class WantedKey:
    """The key that is asked for, and the recording that it is of, as the keystore knows it."""

    id: KeyId
    recording: RecordingId


@dataclass(frozen=True, slots=True)
class _Known:
    """What an entry left here before: its number, 0 for none, and whether it opened this key."""

    number: int = 0
    has_opened: bool = False


@dataclass(frozen=True, slots=True)
class Openings:
    """Judges over the keystore's connection and the daemon's clock (µs since 1970 UTC)."""

    connection: sqlite3.Connection
    now_us: Callable[[], int]

    def allow(self, role: str, wanted: WantedKey, text: bytes) -> None:
        """Note that a key is about to be opened under an entry; raises `KeyRefused`."""
        entry, digest = read_text(text), text_digest(text)
        if entry.action not in OPENING_ACTS:
            raise KeyRefused(Refusal.ENTRY_OF_OTHER_ACT)
        if wanted.recording.raw.hex() not in entry.recordings:
            raise KeyRefused(Refusal.ENTRY_OF_OTHER_RECORDING)
        known = self._known(entry.raw_id, digest, wanted.id)
        now_us = self.now_us()
        _require_in_time(entry, known, now_us)
        if not known.has_opened:
            with transaction(self.connection):
                number = known.number or self._add(entry, digest)
                self.connection.execute(_ADD_OPENING, (number, wanted.id.raw, role, now_us))

    def listed(self, after: int) -> OpeningsAnswer:
        """The entries behind a number, in the order in which they were told."""
        rows = self.connection.execute(_PAGE, (after, MAX_OPENINGS)).fetchall()
        (last,) = self.connection.execute(_LAST).fetchone()
        return OpeningsAnswer(
            rows=tuple(
                OpeningRow(number=number, entry=own, digest=digest, act=act, at_us=at_us, keys=keys)
                for number, own, digest, act, at_us, keys in rows
            ),
            last=last,
        )

    def _known(self, entry: bytes, digest: bytes, key: KeyId) -> _Known:
        row = self.connection.execute(_FIND, {"id": entry, "key": key.raw}).fetchone()
        if row is None:
            return _Known()
        if row[1] != digest:
            raise KeyRefused(Refusal.ENTRY_DIFFERS)
        return _Known(row[0], bool(row[2]))

    def _add(self, entry: ToldEntry, digest: bytes) -> int:
        values = {"id": entry.raw_id, "digest": digest, "act": entry.action, "at": entry.at_us}
        (number,) = self.connection.execute(_ADD_ENTRY, values).fetchone()
        return int(number)


def read_text(text: bytes) -> ToldEntry:
    """What an entry says; raises `KeyRefused`."""
    if len(text) > MAX_TEXT_BYTES:
        raise KeyRefused(Refusal.ENTRY_MALFORMED)
    try:
        return _TEXTS.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError) as broken:
        raise KeyRefused(Refusal.ENTRY_MALFORMED) from broken


def _require_in_time(entry: ToldEntry, known: _Known, now_us: int) -> None:
    """An entry of a clock that was put back since opens again; none opens first from the future."""
    age_us = now_us - entry.at_us
    if not (age_us <= AGAIN_US if known.has_opened else abs(age_us) <= FRESH_US):
        raise KeyRefused(Refusal.ENTRY_STALE)
