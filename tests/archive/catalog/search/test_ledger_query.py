"""What is asked of the ledger."""

import pytest

from archive.access.query import QueryRefused
from archive.catalog.search.ledger_query import OLDEST, LedgerCursor, LedgerQuery
from tests.support.catalog.query import october


def test_a_cursor_is_read_as_it_is_written() -> None:
    """It goes to whoever asks, and comes back."""
    cursor = LedgerCursor(1_793_263_330_000_000, b"p" * 16, 3_999)

    assert LedgerCursor.parse(str(cursor)) == cursor
    assert LedgerCursor.parse(str(OLDEST)) == OLDEST


@pytest.mark.parametrize("text", ["", "x", "日本", "AAAA", "*" * 44])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    """By its name; the window would be shown from its begin otherwise."""
    with pytest.raises(QueryRefused) as refused:
        LedgerCursor.parse(text)

    assert refused.value.field == "cursor"


@pytest.mark.parametrize("limit", [0, 501])
def test_a_page_has_up_to_500_rows(limit: int) -> None:
    """Whoever wants more goes on with the cursor."""
    with pytest.raises(QueryRefused):
        LedgerQuery(window=october(), limit=limit)
