"""A policy is read from what people write, with every fault at once."""

import re
from fractions import Fraction

import pytest

from retention.policies.policy_file import MAX_BYTES, read_policy
from retention.rules.conditions import AttributeKind
from retention.rules.errors import PolicyRefused
from retention.rules.period import Period
from retention.rules.policy_flaws import PolicyFault, PolicyFlaw
from retention.rules.rule import Asset, Never, Rank
from tests import ROOT

PAGE = ROOT / "docs/retention.md"
HEAD = 'form = 1\nzone = "Asia/Tokyo"\n'


def faults_of(text: str) -> tuple[PolicyFault, ...]:
    """What is said of a text."""
    with pytest.raises(PolicyRefused) as refused:
        read_policy(text)
    return refused.value.faults


def test_the_page_s_own_policy_is_read_as_the_page_says() -> None:
    """What a newcomer copies works."""
    [example] = re.findall(r"```toml\n(.+?)```", PAGE.read_text("utf-8"), re.DOTALL)

    own = read_policy(example)

    by_law = own.rule("kashikin-19")
    assert by_law is not None
    assert by_law.rank is Rank.LAW
    assert by_law.counting.begins == "contract_end"
    assert by_law.match.fits == {AttributeKind.TAG: frozenset({"loan"})}
    assert by_law.terms_of(Asset.AUDIO).keep_at_least == Period(months=120)
    default = own.rule("default")
    assert default is not None
    assert default.terms_of(Asset.AUDIO).delete_after is Never.NEVER
    assert own.limits.share_per_day == Fraction(2, 100)
    assert own.calendars.of("Acme").zone.key == "Europe/Berlin"


def test_every_fault_is_told_at_once() -> None:
    """Each with its rule and its key."""
    faults = faults_of(
        HEAD
        + """
[zones]
acme = "Mars/Olympus"
[[rule]]
id = "a"
begins = "birthday"
[rule.match]
colour = ["red"]
queue = "support"
number = ["9-1"]
[rule.audio]
delete_after = "P1W"
[[rule]]
id = "b"
[[rule]]
id = "c"
rank = "law"
[rule.audio]
delete_after = "never"
[[rule]]
id = "d"
colour = "red"
"""
    )

    assert [(each.place.rule, each.place.key, each.flaw, each.line) for each in faults] == [
        ("a", "match.colour", PolicyFlaw.KIND, 10),
        ("a", "match.queue", PolicyFlaw.NOT_TEXTS, 11),
        ("a", "match.number", PolicyFlaw.NUMBER, 12),
        ("a", "audio.delete_after", PolicyFlaw.PERIOD, 14),
        ("a", "begins", PolicyFlaw.BEGINNING, 8),
        ("b", "", PolicyFlaw.NOTHING_SAID, 15),
        ("c", "audio.delete_after", PolicyFlaw.NEVER, 21),
        ("#4", "colour", PolicyFlaw.UNKNOWN_KEY, 24),
        ("", "zones.acme", PolicyFlaw.ZONE, 5),
    ]


@pytest.mark.parametrize(
    ("text", "flaw", "line"),
    [
        ("form = ", PolicyFlaw.CUT_SHORT, 0),
        ('form = 1\nzone = "UTC"\n[a]\n[a]\nb = 1', PolicyFlaw.NOT_TOML, 4),
        ('zone = "UTC"', PolicyFlaw.MISSING, 0),
        ('form = 2\nzone = "UTC"', PolicyFlaw.FORM, 1),
        ('form = 1\nzone = "Nowhere"', PolicyFlaw.ZONE, 2),
        ("#" * (MAX_BYTES + 1), PolicyFlaw.TOO_LONG, 0),
    ],
)
def test_what_is_no_policy_is_refused_with_its_line(text: str, flaw: PolicyFlaw, line: int) -> None:
    """Never half a policy."""
    [fault] = faults_of(text)

    assert (fault.flaw, fault.line) == (flaw, line)


def test_metadata_does_not_go_before_the_audio() -> None:
    """An index that knows nothing of a sealed file makes it unfindable, not gone."""
    [fault] = faults_of(
        HEAD
        + '[[rule]]\nid = "a"\n[rule.audio]\ndelete_after = "P2Y"\n'
        + '[rule.metadata]\ndelete_after = "P1Y"\n'
    )

    assert (fault.flaw, fault.place.key) == (PolicyFlaw.METADATA_FIRST, "metadata.delete_after")


@pytest.mark.parametrize(
    "further",
    [
        '[rule.match]\nqueue = ["support"]\n',
        'begins = "contract_end"\n',
        "whole_conversation = true\n",
    ],
)
def test_texts_of_the_journal_and_calls_of_the_ledger_are_of_all(further: str) -> None:
    """Most entries are about no recording, and of a call without one little is known.

    A rule about some would silently be about none.
    """
    own = '[[rule]]\nid = "a"\n'
    flaws = {"journal": PolicyFlaw.JOURNAL_OF_SOME, "ledger": PolicyFlaw.LEDGER_OF_SOME}
    for asset, flaw in flaws.items():
        terms = f'[rule.{asset}]\ndelete_after = "P2Y"\n'
        [fault] = faults_of(HEAD + own + further + terms)

        assert (fault.flaw, fault.place.key) == (flaw, asset)
        assert read_policy(HEAD + own + terms)


def test_the_name_of_an_event_is_folded() -> None:
    """A recording's key of it is a tag, and tags are compared folded."""
    own = read_policy(
        HEAD + '[[rule]]\nid = "a"\nbegins = "event:Warranty"\n[rule.audio]\ndelete_after = "P1Y"\n'
    )

    assert own.rules[0].counting.begins == "event:warranty"


def test_values_are_folded_and_numbers_are_not() -> None:
    """As the recordings' own are."""
    own = read_policy(
        HEAD
        + '[[rule]]\nid = "a"\n[rule.match]\nqueue = [" Support "]\nnumber = ["+8131*"]\n'
        + '[rule.match.not]\ntag = ["VIP"]\n[rule.audio]\ndelete_after = "P1Y"\n'
    )

    match = own.rules[0].match
    assert match.fits == {
        AttributeKind.QUEUE: frozenset({"support"}),
        AttributeKind.NUMBER: frozenset({"+8131*"}),
    }
    assert match.excludes == {AttributeKind.TAG: frozenset({"vip"})}
    assert own.rules[0].specificity == 3
