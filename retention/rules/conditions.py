"""What of a recording decides which rules are about it, and when their periods began.

Pure. What is not known is said to be so, and is never taken for absent. Knows no rule.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from archive.attributes import AttributeKind
from archive.lifecycle.retention_events import AGENT_LEFT, CASE_CLOSED, CONTRACT_END, OTHER

__all__ = ["BEGINNINGS", "CALL_END", "EVENT", "AttributeKind", "Facts"]

# What a period may begin with: a recording has the first of itself; `event:NAME` is anything else
# that happens to a key.
CALL_END: Final = "call_end"
BEGINNINGS: Final = (CALL_END, CASE_CLOSED, CONTRACT_END, AGENT_LEFT)
EVENT: Final = OTHER


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One recording as rules see it.

    `values` has every kind, folded; None where it is not known. `happened` has an event's moment,
    or its day wherever days begin; None where it has not happened yet; an event that is missing
    there is not known.
    """

    values: Mapping[AttributeKind, frozenset[str] | None]
    happened: Mapping[str, date | None] = field(default_factory=dict)

    @property
    def ended_at(self) -> datetime | None:
        """When the call ended; None where that is not known."""
        ended = self.happened.get(CALL_END)
        assert ended is None or isinstance(ended, datetime), "a call ends at a moment"
        return ended

    @property
    def controller(self) -> str:
        """On whose behalf it was recorded, as far as that is one and known; else ""."""
        named = self.values.get(AttributeKind.CONTROLLER) or frozenset()
        return next(iter(named)) if len(named) == 1 else ""
