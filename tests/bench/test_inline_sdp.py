"""Tests of what parties say of themselves and read of the other side."""

import base64

import pytest

from bench.inline_sdp import KEY_BYTES, SUITES, SdpUnusable, Told, parties, told_by

KEYS = (bytes(range(KEY_BYTES)), bytes(reversed(range(KEY_BYTES))))


def test_a_party_without_a_key_speaks_rtp() -> None:
    """The same address for both, if need be."""
    caller, callee = parties([4_000, 4_000], (b"", b""))

    assert b"m=audio 4000 RTP/AVP 0\r\n" in caller.describe()
    assert b"crypto" not in callee.describe()
    assert told_by(callee.describe(), b"") == Told(host="127.0.0.1", port=4_000)


def test_the_two_parties_have_suites_of_their_own() -> None:
    """Else a relay may hand a key from one to the other and encrypt nothing."""
    caller, callee = parties([4_000, 4_002], KEYS)

    assert (caller.suite, callee.suite) == SUITES
    assert told_by(caller.describe(), SUITES[0]).key == KEYS[0]
    with pytest.raises(SdpUnusable):
        told_by(caller.describe(), SUITES[1])


def test_an_answer_has_the_tag_of_the_line_that_it_takes() -> None:
    """RFC 4568 §5.1.2: of many lines, the one of the suite."""
    lines = b"".join(
        b"a=crypto:%d %b inline:%b\r\n" % (tag, suite, base64.b64encode(KEYS[0]))
        for tag, suite in ((3, b"F8_128_HMAC_SHA1_80"), (8, SUITES[1]))
    )
    _, callee = parties([4_000, 4_002], KEYS)
    told = told_by(b"v=0\r\nc=IN IP4 127.0.0.9\r\nm=audio 9 RTP/SAVP 0\r\n" + lines, callee.suite)

    assert told == Told(host="127.0.0.9", port=9, tag=8, key=KEYS[0])
    assert b"a=crypto:8 " + SUITES[1] in callee.describe(told.tag)
