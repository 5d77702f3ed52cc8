"""How likely something is, as people read it."""

import math

import pytest

from api.words.likelihood_words import chance_told, score_told
from api.words.texts import in_english


@pytest.mark.parametrize(
    ("chance", "told"),
    [
        (0.0, "under 1 %"),
        (0.0099, "under 1 %"),
        (0.01, "1 %"),
        (0.5, "50 %"),
        (0.934, "93 %"),
        (0.99, "99 %"),
        (0.9999, "over 99 %"),
        (1.0, "over 99 %"),
    ],
)
def test_no_chance_is_told_as_none_or_as_sure(chance: float, told: str) -> None:
    """A caller is told of it, and it is never that."""
    assert chance_told(chance).told(in_english, "en") == told


@pytest.mark.parametrize(
    ("times", "told"),
    [
        (0.001, "no likelier than a call at random"),
        (1.9, "no likelier than a call at random"),
        (2.4, "about 2 times as likely as a call at random"),
        (96, "about 100 times as likely as a call at random"),
        (18_400, "about 20,000 times as likely as a call at random"),
        (1e300, "over a million times as likely as a call at random"),
    ],
)
def test_a_score_is_so_many_times_to_one_figure(times: float, told: str) -> None:
    """More figures would say more than anybody knows."""
    assert score_told(math.log(times)).told(in_english, "en") == told
