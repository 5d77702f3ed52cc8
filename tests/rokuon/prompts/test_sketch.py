"""A sound in one line."""

import numpy as np
import pytest

from rokuon.prompts.prompt_rows import sketch


def test_loud_and_quiet_parts_are_high_and_low() -> None:
    """Who looks at it sees where it is silent."""
    parts = [np.zeros(100), np.full(100, 1_000), np.full(100, 500), np.full(100, 125)]
    samples = np.concatenate(parts).astype(np.int16)

    assert sketch(samples, 4) == " █▄▁"


def test_the_loudest_part_is_full_however_quiet_it_is() -> None:
    """The level is a number beside it."""
    assert sketch(np.full(100, 1, np.int16), 2) == "██"


@pytest.mark.parametrize("length", [0, 3, 100])
def test_silence_is_an_empty_line_of_the_same_width(length: int) -> None:
    """Also where there are fewer samples than columns."""
    assert sketch(np.zeros(length, np.int16), 5) == " " * 5
