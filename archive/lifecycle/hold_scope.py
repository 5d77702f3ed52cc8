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

from archive.access.query import CLUE_KINDS, Clue, MarkClue, SearchQuery, Window
from archive.access.reach import Reach, ReachRule
from archive.folded_names import fold_name, written_name
from archive.moments import moment

# A zone is for answers that people read; a hold has none.
_NO_ZONE: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class ByQuery:
    """What a search finds within the reach of who placed it."""

    query: SearchQuery
    reach: Reach

    @property
    def folded_reach(self) -> Reach:
        """As it is compared: the register may have it as an older version did."""
        return tuple(each.folded for each in self.reach)

    @property
    def is_written_otherwise(self) -> bool:
        """Whether a name of it is folded by more than its case; of teams only their table knows."""
        names = [each.text for each in self.query.clues if isinstance(each, MarkClue)]
        for rule in self.reach:
            names += [*rule.queues, *rule.controllers]
        return any(map(_is_odd, names)) or any(rule.teams for rule in self.reach)


@dataclass(frozen=True, slots=True)
class ByList:
    """Recordings that were named; the register has them one by one."""

    named: int


HoldScope = ByQuery | ByList


def _is_odd(name: str) -> bool:
    return fold_name(name) != written_name(name)


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
