"""What is on a page of a ranking."""

import numpy as np

from api.locate.question import MAX_LOST
from api.locate.ranked_page import likeliest


def test_the_likeliest_of_very_many_lost_calls_are_among_those_that_are_looked_at() -> None:
    """Of those that are equally likely the first, as a whole sort has them."""
    chances = np.round(np.random.default_rng(7).random(5_000) ** 9, 2)
    wanted = sorted(range(len(chances)), key=lambda at: (-chances[at], at))[:MAX_LOST]

    found = likeliest(chances)

    assert sorted(found, key=lambda at: (-chances[at], at))[:MAX_LOST] == wanted
    assert len(found) <= 2 * MAX_LOST


def test_a_lost_call_without_a_chance_is_on_no_page() -> None:
    assert likeliest(np.array([0.0, 0.2, 0.0])) == [1]
    assert likeliest(np.zeros(50)) == []
    assert likeliest(np.empty(0)) == []
