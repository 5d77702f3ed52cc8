"""The sentences of what is wrong with a policy."""

import re
import string

import pytest

from api.words.policy_flaw_words import SENTENCES, place_of, sentence
from api.words.texts import in_english
from retention.rules.policy_flaws import PolicyFault, PolicyFlaw, PolicyPlace, fault
from rokuon.messages.i18n import words_in


@pytest.mark.parametrize("flaw", PolicyFlaw)
def test_every_flaw_has_a_sentence_that_says_what_to_do_also_in_japanese(flaw: PolicyFlaw) -> None:
    """The reader has nothing else."""
    english = SENTENCES[flaw]
    named = {name for _, name, _, _ in string.Formatter().parse(english) if name}
    told = words_in("ja", english)

    assert re.search(r"[;,] ", english)
    assert not told.isascii()
    assert {name for _, name, _, _ in string.Formatter().parse(told) if name} == named


def test_a_sentence_names_rule_key_and_line() -> None:
    """Who mends it looks nowhere else."""
    wrong = PolicyFault(
        flaw=PolicyFlaw.PERIOD,
        place=PolicyPlace(rule="a", key="audio.delete_after"),
        values={"period": "P1H"},
        line=7,
    )

    assert sentence(wrong, in_english, "en").startswith(
        "rule a, audio.delete_after, line 7: P1H is no period; "
    )
    assert place_of(wrong, words_in, "ja") == "ルール a、audio.delete_after、7 行目"


def test_what_has_no_place_is_said_alone() -> None:
    """The whole text is meant."""
    assert sentence(fault(PolicyFlaw.CUT_SHORT), in_english, "en").startswith("the text is no TOML")
