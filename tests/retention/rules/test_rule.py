"""A retention rule."""

from retention.rules.rule import Asset, Never, Terms
from tests.retention.examples import rule, terms


def test_a_rule_says_nothing_of_what_it_does_not_name() -> None:
    """One about audio leaves the journal alone."""
    own = rule("a", after="P1Y")

    assert own.terms_of(Asset.JOURNAL) == Terms()
    assert own.terms_of(Asset.AUDIO) == terms(after="P1Y")


def test_never_is_another_thing_than_nothing() -> None:
    """It wins over what is less specific; nothing said does not."""
    assert terms(after="never").delete_after is Never.NEVER
    assert terms().delete_after is None
