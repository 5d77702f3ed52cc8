"""Names of a policy in whichever writing; and revisions that are older than the folding."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from retention.decisions.bounds import bounds
from retention.decisions.decision import NOTHING_STANDS, Outcome, decide
from retention.policies.folded_policy import folded_policy, is_about_names
from retention.policies.policy import RetentionPolicy
from retention.policies.policy_file import read_policy, read_wish
from retention.rules.attributes import Facts, Kind
from retention.rules.rule import Asset
from tests.retention.examples import CALLED, call

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


def tagged(folded: str, written: str = "") -> Facts:
    """A recording with a tag; `written` where that is not how it is compared."""
    own = call(tag=folded)
    return replace(own, written=call(tag=written)) if written else own


def is_kept(own: RetentionPolicy, facts: Facts, now: datetime = IN_TWO_YEARS) -> bool:
    """Whether its audio is still there then."""
    decided = decide(bounds(own, facts, Asset.AUDIO), NOTHING_STANDS, now)
    return decided.outcome is not Outcome.DESTROY


@pytest.mark.parametrize("read", [read_policy, read_wish])
@pytest.mark.parametrize(
    ("rule", "folded", "written"),
    [
        ("ＬＯＡＮ", "loan", ""),
        ("loan", "loan", "ｌｏａｎ"),
        ("が", "が", ""),  # composed
        ("が", "が", "が"),  # decomposed
        ("ﾛｰﾝ", "ローン", ""),
    ],
)
def test_a_minimum_keeps_what_is_written_otherwise(
    read: Callable[[str], RetentionPolicy], rule: str, folded: str, written: str
) -> None:
    """By the latest revision, and by one that was taken over before names were folded."""
    assert is_kept(read(HEAD + ORDINARY + by_law(rule)), tagged(folded, written))


def test_an_older_revision_ends_nothing_that_it_did_not_end() -> None:
    """Two persons wanted what it says as it was compared then; more takes two persons again."""
    wide = tagged("loan", "ｌｏａｎ")

    fits = ending(']\ntag = ["LOAN"]')
    assert not is_kept(read_policy(fits), tagged("loan"))
    assert is_kept(read_policy(fits), wide)
    assert not is_kept(read_wish(fits), wide)
    without = ending('.not]\ntag = ["ＬＯＡＮ"]')
    assert not is_kept(read_policy(without), tagged("sale"))
    assert is_kept(read_policy(without), wide)
    assert is_kept(read_policy(without), tagged("loan"))
    assert is_kept(read_wish(without), tagged("loan"))


def test_an_older_minimum_lets_nothing_go_that_it_kept() -> None:
    """A `not` that excludes more now, and a more specific minimum that is shorter."""
    excluding = HEAD + ORDINARY + by_law("x").replace('tag = ["x"]', 'not.tag = ["loan"]')
    wide = tagged("loan", "ｌｏａｎ")
    assert is_kept(read_policy(excluding), wide)
    assert not is_kept(read_wish(excluding), wide)

    general = by_law("x").replace('rank = "law"\n[rule.match]\ntag = ["x"]\n', "")
    shorter = (
        '[[rule]]\nid = "short"\n[rule.match]\ntag = ["loan"]\n'
        '[rule.audio]\nkeep_at_least = "P30D"\n'
    )
    own = HEAD + ORDINARY + general + shorter
    assert is_kept(read_policy(own), wide)
    assert not is_kept(read_wish(own), wide)


def test_an_older_period_begins_with_what_it_began_with() -> None:
    """An event that is told of a key in another writing gives no end to what had none."""
    own = read_policy(ending('.not]\nqueue = ["x"]', "contract_end"))
    told = call(None, happened={"call_end": CALLED, "contract_end": CALLED})
    before = call(None, happened={"call_end": CALLED, "contract_end": None})

    assert not is_kept(own, told)
    assert is_kept(own, replace(told, written=before))


def test_what_names_nothing_says_nothing_of_folding() -> None:
    """Its text, and so its digest, stays what it was."""
    plain = read_policy(HEAD + ORDINARY)

    assert not is_about_names(plain)
    assert read_wish(HEAD + ORDINARY) == plain
    for text in (
        HEAD + '[zones]\nacme = "Europe/Berlin"\n',
        ending(']\ntag = ["a"]'),
        ending(".not]\nqueue = ['a']"),
        ending("]\nnumber = ['1']", "event:解約"),
    ):
        assert is_about_names(read_policy(text))
        assert read_wish(text).as_written is None


def test_numbers_are_not_folded() -> None:
    """They have ranges, which are read as they are."""
    own = read_policy(ending(']\nnumber = ["+81312*"]'))

    assert folded_policy(own).rules[0].match.fits == {Kind.NUMBER: frozenset({"+81312*"})}
