"""Questions and relaxations as they are read, in both languages."""

from api.words.question_words import QUESTIONS, question_told, relaxations_told
from api.words.texts import in_english
from archive.locate.answer.question import Question
from archive.locate.answer.relaxations import Relaxation, Relaxations
from rokuon.messages.i18n import words_in


def test_every_question_is_a_sentence_in_both_languages() -> None:
    """And has no place for anything of a call."""
    assert set(QUESTIONS) == set(Question)
    for each in Question:
        assert question_told(each, in_english, "en").endswith("?")
        assert not question_told(each, words_in, "ja").isascii()
        assert "{" not in QUESTIONS[each]


def test_what_may_be_dropped_is_told_with_what_that_gives() -> None:
    """Which two exclude each other stands before it."""
    found = Relaxations(
        drops=(Relaxation(place=0, count=1), Relaxation(place=1, count=12)),
        alone=(2,),
        excluding=((0, 1),),
    )
    clues = ("queue 契約", "incoming", "7788")

    assert relaxations_told(found, clues, in_english, "en") == (
        "no call fits “7788”, whatever else is asked",
        "no call fits both “queue 契約” and “incoming”",
        "without “queue 契約”: 1 call",
        "without “incoming”: 12 calls",
    )
    assert relaxations_told(found, clues, words_in, "ja")[-1] == "「incoming」を除くと: 12 件"


def test_a_count_that_stopped_at_its_bound_is_told_as_that_or_more() -> None:
    """Five thousand is where counting ends, not how many there are."""
    found = Relaxations(drops=(Relaxation(place=0, count=5_000, is_cut=True),))

    told = [
        relaxations_told(found, ["incoming"], words, language)
        for words, language in ((in_english, "en"), (words_in, "ja"))
    ]

    assert told == [
        ("without “incoming”: 5,000 calls or more",),
        ("「incoming」を除くと: 5,000 件以上",),
    ]
