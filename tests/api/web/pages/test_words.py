"""Every value that is shown has words."""

from enum import StrEnum
from typing import get_args

import pytest

from api.live import LiveState
from api.people.roles import Role
from api.web.pages.words import WORDS, words_of
from archive.direction import Direction
from archive.events import Side
from archive.fates import Fate, Reason
from archive.live import Trouble
from archive.notices import NoticesOutcome
from archive.purposes import DEFAULT_CODES

VALUES: dict[str, tuple[str, ...]] = {
    "direction": get_args(Direction),
    "side": get_args(Side),
    "live_state": get_args(LiveState),
    "trouble": tuple(Trouble),
    "notice": tuple(each for one in get_args(NoticesOutcome) for each in get_args(one)),
    "fate": tuple(Fate),
    "reason": tuple(each for each in Reason if each),
    "role": tuple(Role),
    "purpose": tuple(DEFAULT_CODES),
}


@pytest.mark.parametrize("kind", VALUES)
def test_a_kind_has_words_for_each_value_that_there_is(kind: str) -> None:
    """A code on a page is English on a Japanese one, and jargon on any."""
    assert {str(each.value if isinstance(each, StrEnum) else each) for each in VALUES[kind]} <= set(
        WORDS[kind]
    )


def test_a_value_of_a_later_version_is_shown_as_it_is() -> None:
    """Better than no page."""
    assert words_of("direction", "sideways") == "sideways"
