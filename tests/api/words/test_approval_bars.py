"""Why two count as one, in words."""

from typing import get_args

import pytest

from api.words.approval_bars import BARS, text_of
from api.words.texts import in_english
from archive.access.lineage import ROOT, Bar, Why
from tests.archive.catalog.examples import NOW_US

NAMES = {1: "admin", 2: "sato", 3: "mori"}


@pytest.mark.parametrize("why", get_args(Why))
def test_each_reason_has_words_that_name_who_when_and_what_to_do(why: Why) -> None:
    """Whoever reads it knows whom to ask."""
    bar = Bar(why=why, until_us=NOW_US, users=(2, 3), maker=1)
    told = text_of(bar, NAMES).told(in_english, "en")

    assert "{" not in told
    assert ("rokuon user confirm mori" in told) is (why not in ("same", "login"))
    assert ("UTC" in told) is (why in ("one_maker", "let_in", "reset"))


def test_who_is_nobody_is_root() -> None:
    """And what is never over by itself has no time."""
    told = text_of(Bar(why="reset", users=(2,), maker=ROOT), NAMES).told(in_english, "en")

    assert "of sato was reset by root" in told
    assert set(BARS) == set(get_args(Why))
