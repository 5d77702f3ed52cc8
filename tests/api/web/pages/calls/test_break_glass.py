"""The reason that a browser keeps for one call."""

import pytest

from api.web.pages.calls.break_glass import KEPT_S, opened, sealed
from archive.ids import ConversationId
from tests.archive.catalog.examples import NOW_US

CALL = ConversationId(bytes(15) + b"\x01")
OTHER = ConversationId(bytes(15) + b"\x02")


@pytest.mark.parametrize("reason", ["x", "警察からの照会 12/3", '";,= '])
def test_a_reason_comes_back_as_it_was_given(reason: str) -> None:
    """A cookie takes few characters; people write all of them."""
    kept = sealed(reason, "key", CALL, NOW_US)

    assert kept.isascii()
    assert not set(kept) & set(' ",;\\')
    assert opened(kept, "key", CALL, NOW_US) == reason


def test_a_reason_is_of_one_session_and_one_call() -> None:
    """Each use stands in the journal as its person's own word for this call."""
    kept = sealed("x", "key", CALL, NOW_US)

    assert opened(kept, "other", CALL, NOW_US) == ""
    assert opened(kept, "key", OTHER, NOW_US) == ""


def test_a_reason_ends_whatever_the_browser_keeps() -> None:
    """The end of a cookie is the browser's word alone; one that was copied would break on."""
    kept, end_us = sealed("x", "key", CALL, NOW_US), NOW_US + KEPT_S * 1_000_000
    longer = kept.replace(str(end_us), str(end_us + 1))

    assert opened(kept, "key", CALL, end_us - 1) == "x"
    assert opened(kept, "key", CALL, end_us) == ""
    assert longer != kept
    assert opened(longer, "key", CALL, NOW_US) == ""


@pytest.mark.parametrize(
    "kept", ["", ".", "..", "eA==.1.00", "é.é", "eA==", "eA==.00", "x" * 9_000]
)
def test_what_is_none_opens_nothing(kept: str) -> None:
    """Browsers send what anybody has put into them."""
    assert opened(kept, "key", CALL, NOW_US) == ""
    assert opened(sealed("x", "", CALL, NOW_US), "", CALL, NOW_US) == ""
