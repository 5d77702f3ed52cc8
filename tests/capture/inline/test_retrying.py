"""An INVITE of ours that is sent anew."""

import pytest

from capture.inline.retrying import MAX_TRIES
from capture.inline.route import Target
from capture.sip.message import Request
from tests.capture.inline.stage import ANSWER, Stage

WORD = "secret"
ACCOUNT = Target(name="pbx", uri="sip:192.0.2.30", user="rokuon", password=WORD)
MD5 = b'Digest realm="pbx", nonce="n%d", qop="auth", algorithm=MD5'
SHA = b'Digest realm="pbx", nonce="n", qop="auth", algorithm=SHA-256'


def node(*, reloaded: bool = False) -> Stage:
    """A node whose target asks for a password."""
    return Stage(reloaded=reloaded, targets=(ACCOUNT,))


@pytest.mark.parametrize(
    ("status", "asks", "gives"),
    [
        (401, b"WWW-Authenticate", b"authorization"),
        (407, b"Proxy-Authenticate", b"proxy-authorization"),
    ],
)
@pytest.mark.parametrize("reloaded", [False, True])
def test_a_challenge_is_answered_within_the_same_call(
    status: int, asks: bytes, gives: bytes, *, reloaded: bool
) -> None:
    """RFC 3261 section 22.2: same Call-ID and From, the next CSeq."""
    stage = node(reloaded=reloaded).calls()
    first = stage.request_to_b()
    stage.b(status, (asks, SHA)).then("b: ACK", "b: INVITE")
    again = stage.request_to_b()

    assert (again.call_id, again.from_address.tag) == (first.call_id, first.from_address.tag)
    assert again.cseq.number == first.cseq.number + 1
    assert b'username="rokuon"' in (again.value(gives) or b"")
    assert b"secret" not in b"".join(line.raw for line in again.lines)
    stage.b(200, body=ANSWER).then("b: ACK", "a: 200 INVITE")


def test_a_wrong_password_is_told_and_not_sent_for_ever() -> None:
    """The same realm asks again, and does not say stale."""
    stage = node().calls().b(401, (b"WWW-Authenticate", MD5 % 1))

    stage.b(401, (b"WWW-Authenticate", MD5 % 2)).then("b: ACK", "a: 401 INVITE")


def test_a_stale_nonce_is_answered_anew_and_not_for_ever() -> None:
    """RFC 7616 section 3.3."""
    stage = node().calls()
    for number in range(MAX_TRIES):
        stage.b(401, (b"WWW-Authenticate", MD5 % number + b", stale=true"))
        stage.then("b: ACK", "b: INVITE")

    stage.b(401, (b"WWW-Authenticate", MD5 % 9 + b", stale=true")).then("b: ACK", "a: 401 INVITE")


def test_proxy_and_server_may_both_ask() -> None:
    """What the proxy was told stays beside what the server is told."""
    stage = node().calls().b(407, (b"Proxy-Authenticate", MD5 % 1))
    stage.b(401, (b"WWW-Authenticate", SHA)).then("b: ACK", "b: INVITE")
    again = stage.request_to_b()

    assert again.value(b"proxy-authorization")
    assert again.value(b"authorization")


def test_without_an_account_a_challenge_is_a_refusal() -> None:
    """There is nothing to answer it with."""
    Stage().calls().b(401, (b"WWW-Authenticate", MD5 % 1)).then("b: ACK", "a: 401 INVITE")


def test_an_interval_that_is_too_small_is_lengthened() -> None:
    """RFC 4028 section 7.3: Min-SE of the refusal."""
    stage = Stage().calls().b(422, (b"Min-SE", b"3600")).then("b: ACK", "b: INVITE")
    again = stage.request_to_b()

    assert (again.value(b"session-expires"), again.value(b"min-se")) == (b"3600", b"3600")
    stage.b(200, (b"Session-Expires", b"3600;refresher=uas"), body=ANSWER)
    stage.then("b: ACK", "a: 200 INVITE")


@pytest.mark.parametrize("least", [b"", b"0", b"x", b"99999999"])
def test_an_interval_that_makes_no_sense_is_a_refusal(least: bytes) -> None:
    """Nobody is called for ever."""
    headers = ((b"Min-SE", least),) if least else ()

    Stage().calls().b(422, *headers).then("b: ACK", "a: 422 INVITE")


def test_a_caller_who_cancelled_meanwhile_is_not_called_for_again() -> None:
    """The challenge is then the end of it."""
    from tests.capture.inline.stage import from_caller

    stage = node().calls().b(180)
    invite = stage.request_to_b()
    stage.a(from_caller(b"CANCEL"))
    stage.b_answers(invite, 401, (b"WWW-Authenticate", MD5 % 1)).then("b: ACK")
    assert [m.method for m in stage.to_b() if isinstance(m, Request)].count(b"INVITE") == 1
