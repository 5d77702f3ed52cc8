"""The reason that a browser keeps for one call."""

import pytest

from api.web.pages.calls.call_visit import GLASS_KEPT_S, open_reason, seal_reason
from archive.ids import ConversationId
from tests.archive.catalog.examples import NOW_US

CALL = ConversationId(bytes(15) + b"\x01")
OTHER = ConversationId(bytes(15) + b"\x02")


@pytest.mark.parametrize("reason", ["x", "警察からの照会 12/3", '";,= '])
def test_a_reason_comes_back_as_it_was_given(reason: str) -> None:
    """A cookie takes few characters; people write all of them."""
    kept = seal_reason(reason, "key", CALL, NOW_US)

    assert kept.isascii()
    assert not set(kept) & set(' ",;\\')
    assert open_reason(kept, "key", CALL, NOW_US) == reason


def test_a_reason_is_of_one_session_and_one_call() -> None:
    """Each use stands in the journal as its person's own word for this call."""
    kept = seal_reason("x", "key", CALL, NOW_US)

    assert open_reason(kept, "other", CALL, NOW_US) == ""
    assert open_reason(kept, "key", OTHER, NOW_US) == ""


def test_a_reason_ends_whatever_the_browser_keeps() -> None:
    """The end of a cookie is the browser's word alone; one that was copied would break on."""
    kept, end_us = seal_reason("x", "key", CALL, NOW_US), NOW_US + GLASS_KEPT_S * 1_000_000
    longer = kept.replace(str(end_us), str(end_us + 1))

    assert open_reason(kept, "key", CALL, end_us - 1) == "x"
    assert open_reason(kept, "key", CALL, end_us) == ""
    assert longer != kept
    assert open_reason(longer, "key", CALL, NOW_US) == ""


@pytest.mark.parametrize(
    "kept", ["", ".", "..", "eA==.1.00", "é.é", "eA==", "eA==.00", "x" * 9_000]
)
def test_what_is_none_opens_nothing(kept: str) -> None:
    """Browsers send what anybody has put into them."""
    assert open_reason(kept, "key", CALL, NOW_US) == ""
    assert open_reason(seal_reason("x", "", CALL, NOW_US), "", CALL, NOW_US) == ""
