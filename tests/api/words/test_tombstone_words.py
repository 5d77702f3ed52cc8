"""How many destroyed recordings a search has."""

from api.words.texts import in_english
from api.words.tombstone_words import lost_told, told_count
from archive.lifecycle.tombstone import MAX_TOMBSTONES


def test_where_a_search_stopped_counting_it_says_so() -> None:
    """A thousand is not "1000 recordings" when there may be a million."""
    assert [told_count(count) for count in (0, MAX_TOMBSTONES - 1, MAX_TOMBSTONES)] == [
        "0", "999", "1,000+",
    ]  # fmt: skip


def test_lost_calls_are_counted_where_not_all_are_shown() -> None:
    """Ten of thousands look like all of them."""
    some, older = lost_told(1_200, 10, is_cut=False), lost_told(4, 4, is_cut=True)

    assert some is not None
    assert older is not None
    assert some.told(in_english, "en").endswith("may be meant: 1,200; shown, the likeliest: 10.")
    assert older.told(in_english, "en").endswith("may be meant: 4+; shown, the likeliest: 4.")
    assert lost_told(4, 4, is_cut=False) is None
    assert lost_told(0, 0, is_cut=True) is None
