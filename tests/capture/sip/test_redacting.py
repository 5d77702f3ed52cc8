"""Secrets in a message are masked, byte for byte; the rest is as it came."""

import pytest

from capture.sip.redacting import redacted

HEAD = b"INVITE sip:a@b SIP/2.0\r\nCSeq: 1 INVITE\r\n"


def message(*headers: bytes, body: bytes = b"", method: bytes = b"INVITE") -> bytes:
    lines = [method + b" sip:a@b SIP/2.0", b"CSeq: 1 " + method, *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("body", "masked"),
    [
        (b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:QUFBQUFB|2^20|1:4 WSH=64\r\n", [b"QUFBQUFB"]),
        (b"a=crypto:1 X inline:QUFB|1:1;inline:QkJC|2:1\r\n", [b"QUFB", b"QkJC"]),
        (b"k=base64:c2VjcmV0\r\na=label:1\r\n", [b"base64:c2VjcmV0"]),
        (b"a=key-mgmt:mikey AQAFgM0X\r\n", [b"mikey AQAFgM0X"]),
        (b'<kpml-response digits="1234" code="200"/>', [b"1234"]),
    ],
)
def test_a_key_in_a_body_is_masked(body: bytes, masked: list[bytes]) -> None:
    """Whatever stands around it stays, so that the ladder still shows what was offered."""
    wanted = body
    for secret in masked:
        wanted = wanted.replace(secret, b"*" * len(secret))

    assert redacted(message(body=body)) == message(body=wanted)


def test_a_digest_is_masked_and_who_it_is_of_is_not() -> None:
    """RFC 7616 §3.4: what a guesser would try passwords against."""
    sent = message(
        b'Authorization: Digest username="pbx", realm="rokuon", nonce="n", uri="sip:a",'
        b' response="6629fae49393a05397450978507c4ef1", cnonce="0a4f113b", qop=auth'
    )
    kept = redacted(sent)

    assert len(kept) == len(sent)
    assert b"6629" not in kept
    assert b"0a4f113b" not in kept
    assert b'username="pbx"' in kept
    assert b"qop=auth" in kept


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"Signal=5\r\nDuration=160\r\n", b"Signal=*\r\nDuration=160\r\n"),
        (b"Signal= #\r\nDuration= 160\r\n", b"Signal= *\r\nDuration= 160\r\n"),
        (b"7", b"*"),
    ],
)
def test_what_is_keyed_is_masked(body: bytes, kept: bytes) -> None:
    """A digit may be one of a card's number."""
    assert redacted(message(method=b"INFO", body=body)) == message(method=b"INFO", body=kept)
    answer = b"SIP/2.0 200 OK\r\nCSeq: 7 INFO\r\n\r\n"
    assert redacted(answer + body) == answer + kept


def test_what_has_no_secret_is_as_it_was() -> None:
    """Also what is no message at all."""
    for data in (b"", b"\r\n\r\n", HEAD, message(b"X-Response: 5", body=b"v=0\r\no=- 1 2\r\n")):
        assert redacted(data) == data


def test_masking_is_linear() -> None:
    """A hostile message costs no more than its length."""
    for piece in (b"response = ", b"inline:", b"Signal ", b"k=", b"digits ", b"CSeq: 1 "):
        flood = message(body=piece * (60_000 // len(piece)))
        assert len(redacted(flood)) == len(flood)
