"""Tags against the test cases of RFC 2202, and cut as SRTP cuts them."""

import hmac

import pytest

from archive.srtp.directions import Tagger

CASES = [
    (b"\x0b" * 20, b"Hi There", "b617318655057264e28bc0b6fb378c8ef146be00"),
    (b"Jefe", b"what do ya want for nothing?", "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
    (b"\xaa" * 80, b"Test Using Larger Than Block-Size Key - Hash Key First",
     "aa4ae5e15272d00e95705637ce8a3b55ed402112"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "content", "tag"), CASES)
def test_a_tag_is_that_of_the_standard(key: bytes, content: bytes, tag: str) -> None:
    """RFC 2202 §3, cases 1, 2 and 6; also in two pieces."""
    tagger = Tagger(key)

    assert tagger.tag(content).hex() == tag
    assert tagger.tag(content[:4], content[4:]).hex() == tag


def test_a_key_that_was_used_makes_the_next_tag_as_if_it_were_new() -> None:
    """What one packet has left in it would make every later tag wrong."""
    tagger = Tagger(b"k" * 20)

    for number in range(3):
        content = b"packet %d" % number
        assert tagger.tag(content) == hmac.digest(b"k" * 20, content, "sha1")


@pytest.mark.parametrize("length", [4, 10])
def test_a_cut_tag_proves_what_it_is_of_and_nothing_else(length: int) -> None:
    """RFC 3711 §4.2: 80 bits, or 32."""
    tagger = Tagger(b"k" * 20)
    tag = tagger.tag(b"content", b"count")[:length]

    assert tagger.proves(tag, b"content", b"count")
    assert not tagger.proves(tag, b"content", b"cound")
    assert not tagger.proves(bytes([tag[0] ^ 1]) + tag[1:], b"content", b"count")
