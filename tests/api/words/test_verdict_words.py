"""Verdicts as sentences, in both languages."""

import string

import pytest

from api.words.texts import in_english
from api.words.verdict_words import OUTCOMES, REASONS, verdict_told
from archive.locate.answer.verdict import Because, Outcome, Verdict
from rokuon.messages.i18n import words_in

VALUES = {"name": "田中 真由", "days": 3, "minutes": 75, "digits": 4, "ms": 591_000}


def test_every_outcome_and_every_reason_has_words() -> None:
    """A code on a page is jargon."""
    assert set(OUTCOMES) == set(Outcome)
    assert set(REASONS) == set(Because)


@pytest.mark.parametrize("because", Because)
def test_every_reason_is_a_sentence_in_both_languages(because: Because) -> None:
    """With all of its placeholders filled."""
    verdict = Verdict(outcome=Outcome.NEAR, because=because, values=VALUES)

    english, japanese = (
        verdict_told(verdict, words, language)
        for words, language in ((in_english, "en"), (words_in, "ja"))
    )

    assert english.startswith("nearly fits: ")
    assert japanese.startswith("ほぼ一致: ")
    assert not any(
        field for each in (english, japanese) for _, field, _, _ in string.Formatter().parse(each)
    )


@pytest.mark.parametrize(
    ("because", "values", "english", "japanese"),
    [
        (Because.DAYS_LATER, {"days": 1}, "nearly fits: 1 day later than told",
         "ほぼ一致: お話より 1 日 後"),
        (Because.CLOCK_EARLIER, {"minutes": 75}, "nearly fits: 1 h 15 min earlier than told",
         "ほぼ一致: お話より 1 時間 15 分 前"),
        (Because.ONE_DIGIT, {}, "nearly fits: one digit differs", "ほぼ一致: 1 桁が異なります"),
        (Because.LONGER, {"ms": 591_000}, "nearly fits: longer: 9:51",
         "ほぼ一致: より長い通話です(9:51)"),
    ],
)  # fmt: skip
def test_how_much_is_between_is_told_in_days_hours_and_digits(
    because: Because, values: dict[str, str | int], english: str, japanese: str
) -> None:
    """As somebody reads it aloud."""
    verdict = Verdict(outcome=Outcome.NEAR, because=because, values=values)

    assert verdict_told(verdict, in_english, "en") == english
    assert verdict_told(verdict, words_in, "ja") == japanese


def test_what_cannot_be_told_says_what_would_tell_and_nothing_before_it() -> None:
    """No verdict is no verdict."""
    verdict = Verdict(outcome=Outcome.UNKNOWN, because=Because.NUMBER_WITHHELD)

    assert verdict_told(verdict, in_english, "en") == (
        "the number was withheld; the carrier alone can tell"
    )
