"""What the pages of recordings that must go have in common: pages of rows, each with its call.

Knows nothing of why a recording goes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Final, Generic, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Query

from api.calls.call_summaries import CallLine
from api.destruction.told_calls import CallsTold
from api.web.http.models import FoundView
from archive.catalog.search.search import SearchPage
from archive.ids import RecordingId

# So that a page is read and not scrolled.
PAGE: Final = 50
_MAX_PAGE: Final = 100_000
_BARE: Final = SearchPage(found=(), next_cursor=None)
PageNumber = Annotated[int, Query(ge=1, le=_MAX_PAGE)]
_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut(Generic[_Row]):
    """One page of rows, by its number from 1 on."""

    rows: Sequence[_Row]
    number: int
    pages: int

    @classmethod
    def of(cls, rows: Sequence[_Row], number: int) -> "Cut[_Row]":
        """The page of that number, or the last one."""
        pages = max(1, -(-len(rows) // PAGE))
        own = min(number, pages)
        return cls(rows=rows[(own - 1) * PAGE : own * PAGE], number=own, pages=pages)


def lines_of(told: CallsTold, zone: ZoneInfo) -> Mapping[RecordingId, CallLine]:
    """Of each recording that is told of the line of its call."""
    return {
        own: CallLine([FoundView.found(found, _BARE, zone).model_dump(mode="json")])
        for own, found in told.found.items()
    }
