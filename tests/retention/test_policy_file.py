"""A policy is read from what people write, with every fault at once."""

import re
from fractions import Fraction
from pathlib import Path

import pytest

from retention.attributes import Kind
from retention.errors import PolicyRefused
from retention.period import Period
from retention.policy_file import MAX_BYTES, read_policy
from retention.rule import Asset, Never, Rank

PAGE = Path(__file__).parents[2] / "docs/retention.md"
HEAD = 'form = 1\nzone = "Asia/Tokyo"\n'


def faults_of(text: str) -> tuple[str, ...]:
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
    assert by_law.match.fits == {Kind.TAG: frozenset({"loan"})}
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

    for begun in (
        "zones.acme: 'Mars/Olympus' is no zone",
        "rule 'a'.begins: 'birthday' is none of call_end",
        "rule 'a'.match.colour: is no kind; there are tag",
        "rule 'a'.match.queue: is a list of texts",
        "rule 'a'.match.number: '9-1' is no number and no range",
        "rule 'a'.audio.delete_after: 'P1W' is no period",
        "rule 'b': says nothing",
        "rule 'c'.audio: only a rule of rank policy says never",
        "rule 4: Object contains unknown field `colour`",
    ):
        assert any(each.startswith(begun) for each in faults), (begun, faults)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("form = ", "Invalid value"),
        ('zone = "UTC"', "missing required field `form`"),
        ('form = 2\nzone = "UTC"', "form: 2 is not known here"),
        ('form = 1\nzone = "Nowhere"', "zone: 'Nowhere' is no zone"),
        ("#" * (MAX_BYTES + 1), "longer than"),
    ],
)
def test_what_is_no_policy_is_refused_in_words(text: str, said: str) -> None:
    """Never half a policy."""
    assert any(said in each for each in faults_of(text))


def test_metadata_does_not_go_before_the_audio() -> None:
    """An index that knows nothing of a sealed file makes it unfindable, not gone."""
    [fault] = faults_of(
        HEAD
        + '[[rule]]\nid = "a"\n[rule.audio]\ndelete_after = "P2Y"\n'
        + '[rule.metadata]\ndelete_after = "P1Y"\n'
    )

    assert fault == "rule 'a'.metadata: delete_after is shorter than the audio's"


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
    assert match.fits == {Kind.QUEUE: frozenset({"support"}), Kind.NUMBER: frozenset({"+8131*"})}
    assert match.excludes == {Kind.TAG: frozenset({"vip"})}
    assert own.rules[0].specificity == 3
