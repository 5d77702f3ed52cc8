"""The marks of `recording.derived` cannot be taken for one another."""

from archive.catalog.tables.derived_forms import ASIDE, FORM, SOONER


def test_what_is_put_aside_comes_before_all_and_what_was_touched_before_what_is_old() -> None:
    """They are one number in one index: a range of it is what is to be done, in its order."""
    assert ASIDE < SOONER < 0 < FORM
