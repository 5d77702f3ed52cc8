"""What a search is answered with: a page of a list, or a ranking.

Knows nothing of how either is found.
"""

from typing import Self

from pydantic import BaseModel

from api.locate.question import Located, LocateQuery
from api.web.calls.ranked_views import RankedView
from api.web.http.language import Reader
from api.web.http.models import FoundView
from archive.access.query import SearchQuery
from archive.catalog.search.search import SearchPage


class SearchView(BaseModel):
    """One page, newest first, behind all others those that fit by a guess (`by_guess`);
    `next_cursor` is null where there is no other.

    `destroyed`: so many recordings that began in these hours (and in the queue that is asked for)
    were destroyed; 1,000 stands for more. `unknown_direction`: so many that fit all else were left
    out of a search for a direction, since theirs is not known; told with the first page, 1,000
    stands for more. `not_read_anew`: so many of the window were never read
    for the numbers and names that their sources mention, where such a one is asked for; 10,001
    stands for more. `unrecorded`: so many calls of the window with the number or name that is asked
    for have no recording (`/ledger/search` has them); told with the first page to who may see all
    of the ledger, 1,000 stands for more.

    Where calls are ranked they are in `ranked`, and nothing is listed or counted beside it.
    """

    zone: str
    calls: list[FoundView]
    next_cursor: str | None
    destroyed: int
    not_read_anew: int
    unknown_direction: int
    unrecorded: int
    ranked: RankedView | None

    @classmethod
    def show(cls, page: SearchPage, query: SearchQuery) -> Self:
        """A page in the zone that was asked for."""
        zone = query.window.zone
        return cls(
            zone=zone.key,
            calls=[FoundView.found(each, page, zone) for each in page.found],
            next_cursor=None if page.next_cursor is None else str(page.next_cursor),
            destroyed=page.destroyed,
            not_read_anew=page.unread,
            unknown_direction=page.unknown_direction,
            unrecorded=page.unrecorded,
            ranked=None,
        )

    @classmethod
    def rank(cls, located: Located, query: LocateQuery, reader: Reader) -> Self:
        """A ranking for its reader."""
        return cls(
            zone=query.zone.key,
            calls=[],
            next_cursor=located.next_cursor or None,
            destroyed=0,
            not_read_anew=0,
            unknown_direction=0,
            unrecorded=0,
            ranked=RankedView.show(located, query, reader),
        )
