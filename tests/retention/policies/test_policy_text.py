"""A policy is written as a text that reads back as the same policy."""

from dataclasses import replace
from datetime import time
from fractions import Fraction
from zoneinfo import ZoneInfo

from hypothesis import given, strategies as st

from archive.folded_names import fold_name
from retention.policies.policy import Calendars, Limits, RetentionPolicy
from retention.policies.policy_change import lengthens
from retention.policies.policy_file import read_policy
from retention.policies.policy_text import policy_text
from retention.rules.conditions import BEGINNINGS, AttributeKind
from retention.rules.match import Match
from retention.rules.period import Period
from retention.rules.rule import Asset, Basis, Counting, Minimum, Never, Rank, RetentionRule, Terms
from tests.retention.examples import policy, rule

WORDS = (
    st.text(min_size=1, max_size=8)
    .map(fold_name)
    .filter(lambda text: text != "" and _is_text(text))
)
PERIODS = st.builds(Period, months=st.integers(0, 99), days=st.integers(0, 999))


def _is_text(text: str) -> bool:
    return text.isprintable() or "\x7f" in text


VALUES = st.dictionaries(
    st.sampled_from([each for each in AttributeKind if each is not AttributeKind.NUMBER]),
    st.frozensets(WORDS, min_size=1, max_size=3),
    max_size=3,
)
AUDIO = st.builds(Terms, keep_at_least=PERIODS, delete_after=st.none() | PERIODS)
LONGER = st.builds(Terms, keep_at_least=PERIODS)
# Of all entries, whatever else a rule may say of recordings.
OF_TEXTS = st.builds(
    RetentionRule,
    id=st.just("texts"),
    terms=st.fixed_dictionaries({Asset.JOURNAL: AUDIO}, optional={Asset.LEDGER: AUDIO}),
    counting=st.builds(Counting, counted_from=st.sampled_from(["event", "fiscal_year"])),
)
RULES = st.builds(
    RetentionRule,
    id=st.from_regex(r"[a-z][a-z0-9._-]{0,9}", fullmatch=True),
    rank=st.sampled_from(Rank),
    terms=st.fixed_dictionaries({Asset.AUDIO: AUDIO}, optional={Asset.METADATA: LONGER}),
    match=st.builds(Match, VALUES, VALUES),
    counting=st.builds(
        Counting,
        begins=st.sampled_from([*BEGINNINGS, "event:解約"]),
        counted_from=st.sampled_from(["event", "next_month", "fiscal_year"]),
    ),
    specificity=st.integers(0, 9),
    minimum=st.builds(
        Minimum, whole_conversation=st.booleans(), purposes=st.frozensets(WORDS, max_size=2)
    ),
    basis=st.builds(Basis, citation=st.text(max_size=9).filter(_is_text), source=WORDS),
)
LIMITS = st.builds(
    Limits,
    cooling_off_h=st.integers(0, 100),
    share_per_day=st.integers(0, 100_000).map(lambda share: Fraction(share, 100_000)),
    window=st.none() | st.just((time(22), time(6, 30))),
    hold_grace_days=st.integers(1, 90),
    plan_at=st.none() | st.just(time(1, 30)),
)


@given(st.lists(RULES | OF_TEXTS, max_size=4, unique_by=lambda each: each.id), LIMITS)
def test_what_is_written_reads_back(rules: list[RetentionRule], limits: Limits) -> None:
    """Export and import are the same thing, whatever people call their queues."""
    own = RetentionPolicy(
        rules=tuple(sorted(rules, key=lambda each: each.id)),
        calendars=Calendars(zone=ZoneInfo("Asia/Tokyo"), of_controllers={"a.b": ZoneInfo("UTC")}),
        limits=limits,
    )

    assert read_policy(policy_text(own)) == own


def test_the_order_of_rules_is_not_in_the_text() -> None:
    """The same policy has the same digest."""
    one, other = rule("a", after="P1Y"), rule("b", after="never")

    assert policy_text(policy(one, other)) == policy_text(policy(other, one))


def test_another_policy_is_another_text() -> None:
    """A digest of it approves that and nothing else."""
    own = policy(rule("a", after="P1Y"))
    other = replace(own, limits=Limits(cooling_off_h=0))

    assert policy_text(own) != policy_text(other)
    assert policy_text(own) != policy_text(policy(rule("a", after="P2Y")))
    assert Never.NEVER not in policy_text(own)


def test_each_controller_may_count_by_its_own_law() -> None:
    """What a German one's maximum says must not end later than the BGB lets it."""
    text = policy_text(policy())
    german = read_policy(text.replace("fiscal", '"reckoning" = "bgb"\nfiscal', 1))
    of_one = read_policy(f'{text}[reckonings]\n"ＡＣＭＥ" = "bgb"\n')

    assert german.calendars.of("").reckoning == "bgb"
    assert of_one.calendars.of("acme").reckoning == "bgb"
    assert of_one.calendars.of("other").reckoning == "minpo"
    assert read_policy(policy_text(of_one)) == of_one
    assert read_policy(policy_text(german)) == german
    assert not lengthens(policy(), german)
