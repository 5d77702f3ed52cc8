"""What is left of a destroyed recording."""

from dataclasses import fields

from archive.lifecycle.tombstone import FoundTombstone, Remains


def test_nothing_in_a_tombstone_names_a_party() -> None:
    """It stays for ever: what is added here is kept of everybody who ever called."""
    named = {each.name for kind in (FoundTombstone, Remains) for each in fields(kind)}

    assert named == {
        "row", "digest", "destroyed_us", "remains", "call", "hour_us", "facts", "revision",
        "rules", "plan", "scope", "facts_until_us",
    }  # fmt: skip
