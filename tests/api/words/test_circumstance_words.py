"""What a circumstance of a simulation is about, in words."""

from typing import Any

import pytest

from api.words.circumstance_words import about_told
from rokuon.messages.i18n import words_in


def own(kind: str, what: str = "", *against: str) -> dict[str, Any]:
    """One as the result of a simulation has it."""
    return {"kind": kind, "rules": [], "against": list(against), "what": what}


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (own("held", "12"), "legal hold 12"),
        (own("frozen", "2026/D-41"), "case 2026/D-41"),
        (own("uncovered", "解約"), "queue 解約"),
        (own("kept_past_its_end", "", "default", "own"), "default, own"),
        (own("no_end"), ""),
        (own("unknown", "queue"), "its queue"),
        (own("unknown", "controller"), "its controller"),
        (own("unknown", "contract_end"), "when the contract ends"),
        (own("unknown", "event:moved"), "when moved happens"),
    ],
)
def test_a_circumstance_says_in_words_what_it_is_about(found: dict[str, Any], told: str) -> None:
    """A code is jargon to who answers for the policy."""
    assert about_told(found, words_in, "en") == told


def test_what_is_not_known_is_said_in_japanese() -> None:
    """Who is responsible reads no English code."""
    told = [about_told(own("unknown", what), words_in, "ja") for what in ("tag", "contract_end")]

    assert not any(each.isascii() for each in told)
