"""Names of a policy in whichever writing."""

from datetime import UTC, datetime

import pytest

from retention.decisions.bounds import bounds
from retention.decisions.decision import NOTHING_STANDS, Outcome, decide
from retention.policies.policy import RetentionPolicy
from retention.policies.policy_file import read_policy
from retention.policies.policy_text import policy_text
from retention.rules.conditions import AttributeKind, Facts
from retention.rules.rule import Asset
from tests.retention.examples import call

HEAD = 'form = 1\nzone = "Asia/Tokyo"\n'
# After the ordinary year, and long before the law's ten are over.
IN_TWO_YEARS = datetime(2028, 6, 1, tzinfo=UTC)
ORDINARY = '[[rule]]\nid = "all"\n[rule.audio]\ndelete_after = "P1Y"\n'


def by_law(tag: str) -> str:
    """Ten years of what has a tag."""
    return (
        f'[[rule]]\nid = "law"\nrank = "law"\n[rule.match]\ntag = ["{tag}"]\n'
        '[rule.audio]\nkeep_at_least = "P10Y"\n'
    )


def ending(match: str, begins: str = "call_end") -> str:
    """A maximum of some recordings."""
    return (
        f'{HEAD}[[rule]]\nid = "end"\nbegins = "{begins}"\n[rule.match{match}\n'
        '[rule.audio]\ndelete_after = "P30D"\n'
    )


def is_kept(own: RetentionPolicy, facts: Facts, now: datetime = IN_TWO_YEARS) -> bool:
    """Whether its audio is still there then."""
    decided = decide(bounds(own, facts, Asset.AUDIO), NOTHING_STANDS, now)
    return decided.outcome is not Outcome.DESTROY


@pytest.mark.parametrize(
    ("rule", "folded"),
    [
        ("ＬＯＡＮ", "loan"),
        ("loan", "loan"),
        ("が", "が"),  # composed
        ("か\u3099", "が"),  # decomposed
        ("ﾛｰﾝ", "ローン"),
    ],
)
def test_a_minimum_keeps_what_is_written_otherwise(rule: str, folded: str) -> None:
    """Recordings have their tags folded."""
    assert is_kept(read_policy(HEAD + ORDINARY + by_law(rule)), call(tag=folded))


def test_what_names_nothing_says_nothing_of_folding() -> None:
    """Its text, and so its digest, stays what it was."""
    assert "folding" not in policy_text(read_policy(HEAD + ORDINARY))
    for text in (
        HEAD + '[zones]\nacme = "Europe/Berlin"\n',
        ending(']\ntag = ["a"]'),
        ending(".not]\nqueue = ['a']"),
        ending("]\nnumber = ['1']", "event:解約"),
    ):
        assert "\nfolding = 2\n" in policy_text(read_policy(text))


def test_numbers_are_not_folded() -> None:
    """They have ranges, which are read as they are."""
    own = read_policy(ending(']\nnumber = ["+81312*"]'))

    assert own.rules[0].match.fits == {AttributeKind.NUMBER: frozenset({"+81312*"})}
