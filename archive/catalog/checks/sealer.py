"""What knows the seal of every row that decides: by a key, a counter, and the log beside the key.

A row is believed where its content has the seal that was last written for it. Knows nothing of what
rows mean, nor of who may write them.
"""

import hmac
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from struct import Struct
from threading import RLock
from typing import Final, NamedTuple

import structlog
from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from archive.catalog.access.proposal_scope import SCOPES
from archive.catalog.database.engine import BEGAN, SEALED_NOW
from archive.catalog.journal.seal_log import MAC_BYTES, RecordKind, SealLog, SealRecord, add
from archive.catalog.journal.sealed_rows import SEALED, SealedKind, SealedText
from archive.catalog.tables.catalog import row_seal

_PLACE: Final = Struct(">Bqq")
# The seal of a row that is not there, with root's word.
_GONE: Final = bytes(MAC_BYTES)
_KINDS: Final[tuple[SealedKind, ...]] = (*SEALED.values(), SCOPES)
_TABLES: Final = {each.code: each for each in _KINDS}

log = structlog.get_logger("rokuon.register")


class RowPlace(NamedTuple):
    """A row: of which table, by its code, and which."""

    table: int
    row: int


@dataclass(frozen=True, slots=True)
class _Known:
    """The seal of a row, and of what it was before ("": nothing).

    The former counts for who looks at the catalog as of before `settled_s`; None: nobody knows
    whether the catalog has the new one.
    """

    counter: int
    mac: bytes
    former: tuple[int, bytes] = (0, b"")
    settled_s: float | None = None

    def former_counts(self, began_s: float) -> bool:
        """Whether who began to look then may see the former row."""
        return self.settled_s is None or began_s <= self.settled_s


@dataclass(slots=True)
class KeptSeals:
    """The seals of one catalog; may be shared by threads."""

    key: bytes = field(repr=False)
    log: SealLog
    _known: dict[int, dict[int, _Known]] = field(
        default_factory=lambda: {code: {} for code in _TABLES}
    )
    _unsettled: set[RowPlace] = field(default_factory=set)
    _highest: int = 0
    _altered: set[RowPlace] = field(default_factory=set)
    _lock: RLock = field(default_factory=RLock)

    def __post_init__(self) -> None:
        """Whoever begins to look from now on sees what is settled."""
        self._read(list(self.log.news()), settled_s=-math.inf)

    @property
    def altered(self) -> tuple[tuple[str, int], ...]:
        """The rows that were not believed when they were last looked at: table and number."""
        return tuple((_TABLES[each.table].table.name, each.row) for each in sorted(self._altered))

    def is_believed(self, connection: Connection, of: SealedKind, told: SealedText) -> bool:
        """Whether it is as it was last written; what is not is noted.

        What was never there needs no seal.
        """
        self.read_news()
        place = RowPlace(of.code, told.row)
        sealed = connection.info.get(SEALED_NOW, {}).get(place)
        if sealed is not None:
            known: _Known | None = _Known(sealed.counter, sealed.mac)
        else:
            known = self._known[of.code].get(told.row)
        if known is None:
            is_so = not told.content
        else:
            is_so = self._fits(place, known, told.content, _began(connection))
        self._note(place, is_so=is_so)
        return is_so

    def is_whole(self, of: SealedKind, rows: frozenset[int], connection: Connection) -> bool:
        """Whether these are all rows that the table has; what is missing is noted."""
        began_s = _began(connection)
        missing = [
            row
            for row, known in self._known[of.code].items()
            if row not in rows and not (not known.former[1] and known.former_counts(began_s))
        ]
        for row in missing:
            self._note(RowPlace(of.code, row), is_so=False)
        return not missing

    def seal(self, connection: Connection, of: SealedKind, told: SealedText) -> None:
        """Seal what was just written, in the same transaction."""
        self.read_news()
        place = RowPlace(of.code, told.row)
        with self._lock:
            self._highest += 1
            counter = self._highest
        mac = self._mac(place, counter, told.content)
        _keep(connection, place, counter, mac)
        self._take(connection, SealRecord(RecordKind.ROW, *place, counter, mac))

    def remove(self, connection: Connection, place: RowPlace) -> None:
        """A row is not there, and that is believed from now on."""
        connection.execute(delete(row_seal).where(*_at(place)))
        self._take(connection, SealRecord(RecordKind.ROW, *place, 0, _GONE))

    def _take(self, connection: Connection, record: SealRecord) -> None:
        now = connection.info.setdefault(SEALED_NOW, {})
        now[RowPlace(record.table, record.row)] = record

    @contextmanager
    def settling(self, connection: Connection) -> Iterator[None]:
        """Around the commit: the log has the seals before it, and that it is done after it.

        A kill between leaves rows of which the former and the new state count.
        """
        now: dict[RowPlace, SealRecord] = connection.info.pop(SEALED_NOW, {})
        if not now:
            yield
            return
        with self.log.held() as descriptor:
            with self._lock:
                self.read_news()
                # Whoever wrote them was killed: nobody else can be between the two.
                left = [SealRecord(RecordKind.OPEN)] if self._unsettled else []
                records = [*left, *now.values()]
                self.log.at += add(descriptor, records, sync=True)
                self._read(records)
            yield
            with self._lock:
                done = [SealRecord(RecordKind.DONE)]
                self.log.at += add(descriptor, done, sync=False)
                self._read(done)

    def read_news(self) -> None:
        """Hear what another process has sealed."""
        if self.log.has_news:
            with self._lock:
                self._read(list(self.log.news()))

    def _read(self, records: list[SealRecord], settled_s: float | None = None) -> None:
        for each in records:
            match each.kind:
                case RecordKind.ROW:
                    self._put(each)
                case RecordKind.DONE:
                    self._settle(time.monotonic() if settled_s is None else settled_s)
                case RecordKind.OPEN:
                    self._unsettled.clear()

    def _put(self, record: SealRecord) -> None:
        place, table = RowPlace(record.table, record.row), self._known[record.table]
        before = table.pop(record.row, None)
        self._highest = max(self._highest, record.counter)
        self._altered.discard(place)
        if record.mac != _GONE:
            former = (before.counter, before.mac) if before else (0, b"")
            table[record.row] = _Known(record.counter, record.mac, former)
            self._unsettled.add(place)

    def _settle(self, now_s: float) -> None:
        for place in self._unsettled:
            known = self._known[place.table][place.row]
            self._known[place.table][place.row] = _Known(
                known.counter, known.mac, known.former, now_s
            )
        self._unsettled.clear()

    def _fits(self, place: RowPlace, known: _Known, content: bytes, began_s: float) -> bool:
        if hmac.compare_digest(self._mac(place, known.counter, content), known.mac):
            return True
        counter, mac = known.former
        return known.former_counts(began_s) and hmac.compare_digest(
            self._mac(place, counter, content), mac
        )

    def _note(self, place: RowPlace, *, is_so: bool) -> None:
        if is_so:
            self._altered.discard(place)
        elif place not in self._altered:
            self._altered.add(place)
            name = _TABLES[place.table].table.name
            log.error("a row is not as it was written", table=name, row=place.row)

    def _mac(self, place: RowPlace, counter: int, content: bytes) -> bytes:
        message = _PLACE.pack(*place, counter) + content
        return hmac.digest(self.key, message, sha256)[:MAC_BYTES]

    # --- all rows at once

    def review(self, connection: Connection) -> None:
        """Look at every row; where nothing was ever sealed, all that stands is sealed.

        A row with a seal of this key that is newer than all that the log knows is believed: the log
        is an older copy, or is gone.
        """
        self.read_news()
        sealed = _seals_kept(connection)
        is_first, newest = not sealed and not self.log.path.exists(), self._highest
        with self.log.held():
            pass  # from now on there is one: what comes unsealed is not believed
        for of in _KINDS:
            there = set[int]()
            for told in list(of.all(connection)):
                there.add(told.row)
                if is_first:
                    self.seal(connection, of, told)
                else:
                    self._adopt(
                        connection, of, told, sealed.get(RowPlace(of.code, told.row)), newest
                    )
            self.is_whole(of, frozenset(there), connection)

    def _adopt(
        self,
        connection: Connection,
        of: SealedKind,
        told: SealedText,
        kept: tuple[int, bytes] | None,
        newest: int,
    ) -> None:
        place = RowPlace(of.code, told.row)
        if kept is not None and kept[0] > newest:
            counter, mac = kept
            if hmac.compare_digest(self._mac(place, counter, told.content), mac):
                self._take(connection, SealRecord(RecordKind.ROW, *place, counter, mac))
                return
        self.is_believed(connection, of, told)

    def seal_again(self, connection: Connection) -> dict[str, int]:
        """Seal every row as it stands now, whatever was said of it; how many were not believed."""
        self.read_news()
        found: dict[str, int] = {}
        for of in _KINDS:
            rows = list(of.all(connection))
            wrong = [each for each in rows if not self.is_believed(connection, of, each)]
            for each in wrong:
                self.seal(connection, of, each)
            there = {each.row for each in rows}
            gone = [row for row in self._known[of.code] if row not in there]
            for row in gone:
                self.remove(connection, RowPlace(of.code, row))
            if wrong or gone:
                found[of.table.name] = len(wrong) + len(gone)
        return found


def _began(connection: Connection) -> float:
    return float(connection.info[BEGAN])


def _at(place: RowPlace) -> tuple[ColumnElement[bool], ...]:
    return row_seal.c.of_table == place.table, row_seal.c.of_row == place.row


def _keep(connection: Connection, place: RowPlace, counter: int, mac: bytes) -> None:
    changed = update(row_seal).where(*_at(place)).values(counter=counter, mac=mac)
    if connection.execute(changed).rowcount == 0:
        new = insert(row_seal).values(
            of_table=place.table, of_row=place.row, counter=counter, mac=mac
        )
        connection.execute(new)


def _seals_kept(connection: Connection) -> dict[RowPlace, tuple[int, bytes]]:
    rows = connection.execute(select(row_seal))
    return {RowPlace(row.of_table, row.of_row): (row.counter, row.mac) for row in rows}
