"""What is worth a look, as sentences."""

import pytest

from api.words.finding_words import finding_told
from api.words.texts import in_english
from retention.policies.findings import (
    AsksUnknownDirection,
    Finding,
    FitsNothing,
    KeptPastItsEnd,
    Shadowed,
    Uncovered,
    Unused,
    WithoutEnd,
    WrittenOtherwise,
)
from retention.rules.conditions import AttributeKind
from retention.rules.rule import Asset
from rokuon.messages.i18n import words_in

FOUND: list[tuple[Finding, str]] = [
    (KeptPastItsEnd("law", "own", Asset.AUDIO), "audio: law keeps what own wants gone"),
    (Shadowed("a", "b"), "a never decides: b is about the same"),
    (WithoutEnd(), "some recordings have no end"),
    (Uncovered("support"), "no rule names the queue support"),
    (FitsNothing("law", AttributeKind.TAG), "law fits no recording"),
    (AsksUnknownDirection("law"), "law asks for calls of unknown direction and fits none"),
    (Unused("law", AttributeKind.TAG, "lone"), "law names lone, which no recording has"),
    (
        WrittenOtherwise("law", AttributeKind.TAG, "ろーん", "ローン"),
        "law names ろーん; recordings have ローン",
    ),
]


@pytest.mark.parametrize(("finding", "begun"), FOUND)
def test_each_finding_is_a_sentence_in_both_languages(finding: Finding, begun: str) -> None:
    """Who writes a policy is told before it is taken over."""
    assert finding_told(finding, in_english, "en").startswith(begun)
    assert not finding_told(finding, words_in, "ja").isascii()
