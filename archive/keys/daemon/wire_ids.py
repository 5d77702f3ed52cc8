"""Ids as they come over the wire: 16 bytes, or the question is malformed.

Knows no question.
"""

from collections.abc import Sequence
from typing import TypeVar

from archive.errors import KeyRefused
from archive.ids import ID_BYTES, HoldId, IntakeKeyId, KeyId, PlanId, RecordingId, TenantId
from archive.keys.errors import Refusal

# The largest number that the keystore has room for.
MAX_INTEGER = (1 << 63) - 1

_IdT = TypeVar("_IdT", HoldId, IntakeKeyId, KeyId, PlanId, RecordingId, TenantId)


def id_of(kind: type[_IdT], raw: bytes) -> _IdT:
    """Raises `KeyRefused`."""
    if len(raw) != ID_BYTES:
        raise KeyRefused(Refusal.MALFORMED)
    return kind(raw)


def ids_of(kind: type[_IdT], raws: Sequence[bytes], limit: int) -> list[_IdT]:
    """The same of at most so many."""
    if len(raws) > limit:
        raise KeyRefused(Refusal.MALFORMED)
    return [id_of(kind, raw) for raw in raws]
