"""The whole archive held against the catalog and the journal, recording by recording.

Writes an entry for each recording before its keys are asked for. Knows nothing of how findings
are said.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import PurePosixPath
from typing import Final

from sqlalchemy import Engine

from archive.call.events import Event
from archive.catalog.access.grants import Access, Ask, VerifyGrant, grant
from archive.catalog.checks.index_shadow import IndexShadow, index_shadow
from archive.catalog.database.engine import reading
from archive.catalog.index.filed import (
    AdoptedPart,
    FiledPart,
    adopted_parts,
    filed_parts,
    is_going_or_gone,
    lost_recordings,
    mentions_digest,
    unfiled,
)
from archive.catalog.search.calls import everything
from archive.catalog.search.ledger_pages import page_ids
from archive.disk.store import LocalStore
from archive.ids import KeyId, PageId, PartName, RecordingId, TenantId
from archive.keeper.spool import PART_SUFFIX
from archive.keys.client.key_client import KeyClient
from archive.reading.unproved import UnprovedPacket
from archive.verification.events import ToldEvents, event_differences
from archive.verification.faults import Fault, Finding
from archive.verification.journal import journal_findings
from archive.verification.openings import Compared, compare_openings
from archive.verification.part import PartVerifier
from archive.verification.part_sequence import Filed, course_findings
from archive.verification.register import register_findings
from archive.verification.rows import guard_findings, odd_rows_named, unreadable_rows
from archive.verification.signatures import Signed, Signers

Step = Callable[[int, int], None]
# Who asks, at the moment.
Asks = Callable[[], Access]
# A recording of many parts is read for minutes; the key daemon opens for one under its entry.
_RENEWED_US: Final = 30 * 1_000_000
# Names of files looked up in one view of the catalog.
_NAMES_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class Unproved:
    """Packets of a part's SRTP that no key proves; `more` were not named."""

    part: str
    packets: tuple[UnprovedPacket, ...]
    more: int


@dataclass(slots=True)
class Verified:
    """What a verification came to; `signatures` counts who signed the parts' ENDs.

    `waiting`: recordings and pages of which the index is about to be made anew.
    """

    parts: int = 0
    findings: list[Finding] = field(default_factory=list)
    signatures: Counter[Signed] = field(default_factory=Counter)
    unproved: list[Unproved] = field(default_factory=list)
    openings: Compared = field(default_factory=Compared)
    waiting: int = 0


@dataclass(frozen=True, slots=True)
class Archive:
    engine: Engine
    keys: KeyClient
    store: LocalStore
    signers: Signers


@dataclass(slots=True)
class _Opener:
    """Opens the keys of one recording under its entry, and under another where that grows old."""

    archive: Archive
    asks: Asks
    own: RecordingId | PageId
    granted: VerifyGrant = field(init=False)

    def __post_init__(self) -> None:
        self.granted = self._grant()

    def open(self, key: KeyId) -> bytearray:
        """A key, to be zeroed. Raises `KeyUnavailable`."""
        if self.asks().at_us - self.granted.access.at_us > _RENEWED_US:
            self.granted = self._grant()
        return self.archive.keys.open(key, self.granted.line.told)

    def _grant(self) -> VerifyGrant:
        return grant(self.archive.engine, VerifyGrant, Ask(access=self.asks(), target=self.own))


def verify_all(archive: Archive, asks: Asks, step: Step) -> Verified:
    """Verify everything of a tenant. Raises `KeyUnavailable` where no key can be had."""
    verified, tenant = Verified(), asks().tenant
    verified.findings += unreadable_rows(archive.engine)
    for look in (guard_findings, journal_findings, register_findings):
        with odd_rows_named(verified.findings, "catalog"):
            verified.findings += look(archive.engine)
    # Whatever is being adopted now has its row by the time that it is looked at again.
    strays = _strays(archive, tenant, archive.store.names(PART_SUFFIX))
    with reading(archive.engine) as connection:
        wanted: list[RecordingId | PageId] = [
            *everything(connection, tenant),
            *page_ids(connection, tenant),
        ]
    for done, own in enumerate(wanted, start=1):
        with odd_rows_named(verified.findings, str(own)):
            _verify_one(archive, asks, own, verified)
        step(done, len(wanted))
    with reading(archive.engine) as connection:
        for lost in lost_recordings(connection, tenant):
            verified.findings.append(Finding(str(lost), Fault.ROW_MISSING))
    for name in _strays(archive, tenant, filter(archive.store.exists, strays)):
        verified.findings.append(Finding(PurePosixPath(name).stem, Fault.ROW_MISSING, name))
    verified.openings = compare_openings(archive.engine, archive.keys)
    verified.findings += verified.openings.findings
    return verified


def _verify_one(
    archive: Archive, asks: Asks, own: RecordingId | PageId, verified: Verified
) -> None:
    opener = _Opener(archive, asks, own)
    granted = opener.granted
    with reading(archive.engine) as connection:
        rows = filed_parts(connection, own, granted)
        adopted = adopted_parts(connection, own, granted)
        read_anew = mentions_digest(connection, own, granted)
    verifier = PartVerifier(archive.store, archive.signers, opener.open)
    found = Verified()
    told, read = ToldEvents(isinstance(own, PageId), read_anew), set[PartName]()
    for row in rows:
        with odd_rows_named(found.findings, str(row.name)):
            events = _verify_part(verifier, row, found)
            if events is not None:
                told.add(events)
                read.add(row.name)
    found.findings += course_findings(_latest(rows), granted.access.at_us)
    found.findings += _journal_findings(rows, adopted)
    with odd_rows_named(found.findings, str(own)):
        shadow = index_shadow(archive.engine, own, granted)
        found.findings += _index_findings(str(own), shadow, told, read)
        found.waiting += shadow.is_waiting
    if found.findings and _is_gone(archive, own, granted):
        return  # Destroyed while it was being read.
    verified.parts += found.parts
    verified.findings += found.findings
    verified.signatures += found.signatures
    verified.unproved += found.unproved
    verified.waiting += found.waiting


def _verify_part(
    verifier: PartVerifier, row: FiledPart, found: Verified
) -> tuple[tuple[int, Event], ...] | None:
    """Look at one part; its events, None where it could not be read."""
    checked = verifier.check(row)
    found.parts += 1
    found.findings += checked.findings
    if checked.signed is not None:
        found.signatures[checked.signed] += 1
    unproved = tuple(checked.prover.unproved())
    if unproved or checked.prover.unnamed:
        found.unproved.append(Unproved(str(row.name), unproved, checked.prover.unnamed))
    return checked.events


def _is_gone(archive: Archive, own: RecordingId | PageId, granted: VerifyGrant) -> bool:
    with reading(archive.engine) as connection:
        return is_going_or_gone(connection, granted.tenant, RecordingId(own.raw))


def _latest(rows: tuple[FiledPart, ...]) -> list[Filed]:
    latest = {row.name.part: row for row in sorted(rows, key=lambda row: row.name)}
    return [
        Filed(
            name=row.name,
            node=row.node,
            end_reason=str(row.values["end_reason"]),
            is_last=bool(row.values["is_last"]),
            last_us=row.last_us,
        )
        for row in latest.values()
    ]


def _journal_findings(
    rows: tuple[FiledPart, ...], told: tuple[AdoptedPart, ...]
) -> Iterator[Finding]:
    """What the journal tells of their adoption and the rows do not, or say otherwise."""
    filed = {row.name: row.values for row in rows}
    for adopted in told:
        values = filed.get(adopted.name)
        if values is None:
            yield Finding(str(adopted.name), Fault.ROW_MISSING)
        elif (values["sha256"], values["size_bytes"]) != (adopted.sha256, adopted.size_bytes):
            yield Finding(str(adopted.name), Fault.JOURNAL_DIFFERS)


def _index_findings(
    own: str, shadow: IndexShadow, told: ToldEvents, read: set[PartName]
) -> Iterator[Finding]:
    all_read = bool(shadow.parts) and shadow.parts <= read
    events = ", ".join(event_differences(told, shadow.events, all_read=all_read))
    if events:
        yield Finding(own, Fault.EVENTS_DIFFER, events)
    if shadow.differing:
        yield Finding(own, Fault.INDEX_DIFFERS, ", ".join(shadow.differing))


def _strays(archive: Archive, tenant: TenantId, names: Iterable[str]) -> list[str]:
    """Those of these files of which no row tells."""
    found: list[str] = []
    following = iter(names)
    while some := list(islice(following, _NAMES_AT_ONCE)):
        named = {name: _part_of(name) for name in some}
        with reading(archive.engine) as connection:
            parts = {part for part in named.values() if part is not None}
            missing = set(unfiled(connection, tenant, parts))
        found += [name for name, part in named.items() if part is None or part in missing]
    return found


def _part_of(name: str) -> PartName | None:
    """Which part a file is by its name; None where it has none of ours."""
    try:
        return PartName.parse(PurePosixPath(name).stem)
    except ValueError:
        return None
