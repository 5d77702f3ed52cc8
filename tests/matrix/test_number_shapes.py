"""The shape of numbers is right or says nothing, but where it cannot know; the page counts it."""

from pathlib import Path

import pytest

from tests.matrix.number_shapes import counted, judged, markdown, pairs

PAGE = Path(__file__).parents[2] / "docs/matrix.md"
# A full number of ours beside an extension of a house that is not: nothing in it tells.
UNKNOWABLE = ("an extension of another house", "a direct number")


def test_no_number_that_everybody_may_dial_is_taken_for_ours() -> None:
    """Each pair of the corpus, in the session of one client."""
    told = {
        (kind, outside, own_kind, own): judged("cisco_cube", outside, own)
        for kind, outside, own_kind, own in pairs()
    }
    wrong = [pair for pair, verdict in told.items() if verdict == "wrong"]

    assert {(kind, own_kind) for kind, _, own_kind, _ in wrong} <= {UNKNOWABLE}
    assert [
        pair
        for pair, verdict in told.items()
        if pair[0].startswith("a full") and pair[2] == "an extension" and verdict != "right"
    ] == []


@pytest.mark.slow
def test_the_page_counts_every_clients_session_with_each_pair() -> None:
    """Three thousand sessions."""
    assert markdown(counted()) in PAGE.read_text("utf-8")
