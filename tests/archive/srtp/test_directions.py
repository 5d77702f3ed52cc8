"""Which packet fits a key, and under which index."""

import pytest

from archive.srtp.directions import MAX_ROLLOVERS, Direction, header_bytes
from archive.srtp.suites import SUITES
from tests.archive.srtp.sender import rtp, secure
from tests.support.srtp_opening import master


@pytest.mark.parametrize("name", SUITES)
def test_a_fit_says_where_the_content_lies(name: str) -> None:
    """Behind header, CSRCs and extension, before identifier and tag."""
    key = master(name, mki=b"\1")
    plain = bytes([0x92]) + rtp(7)[1:12] + b"ABCDEFGH" + b"\xbe\xde\0\x01wxyz" + b"voice"
    found = Direction.derived(key).fit(secure(plain, key, 3))

    assert found is not None
    assert (found.index, found.ssrc) == (3 * 65_536 + 7, 0xDEAD)
    assert (found.start, found.stop) == (28, 33)
    assert header_bytes(plain) == 28


def test_an_index_is_sought_as_far_as_a_day_of_speech_goes() -> None:
    """Beyond that nobody looks: each try costs."""
    key = master()

    assert Direction.derived(key).fit(secure(rtp(1), key, MAX_ROLLOVERS - 1)) is not None
    assert Direction.derived(key).fit(secure(rtp(1), key, MAX_ROLLOVERS)) is None


def test_what_did_not_fit_is_not_remembered() -> None:
    """A forgery must not move the counter of the true sender."""
    key = master()
    direction = Direction.derived(key)
    assert direction.fit(secure(rtp(1), master(seed=9), 50)) is None

    found = direction.fit(secure(rtp(2), key, 0))
    assert found is not None
    assert found.index == 2
