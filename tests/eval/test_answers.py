from collections import Counter

import numpy as np
import pytest

from archive.locate.answer.question import Question
from eval.memory.answers import NOT_KNOWN, WRONG, Questions
from eval.memory.clue import Clue
from eval.memory.model import read_model
from eval.requests.drawn import prior_of
from eval.world.world import Fate, World, make_world

DRAWN = 4_000


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(300, seed=4)


@pytest.mark.parametrize("question", list(Question))
def test_what_is_said_of_a_call_is_as_likely_as_it_is_often(
    question: Question, world: World
) -> None:
    """Also of a call with two agents, and of one of which it is not kept; a fifth does not know."""
    answers = Questions(world, prior_of(world, read_model())).answers(question, "en")
    of_two = int(np.flatnonzero((world.persona2 >= 0) & (world.fate == Fate.RECORDED))[0])
    gone = int(np.flatnonzero(world.fate == Fate.DESTROYED)[0])
    dice = np.random.default_rng(3)

    for call in (0, of_two, gone):
        said = Counter(answers.tell(call, dice) for _ in range(DRAWN))
        assert said.pop(None) / DRAWN == pytest.approx(NOT_KNOWN, abs=0.03)
        for told, times in said.most_common(3):
            assert isinstance(told, Clue)
            likely = answers.likelihood(told)[call]
            assert times / DRAWN == pytest.approx(likely, abs=4 * np.sqrt(likely / DRAWN) + 1e-3)


def test_a_right_answer_is_that_of_the_call(world: World) -> None:
    """The digits of its number, as they are told from the end."""
    answers = Questions(world, prior_of(world, read_model())).answers("last_digits", "ja")
    call = int(np.flatnonzero((world.number > 0) & (world.fate == Fate.RECORDED))[0])
    right = Clue("number.last", (("last", f"{world.number[call] % 10_000:04}"),))
    said = Counter(answers.tell(call, np.random.default_rng(each)) for each in range(400))

    assert said[right] / 400 == pytest.approx((1 - NOT_KNOWN) * (1 - WRONG), abs=0.07)
    assert answers.likelihood(right)[call] > 100 * np.median(answers.likelihood(right))
