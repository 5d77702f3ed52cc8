"""Secrets in a message are masked, byte for byte; the rest is as it came."""

from dataclasses import replace

import pytest

from capture.sip.redaction import redacted
from tests.vendors.mutations import mutated
from tests.vendors.script import read, seeded, wire

HEAD = b"INVITE sip:a@b SIP/2.0\r\nCSeq: 1 INVITE\r\n"


def message(*headers: bytes, body: bytes = b"", method: bytes = b"INVITE") -> bytes:
    lines = [method + b" sip:a@b SIP/2.0", b"CSeq: 1 " + method, *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


@pytest.mark.parametrize(
    ("body", "masked"),
    [
        (b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:QUFBQUFB|2^20|1:4 WSH=64\r\n", [b"QUFBQUFB"]),
        (b"a=crypto:1 X inline:QUFB|1:1;inline:QkJC|2:1\r\n", [b"QUFB", b"QkJC"]),
        (b"a=crypto:1 X inline: QUFBQUFB\r\n", [b"QUFBQUFB"]),
        (b"v=0\rk=base64:c2VjcmV0\r", [b"base64:c2VjcmV0"]),
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
        (
            b"--x\r\n\r\nSignal=3\r\n--x\r\n\r\n5\r\n--x--",
            b"--x\r\n\r\nSignal=*\r\n--x\r\n\r\n*\r\n--x--",
        ),
    ],
)
def test_what_is_keyed_is_masked(body: bytes, kept: bytes) -> None:
    """A digit may be one of a card's number."""
    assert redacted(message(method=b"INFO", body=body)) == message(method=b"INFO", body=kept)
    answer = b"SIP/2.0 200 OK\r\nCSeq: 7 INFO\r\n\r\n"
    assert redacted(answer + body) == answer + kept


@pytest.mark.parametrize(
    "header", [b"Event: telephone-event;rate=1000", b"c: audio/telephone-event"]
)
def test_an_event_in_the_form_of_rtp_is_masked_whole(header: bytes) -> None:
    """Cisco sends what was keyed in a NOTIFY of its own, four bytes each."""
    kept = redacted(message(header, method=b"NOTIFY", body=b"\x05\x8a\x02\x80"))

    assert kept == message(header, method=b"NOTIFY", body=b"****")


def test_a_password_in_clear_is_masked() -> None:
    """RFC 3261 §22 forbids Basic; a client may be set to it all the same."""
    kept = redacted(message(b"Proxy-Authorization: Basic cGJ4OnNlY3JldA=="))

    assert kept == message(b"Proxy-Authorization: Basic ****************")


SECRETS = (b"QUFBQUFBQUFB", b"6629fae49393a05397450978507c4ef1", b"0a4f113b")


@pytest.mark.parametrize("seed", range(100))
def test_no_disguise_of_a_message_saves_its_secrets(seed: int) -> None:
    """Blank lines before it, lone line feeds, folds, another order: it is read, so it is masked."""
    random = seeded(seed)
    first = read("rfc7865", random).messages[0]
    key = b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:%s|2^20\r\na=label:" % SECRETS[0]
    digest = 'Authorization: Digest username="pbx", response="%s", cnonce="%s"'
    asked = digest % tuple(secret.decode() for secret in SECRETS[1:])
    secret = replace(
        first,
        headers=(*first.headers, asked),
        body=first.body.replace("a=label:", key.decode()),
    )
    sent = wire(mutated(secret, random))
    sent = random.choice((b"", b"\r\n", b"\r\n\r\n", b"\n\n")) + sent
    sent = sent.replace(*random.choice(((b"", b""), (b"\r\n\r\n", b"\n\n"), (b"\r\n", b"\n"))))
    kept = redacted(sent)

    assert len(kept) == len(sent)
    assert not [each for each in SECRETS if each in kept]


@pytest.mark.parametrize("before", [b"\r\n\r\n", b"\r\n", b"\n\n"])
def test_a_digit_behind_blank_lines_is_masked(before: bytes) -> None:
    """RFC 3261 §7.5: they are skipped in front of a message."""
    sent = before + message(method=b"INFO", body=b"Signal=5\r\n")

    assert redacted(sent) == sent.replace(b"5", b"*")


def test_what_has_no_secret_is_as_it_was() -> None:
    """Also what is no message at all."""
    for data in (b"", b"\r\n\r\n", HEAD, message(b"X-Response: 5", body=b"v=0\r\no=- 1 2\r\n")):
        assert redacted(data) == data


def test_masking_is_linear() -> None:
    """A hostile message costs no more than its length."""
    for piece in (
        b"1 ",
        b"1\r\n",
        b"\r",
        b"authorization: basic ",
        b"event:",
        b"response = ",
        b"inline:",
        b"Signal ",
        b"k=",
        b"digits ",
        b"CSeq: 1 ",
    ):
        flood = message(body=piece * (60_000 // len(piece)))
        assert len(redacted(flood)) == len(flood)
