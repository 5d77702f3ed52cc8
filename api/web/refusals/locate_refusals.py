"""Refusals of a ranking: its columns are not there yet, or its next page is of another one.

Of each kind its status, its code, which never changes, and its text. Knows nothing of requests.
"""

from collections.abc import Mapping
from typing import Final

from api.locate.column_keeper import ColumnsNotReady
from api.web.refusals.refusal_kind import RefusalKind
from api.words.texts import said
from archive.locate.answer.cursor import SearchAnew

OF_RANKINGS: Final[Mapping[type[Exception], RefusalKind]] = {
    SearchAnew: RefusalKind(
        409,
        "search_anew",
        said("The next page is of another search than this one; search anew, without the cursor."),
    ),
    ColumnsNotReady: RefusalKind(
        503,
        "columns_not_ready",
        said(
            "What calls are ranked by is being made: {made} of {months} months are there; ask again"
            " in a moment, or list calls by a window and clues that are certain."
        ),
        {"Retry-After": "10"},
    ),
}
