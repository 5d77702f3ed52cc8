"""A tombstone as a value: what is left of a destroyed recording.

Pure. Beside the digest of the id stays what a reach may name: queues, teams, controllers; no number
and no name. The digest says of an id that it was destroyed and names none that is not known.
"""

import hashlib
from dataclasses import dataclass, field
from typing import Final, Literal

from archive.access.reach import ReachFacts
from archive.ids import ID_BYTES, ConversationId, RecordingId
from archive.lifecycle.intention import Scope

# No other digest of the same bytes is one of ours.
_DOMAIN: Final = b"rokuon tombstone 1\0"
_OF_FACTS: Final = b"rokuon facts 1\0"
_NO_FACTS: Final = ReachFacts()
# What a search counts; who wants all of them asks for shorter windows.
MAX_TOMBSTONES: Final = 1_000
# By when it was destroyed, or by when its call began.
DestroyedBy = Literal["destroyed", "began"]


def digest_of(own: RecordingId) -> bytes:
    """Return what is kept of the id of a destroyed recording."""
    return hashlib.sha256(_DOMAIN + own.raw).digest()


def facts_id(own: RecordingId) -> RecordingId:
    """Return the id under which the facts of a recording outlive its audio.

    To keystore, plan and tombstone it is a recording of its own (`docs/destruction.md`).
    """
    return RecordingId(hashlib.sha256(_OF_FACTS + own.raw).digest()[:ID_BYTES])


@dataclass(frozen=True, slots=True, kw_only=True)
class Remains:
    """What is told of a destroyed recording to who could have seen it; `plan` 0: of none.

    `scope`: what went. Of the audio alone `facts_until_us` says until when the facts are kept, by
    the rules of that day; None: no rule said.
    """

    call: ConversationId | None = None
    hour_us: int | None = None
    facts: ReachFacts = _NO_FACTS
    revision: int | None = None
    rules: tuple[str, ...] = ()
    plan: int = 0
    scope: Scope = "whole"
    facts_until_us: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstone:
    """Which recording (or ledger page) was destroyed, when (µs UTC), by which journal entry."""

    recording: RecordingId
    destroyed_us: int
    journal: int
    remains: Remains = field(default=Remains())


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTombstone:
    """One that is there; its ids are not known, `row` is its place."""

    row: int
    digest: bytes
    destroyed_us: int
    remains: Remains


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedWindow:
    """Of a time (µs UTC; None: open at that end) what was destroyed in it, the last first.

    Or what began in hours that it touches. `behind` is the place of the last one that was read; 0:
    none was.
    """

    by: DestroyedBy = "destroyed"
    from_us: int | None = None
    to_us: int | None = None
    behind: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DestroyedPage:
    """A page of what was destroyed; the next begins behind a place (0: there is none)."""

    found: tuple[FoundTombstone, ...]
    behind: int
