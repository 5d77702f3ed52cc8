"""Rule packs as they are shipped, and what they make of a policy."""

import re
import tomllib
from hashlib import sha256
from pathlib import Path

import pytest

from retention.policies.policy_file import read_policy
from retention.policies.policy_text import policy_text
from retention.policies.rule_pack import RulePack
from retention.rules.rule import Asset, Rank, RetentionRule
from tests import ROOT
from tests.retention.examples import policy, rule

# Where operators look for them.
FOLDER = ROOT / "deploy/rule-packs"
FILES = sorted(FOLDER.glob("*.toml"))
PACKS = [RulePack.read(each.read_text("utf-8")) for each in FILES]
RULES = [pytest.param(each, id=each.id) for pack in PACKS for each in pack.rules]


def test_the_packs_are_there_by_their_names() -> None:
    """A pack is asked for by the name of its file."""
    assert [pack.id for pack in PACKS] == ["eu-gdpr", "jp-appi", "jp-kashikin"]
    assert [file.stem for file in FILES] == [pack.id for pack in PACKS]


@pytest.mark.parametrize("file", FILES, ids=lambda each: each.stem)
def test_each_pack_says_that_it_is_no_legal_advice(file: Path) -> None:
    """In its first line, where nobody misses it."""
    text = file.read_text("utf-8")

    assert text.startswith("# Template, not legal advice.")
    assert re.fullmatch(r"20\d\d-\d\d", tomllib.loads(text)["version"])
    assert RulePack.read(text).sha256 == sha256(file.read_bytes()).digest()


@pytest.mark.parametrize("own", RULES)
def test_each_rule_has_a_citation_with_its_source(own: RetentionRule) -> None:
    """Who answers for the policy reads it there."""
    assert own.basis.citation
    assert re.fullmatch(r"https://\S+", own.basis.source)


@pytest.mark.parametrize("pack", PACKS, ids=lambda each: each.id)
def test_the_rules_of_a_pack_begin_with_its_name(pack: RulePack) -> None:
    """No two packs take each other's place, and none a rule of the house."""
    assert all(each.id.startswith(f"{pack.id}-") for each in pack.rules)


def test_a_moneylenders_recordings_are_kept_for_ten_years_from_the_end_of_the_contract() -> None:
    """貸金業法施行規則 17条: the one that the model of periods was made for."""
    (own,) = RulePack.read((FOLDER / "jp-kashikin.toml").read_text("utf-8")).rules

    assert (own.rank, own.counting.begins) == (Rank.LAW, "contract_end")
    assert str(own.terms_of(Asset.AUDIO).keep_at_least) == "P10Y"
    assert own.terms_of(Asset.AUDIO).delete_after is None


def test_a_pack_takes_the_place_of_its_own_rules_alone() -> None:
    """A newer version replaces the older one; what the house wrote stays."""
    pack = RulePack.read((FOLDER / "jp-appi.toml").read_text("utf-8"))
    older = rule("jp-appi-22", after="P9Y")
    made = pack.into(policy(rule("default", after="never"), older))

    assert {each.id for each in made.rules} == {"default", "jp-appi-22", "jp-appi-29"}
    appi = made.rule("jp-appi-22")
    assert appi is not None
    assert str(appi.terms_of(Asset.AUDIO).delete_after) == "P1Y"
    assert pack.into(made) == made
    assert policy_text(read_policy(policy_text(made))) == policy_text(made)
