"""Rules in plain sentences."""

import pytest

from api.words.rule_words import RuleSpeaker
from api.words.texts import in_english
from retention.rules.conditions import AttributeKind
from retention.rules.match import Match
from retention.rules.period import Period
from retention.rules.rule import Asset, Basis, Counting, Rank, RetentionRule
from rokuon.messages.i18n import words_in
from tests.retention.examples import rule, terms

ENGLISH, JAPANESE = RuleSpeaker(in_english, "en"), RuleSpeaker(words_in, "ja")
LAW = RetentionRule(
    id="law",
    terms={Asset.AUDIO: terms("P10Y")},
    rank=Rank.LAW,
    match=Match(
        {
            AttributeKind.TAG: frozenset({"loan", "lease"}),
            AttributeKind.QUEUE: frozenset({"support"}),
        },
        {AttributeKind.TEAM: frozenset({"trial"})},
    ),
    counting=Counting(begins="contract_end", counted_from="fiscal_year"),
    basis=Basis(citation="貸金業法 19条", source="https://example.jp/"),
)


def test_a_rule_says_about_what_how_long_from_when_and_why() -> None:
    """Who answers for it reads no TOML."""
    told = ENGLISH.rule(LAW)

    assert told.about == "tag lease or loan, and queue support, but not team trial"
    assert told.terms == ("Audio: kept for 10 years at least",)
    assert told.counted == (
        "from the day on which the contract ends,"
        " counted from the first day of the next fiscal year"
    )
    assert (told.rank, told.citation, told.source) == (
        "by law", "貸金業法 19条", "https://example.jp/",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("at_least", "after", "said"),
    [
        ("P1Y", "", "kept for 1 year at least"),
        ("", "P90D", "goes after 90 days"),
        ("P1Y6M", "P2Y1D", "kept for 1 year 6 months at least, goes after 2 years 1 day"),
        ("", "never", "never has to go"),
        ("P1M", "never", "kept for 1 month at least, never has to go"),
        ("", "P0D", "goes after 0 days"),
    ],
)
def test_periods_are_said_as_people_say_them(at_least: str, after: str, said: str) -> None:
    """One year is no years."""
    assert ENGLISH.rule(rule("a", at_least=at_least, after=after)).terms == (f"Audio: {said}",)


def test_without_a_period_nothing_is_counted_and_without_a_match_all_is_meant() -> None:
    """Nothing is said that says nothing."""
    told = ENGLISH.rule(rule("default", after="never"))

    assert (told.about, told.counted, told.citation) == ("every recording", "", "")


def test_each_thing_that_a_rule_is_about_has_its_line() -> None:
    """And an event of any name."""
    own = RetentionRule(
        id="a",
        terms={each: terms(after="P1Y") for each in Asset},
        counting=Counting(begins="event:warranty", counted_from="next_month"),
        match=Match({}, {AttributeKind.TAG: frozenset({"x"})}),
    )
    told = ENGLISH.rule(own)

    assert [line.partition(":")[0] for line in told.terms] == [
        "Audio", "What is told of the call", "Texts of the journal",
        "Ledger of calls without a recording",
    ]  # fmt: skip
    assert told.counted.startswith("from the day on which warranty happens")
    assert told.about == "every recording, but not tag x"


def test_a_rule_is_told_in_japanese() -> None:
    """With no word of English but its values."""
    told = JAPANESE.rule(LAW)

    assert JAPANESE.period(Period(months=18, days=1)) == "1 年 6 か月 1 日"
    assert "10 年" in told.terms[0]
    assert not told.counted.isascii()
    assert "but not" not in told.about
