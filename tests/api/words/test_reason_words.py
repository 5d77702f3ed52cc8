"""A sentence for each reason, in both languages."""

import re
from dataclasses import replace
from typing import get_args

import pytest

from api.words.reason_words import EVENTS, KINDS, ReasonSpeaker, because_of, changes_of
from retention.decisions.bounds import Bound, Unknown
from retention.decisions.decision import (
    Erasure,
    Frozen,
    GoesBy,
    Hold,
    KeptBy,
    NoEnd,
    Problem,
    Reason,
)
from retention.decisions.recording_judgement import Judgement, judge_all
from retention.rules.conditions import BEGINNINGS, AttributeKind
from retention.rules.deadline import FOREVER
from retention.rules.rule import Basis
from rokuon.messages.i18n import LANGUAGES, words_in
from tests.api.retained import retained, revision
from tests.retention.examples import CALLED, rule

RULES = (
    rule("ten", at_least="P10Y", after="P10Y", begins="contract_end"),
    rule("warranty", after="P1Y", begins="event:warranty"),
    rule("never", after="never"),
    replace(rule("law", at_least="P1Y"), basis=Basis(citation="貸金業法 19条")),
)
# Every way in which a kind of reason is told.
REASONS: dict[str, Reason] = {
    **{f"unknown {kind}": Unknown("law", kind) for kind in AttributeKind},
    **{f"unknown {event}": Unknown("law", event) for event in (*BEGINNINGS, "event:warranty")},
    "problem": Problem("the clock"),
    "hold": Hold("H-1", "M-1"),
    "hold that was released": Hold("H-2", "M-1", CALLED),
    "frozen": Frozen("D-1"),
    "granted": Erasure("D-2", "granted", CALLED),
    "court": Erasure("D-3", "court", CALLED),
    "kept until": KeptBy(Bound(CALLED, ("law",))),
    "kept from an event": KeptBy(Bound(FOREVER, ("ten",))),
    "kept for good": KeptBy(Bound(FOREVER, ("never",))),
    "kept with the audio": KeptBy(Bound(FOREVER, ())),
    "goes after": GoesBy(Bound(CALLED, ("law", "never"))),
    "goes after an event": GoesBy(Bound(FOREVER, ("warranty",))),
    "goes never": GoesBy(Bound(FOREVER, ("never",))),
    "no end": NoEnd(),
}


def speaker(language: str) -> ReasonSpeaker:
    judgement = judged()
    return ReasonSpeaker(judgement, judgement.audio, words_in, language)


def judged() -> Judgement:
    """One that knows the rules."""
    (found,) = judge_all([retained()], (revision(7, *RULES),), CALLED, {})
    return found


def test_no_reason_of_the_evaluator_is_left_out() -> None:
    """One that is added is red here until it has its sentences."""
    assert {type(each) for each in REASONS.values()} == set(get_args(Reason))
    assert set(KINDS) == set(AttributeKind)
    assert set(EVENTS) == set(BEGINNINGS)


@pytest.mark.parametrize("name", REASONS)
def test_each_reason_and_what_would_change_it_is_a_sentence_of_each_language(name: str) -> None:
    """Nothing is left unfilled, and nothing of it is English where Japanese is read."""
    reason = REASONS[name]
    for tell in (because_of, changes_of):
        english, japanese = (tell(speaker(language), reason) for language in LANGUAGES)
        assert english.endswith(".")
        assert japanese.endswith("。")
        assert re.search(r"[{}]|  ", english + japanese) is None
        assert re.search("[a-z]{3,} [a-z]{2,} [a-z]{2,}", japanese) is None


def test_a_bound_names_its_rules_their_basis_and_the_last_day() -> None:
    """What somebody looks up in the policy, and in the law."""
    told = because_of(speaker("en"), REASONS["goes after"])

    assert (
        told == "By rule law (貸金業法 19条), rule never it must go after 2026-04-01 (Asia/Tokyo)."
    )


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("kept from an event", "It is judged anew when the contract ends."),
        ("goes after an event", "It is judged anew when warranty happens."),
        ("hold", "It is judged anew when hold H-1 is released."),
        (
            "hold that was released",
            "It is judged anew when the time of grace of hold H-2 is over.",
        ),
        ("no end", "It goes when a revision that is for it says when."),
    ],
)
def test_what_would_change_it_is_what_somebody_can_wait_for_or_do(name: str, told: str) -> None:
    """The question after the answer."""
    assert changes_of(speaker("en"), REASONS[name]) == told
