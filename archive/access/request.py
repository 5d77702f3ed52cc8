"""Who asks for an answer, when and why, and within which he may be answered.

A value. Knows nothing of what is granted.
"""

from dataclasses import dataclass

from archive.access.reach import Within
from archive.ids import TenantId


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Who asks, when (µs since 1970 UTC) and why; within which he may be answered."""

    acts: frozenset[str] | None = None  # what the journal may say of it; None: undeclared
    tenant: TenantId
    actor: str
    at_us: int
    within: Within
    purpose: str = ""
