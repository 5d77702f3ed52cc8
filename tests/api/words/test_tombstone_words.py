"""How many destroyed recordings a search has."""

from api.words.tombstone_words import told_count
from archive.lifecycle.tombstone import MAX_TOMBSTONES


def test_where_a_search_stopped_counting_it_says_so() -> None:
    """A thousand is not "1000 recordings" when there may be a million."""
    assert [told_count(count) for count in (0, MAX_TOMBSTONES - 1, MAX_TOMBSTONES)] == [
        "0", "999", "1,000+",
    ]  # fmt: skip
