"""Findings of a policy as sentences."""

import pytest

from rokuon.cli.policy_words import finding_words, policy_labels

LAW = {"kind": "kept_past_its_end", "rules": ["law", "all"], "asset": "audio", "queue": ""}


@pytest.mark.parametrize(
    ("finding", "words"),
    [
        (LAW, "audio: law keeps what all wants gone; until then it is restricted"),
        (
            {"kind": "shadowed", "rules": ["a", "b"], "asset": "", "queue": ""},
            "a never decides: b is about the same recordings and is more specific",
        ),
        (
            {"kind": "without_end", "rules": [], "asset": "", "queue": ""},
            "some recordings have no end: no rule without a match says when they go",
        ),
        (
            {"kind": "uncovered", "rules": [], "asset": "", "queue": "解約"},
            "no rule names the queue 解約",
        ),
    ],
)
def test_each_finding_is_a_sentence(finding: dict[str, object], words: str) -> None:
    """With the rules by their ids."""
    assert finding_words(finding) == words


def test_what_a_check_says_has_names() -> None:
    """Each line of it."""
    assert set(policy_labels()) == {"sha256", "care", "compared_with", "in_force_at"}
