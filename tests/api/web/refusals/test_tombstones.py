"""What is told of what was destroyed."""

from api.web.refusals.tombstones import remains_in, told
from archive.lifecycle.tombstone import FoundTombstone, Remains

LEFT = FoundTombstone(
    row=1,
    digest=b"d" * 32,
    destroyed_us=0,
    remains=Remains(hour_us=3_600_000_000, revision=2, rules=("a", "b"), plan=3),
)
OLD = FoundTombstone(row=1, digest=b"d" * 32, destroyed_us=0, remains=Remains())


def test_a_person_and_a_program_read_the_same() -> None:
    """The day, the rules, the plan, and the command that shows its certificate."""
    assert remains_in(LEFT) == {
        "day": "1970-01-01",
        "rules": "a, b",
        "plan": "3",
        "certificate": "rokuon retention certificate show 3",
    }
    assert told(LEFT) == {
        "digest": "64" * 32,
        "destroyed_at": "1970-01-01T00:00:00+00:00",
        "hour_at": "1970-01-01T01:00:00+00:00",
        "revision": 2,
        "rules": ["a", "b"],
        "plan": 3,
        "scope": "whole",
        "facts_until": None,
    }


def test_of_audio_that_went_alone_is_told_until_when_its_facts_are_kept() -> None:
    """The call is still found by then."""
    remains = Remains(scope="audio", facts_until_us=3_600_000_000)
    left = told(FoundTombstone(row=1, digest=b"d" * 32, destroyed_us=0, remains=remains))

    assert (left["scope"], left["facts_until"]) == ("audio", "1970-01-01T01:00:00+00:00")


def test_of_an_older_tombstone_is_told_what_is_known() -> None:
    """That it is one, and since when."""
    assert remains_in(OLD) == {
        "day": "1970-01-01",
        "rules": "–",
        "plan": "–",
        "certificate": "–",
    }
