"""What a legal hold is about: a search within a reach, or so many recordings that were named.

Pure. The text that the register keeps of it is here: the keeper asks the same search again, years
later. Knows nothing of SQL or of the web.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from archive.access.query import CLUE_KINDS, Clue, SearchQuery, Window
from archive.access.reach import Reach, ReachRule
from archive.moments import moment

# A zone is for answers that people read; a hold has none.
_NO_ZONE: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class ByQuery:
    """What a search finds within the reach of who placed it."""

    query: SearchQuery
    reach: Reach


@dataclass(frozen=True, slots=True)
class ByList:
    """Recordings that were named; the register has them one by one."""

    named: int


HoldScope = ByQuery | ByList


def encode_scope(scope: HoldScope) -> str:
    """As the register keeps it, JSON."""
    match scope:
        case ByList(named):
            told: dict[str, Any] = {"named": named}
        case ByQuery(query, reach):
            told = {
                "from_us": query.window.start_us,
                "until_us": query.window.end_us,
                "clues": [_encode(each) for each in query.clues],
                "reach": [json.loads(rule.encode()) for rule in reach],
            }
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def decode_scope(text: str) -> HoldScope:
    """What `encode_scope` wrote."""
    told = json.loads(text)
    if "named" in told:
        return ByList(told["named"])
    start_at, end_at = (moment(told[end]) for end in ("from_us", "until_us"))
    window = Window(start_at=start_at.astimezone(UTC), end_at=end_at.astimezone(UTC), zone=_NO_ZONE)
    clues = tuple(_decode(kind, values) for kind, values in told["clues"])
    reach = tuple(ReachRule.decode(json.dumps(each)) for each in told["reach"])
    return ByQuery(SearchQuery(window=window, clues=clues), reach)


def _encode(clue: Clue) -> tuple[str, Any]:
    (kind,) = (name for name, of in CLUE_KINDS.items() if type(clue) is of)
    return kind, msgspec.to_builtins(clue)


def _decode(kind: str, values: Mapping[str, Any]) -> Clue:
    """Raises `KeyError` for a kind that a later version wrote: half a search is another one."""
    return msgspec.convert(values, CLUE_KINDS[kind])
