"""The reason that a browser keeps for one call."""

import pytest

from api.web.pages.glass import opened, sealed
from archive.ids import ConversationId

CALL = ConversationId(bytes(15) + b"\x01")
OTHER = ConversationId(bytes(15) + b"\x02")


@pytest.mark.parametrize("reason", ["x", "警察からの照会 12/3", '";,= '])
def test_a_reason_comes_back_as_it_was_given(reason: str) -> None:
    """A cookie takes few characters; people write all of them."""
    kept = sealed(reason, "key", CALL)

    assert kept.isascii()
    assert not set(kept) & set(' ",;\\')
    assert opened(kept, "key", CALL) == reason


def test_a_reason_is_of_one_session_and_one_call() -> None:
    """Each use stands in the journal as its person's own word for this call."""
    kept = sealed("x", "key", CALL)

    assert opened(kept, "other", CALL) == ""
    assert opened(kept, "key", OTHER) == ""


@pytest.mark.parametrize("kept", ["", ".", "é.é", "eA==", "eA==.00", "x" * 9_000])
def test_what_is_none_opens_nothing(kept: str) -> None:
    """Browsers send what anybody has put into them."""
    assert opened(kept, "key", CALL) == ""
    assert opened(sealed("x", "", CALL), "", CALL) == ""
