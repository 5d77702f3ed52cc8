"""Grants: the right to one answer, and the proof that the journal already says so.

A grant can only be had from the functions here, which commit the entry first. Knows nothing of
what is then searched, read or played, nor of who may ask.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import ClassVar, Final, TypeVar

from sqlalchemy import Connection, Engine

from archive.access.opening_text import OPENING_ACTS
from archive.access.request import Access as Access
from archive.catalog.access.served_recordings import served
from archive.catalog.database.engine import writing
from archive.catalog.journal.entries import (
    ONE_RECORDING,
    Action,
    Detail,
    Entry,
    WrittenEntry,
    append,
    append_opening,
)
from archive.errors import ArchiveError
from archive.ids import ConversationId, PageId, RecordingId, TenantId

_JOURNALLED: Final = object()
EVERYTHING: Final = ""

Target = ConversationId | RecordingId


class NotGranted(ArchiveError):
    """An answer was asked for without a grant that covers it: a fault of our own code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """The line of the journal is committed; the answer may be given to its actor."""

    action: ClassVar[Action]

    access: Access
    target: str
    line: WrittenEntry
    proof: object = field(repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.proof is not _JOURNALLED:
            raise NotGranted("a grant is made by writing the journal")

    @property
    def seq(self) -> int:
        """The place of its line."""
        return self.line.seq

    @property
    def tenant(self) -> TenantId:
        """Whose recordings this grant reaches."""
        return self.access.tenant

    def require(self, target: Target) -> None:
        """Raise `NotGranted` unless this grant is for `target`."""
        if self.target != str(target):
            raise NotGranted("the grant is for something else")


class SearchGrant(Grant):
    """May see which calls match."""

    __slots__ = ()
    action = "searched"


class ReadGrant(Grant):
    """May see what is known about one call or recording."""

    __slots__ = ()
    action = "read"


class ListenGrant(Grant):
    """May hear one call or recording, or see its waveform."""

    __slots__ = ()
    action = "listened"


class PlayedGrant(Grant):
    __slots__ = ()
    action = "played"


class ExportGrant(Grant):
    """May take a copy of one call or recording away."""

    __slots__ = ()
    action = "exported"


class VerifyGrant(Grant):
    """May open one recording to check it."""

    __slots__ = ()
    action = "verified"


class BreakGlassGrant(Grant):
    """May go past the purposes of one call or recording: the alarm is this entry."""

    __slots__ = ()
    action = "broke_glass"


class LedgerGrant(Grant):
    """May see which calls there were, with their fates."""

    __slots__ = ()
    action = "ledger_seen"


class TraceGrant(Grant):
    """May see the SIP messages of one call or recording."""

    __slots__ = ()
    action = "traced"


class CorrectGrant(Grant):
    """May correct what is said of one recording, tag it, or write a note to it."""

    __slots__ = ()
    action = "corrected"


class JournalGrant(Grant):
    __slots__ = ()
    action = "journal_seen"


class PeopleGrant(Grant):
    """May see who the users and services are, what they may, and which tokens they have."""

    __slots__ = ()
    action = "people_seen"


class LiveGrant(Grant):
    """May see which calls are up."""

    __slots__ = ()
    action = "live_seen"


class PauseGrant(Grant):
    """May have nothing kept of a live call for a while."""

    __slots__ = ()
    action = "live_paused"


class ResumeGrant(Grant):
    """May have a live call kept again."""

    __slots__ = ()
    action = "live_resumed"


class StartGrant(Grant):
    """May have a live call recorded that is not."""

    __slots__ = ()
    action = "live_started"


class StopGrant(Grant):
    """May end the recording of a live call."""

    __slots__ = ()
    action = "live_stopped"


class TellGrant(Grant):
    """May tell who takes part in a live call."""

    __slots__ = ()
    action = "live_told"


AnyGrant = TypeVar("AnyGrant", bound=Grant)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """What a grant is asked for: the target ("" = a search) and what the journal should tell.

    `opens` are recordings whose keys it opens, where the index does not know them.
    """

    access: Access
    target: Target | PageId | str = EVERYTHING
    detail: Mapping[str, Detail] = field(default_factory=dict)
    opens: tuple[RecordingId, ...] = ()


def grant(engine: Engine, kind: type[AnyGrant], ask: Ask) -> AnyGrant:
    """Write the journal, commit, and only then hand out the grant."""
    (granted,) = grant_each(engine, kind, [ask])
    return granted


def grant_each(engine: Engine, kind: type[AnyGrant], asks: Sequence[Ask]) -> tuple[AnyGrant, ...]:
    """The same for several at once: an entry for each, and one commit."""
    with writing(engine) as connection:
        lines = [_written(connection, kind, ask) for ask in asks]
    return tuple(
        kind(access=ask.access, target=str(ask.target), line=line, proof=_JOURNALLED)
        for ask, line in zip(asks, lines, strict=True)
    )


def _written(connection: Connection, kind: type[Grant], ask: Ask) -> WrittenEntry:
    entry = entry_of(kind, ask)
    if kind.action in OPENING_ACTS:
        return append_opening(connection, replace(entry, shown=_opened(connection, ask)))
    return WrittenEntry(append(connection, entry), entry)


def _opened(connection: Connection, ask: Ask) -> tuple[RecordingId, ...]:
    """The recordings whose keys it opens: of a call those that may be had now."""
    if isinstance(ask.target, ConversationId):
        return served(connection, ask.access.tenant, ask.access.within, ask.target)
    named = () if isinstance(ask.target, str) else (RecordingId(ask.target.raw),)
    return ask.opens or named


def entry_of(kind: type[Grant], ask: Ask) -> Entry:
    return Entry(
        tenant=ask.access.tenant,
        at_us=ask.access.at_us,
        actor=ask.access.actor,
        action=kind.action,
        target=str(ask.target),
        reason=ask.access.purpose,
        detail=_told(ask),
    )


def _told(ask: Ask) -> Mapping[str, Detail]:
    """A call often has a name that is the id of one of its recordings: which of them is meant."""
    one = ONE_RECORDING if isinstance(ask.target, RecordingId) else {}
    return {**ask.detail, **one}
