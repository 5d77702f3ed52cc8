"""An INVITE of ours that is sent anew."""

from dataclasses import replace
from ipaddress import ip_network
from typing import Any

import pytest

from capture.inline.invite_retry import MAX_TRIES
from capture.inline.routing.route import Target
from capture.recording.outputs import Complain
from capture.sip.call import OutgoingRequest
from capture.sip.message import Request
from tests.capture.inline.stage import (
    ANSWER,
    HELD,
    HOLDING,
    OFFER,
    PBX,
    ROUTE,
    SDP,
    Stage,
    from_caller,
)
from tests.support.inline.crossing import a_answers
from tests.support.inline.telling import CAROL, TO_CAROL

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

    stage.b(401, (b"WWW-Authenticate", MD5 % 2)).then("b: ACK", "a: 500 INVITE")
    assert stage.answer_to_a().value(b"reason") == b"SIP;cause=401"
    assert [each for each in stage.outputs if isinstance(each, Complain)] == [Complain("pbx")]


def test_a_stale_nonce_is_answered_anew_and_not_for_ever() -> None:
    """RFC 7616 section 3.3."""
    stage = node().calls()
    for number in range(MAX_TRIES):
        stage.b(401, (b"WWW-Authenticate", MD5 % number + b", stale=true"))
        stage.then("b: ACK", "b: INVITE")

    stage.b(401, (b"WWW-Authenticate", MD5 % 9 + b", stale=true")).then("b: ACK", "a: 500 INVITE")


def test_proxy_and_server_may_both_ask() -> None:
    """What the proxy was told stays beside what the server is told."""
    stage = node().calls().b(407, (b"Proxy-Authenticate", MD5 % 1))
    stage.b(401, (b"WWW-Authenticate", SHA)).then("b: ACK", "b: INVITE")
    again = stage.request_to_b()

    assert again.value(b"proxy-authorization")
    assert again.value(b"authorization")


def test_without_an_account_a_challenge_is_a_refusal() -> None:
    """There is nothing to answer it with, and the caller, who has no challenge, cannot either."""
    stage = Stage().calls().b(407, (b"Proxy-Authenticate", MD5 % 1))

    stage.then("b: ACK", "a: 500 INVITE")
    assert stage.answer_to_a().value(b"reason") == b"SIP;cause=407"
    assert stage.answer_to_a().value(b"proxy-authenticate") is None


def test_a_target_without_the_right_password_is_complained_of_once() -> None:
    """Not with each call; once the configuration is another one it is news again."""
    stage, refused = Stage(), (b"WWW-Authenticate", MD5 % 1)
    for cseq in range(1, 3):
        stage.a(from_caller(b"INVITE", cseq=cseq, body=OFFER)).b(401, refused)
        stage.a(from_caller(b"ACK-refusal", cseq=cseq))

    complaints = [each for each in stage.log if isinstance(each, Complain)]
    assert complaints == [Complain("pbx")]
    stage.exchange.renew(stage.switch)
    assert stage.exchange.notes.unproved == set()


def test_the_next_target_is_tried_before_the_caller_is_refused() -> None:
    """It may have the right password, or ask for none."""
    route = replace(ROUTE, to=("pbx", "carol"))
    stage = Stage(targets=(PBX, CAROL), routes=(route,)).calls()

    stage.b(401, (b"WWW-Authenticate", MD5 % 1)).then("b: ACK", "c: INVITE")


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
    stage = node().calls().b(180)
    invite = stage.request_to_b()
    stage.a(from_caller(b"CANCEL"))
    stage.b_answers(invite, 401, (b"WWW-Authenticate", MD5 % 1)).then("b: ACK")
    assert [m.method for m in stage.to_b() if isinstance(m, Request)].count(b"INVITE") == 1


# -- inside a call ------------------------------------------------------------------------------


def up(*, reloaded: bool = False, target: Target = ACCOUNT, **of_route: Any) -> Stage:
    """Both talk; the target has an account."""
    route = replace(ROUTE, notice=(), **of_route)
    return Stage(reloaded=reloaded, targets=(target,), routes=(route,)).answered()


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_change_that_crosses_is_proved_on_the_way(*, reloaded: bool) -> None:
    """Who asked for it hears of the answer alone."""
    stage = up(reloaded=reloaded).a_inside(b"INVITE", 2, body=HELD).then("b: INVITE")
    stage.b(401, (b"WWW-Authenticate", SHA)).then("b: ACK", "b: INVITE")
    assert b'username="rokuon"' in (stage.request_to_b().value(b"authorization") or b"")
    stage.b(200, body=HOLDING).then("b: ACK", "a: 200 INVITE")


def test_a_change_that_cannot_be_proved_is_refused_and_the_call_goes_on() -> None:
    """The challenge itself is none of his business that he could answer; he may ask again."""
    stage = up(target=PBX).a_inside(b"INVITE", 2, body=HELD)
    stage.b(401, (b"WWW-Authenticate", SHA)).then("b: ACK", "a: 500 INVITE")

    assert stage.relay_call().is_joined
    stage.a_inside(b"ACK", 2).a_inside(b"BYE", 3).then("a: 200 BYE", "b: BYE")


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_bye_is_proved_although_the_call_is_over(*, reloaded: bool) -> None:
    """A server that is not told bills on."""
    stage = up(reloaded=reloaded).a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")
    assert list(stage.inline.calls) == []
    stage.b(407, (b"Proxy-Authenticate", SHA)).then("b: BYE")

    assert stage.request_to_b(b"BYE").value(b"proxy-authorization")
    stage.b(200).then()


def test_an_info_is_proved_and_the_next_one_says_it_by_itself() -> None:
    """The same nonce, counted on."""
    body = b"said aside"
    stage = up().a_inside(b"INFO", 2, body=body).then("b: INFO")
    stage.b(401, (b"WWW-Authenticate", SHA)).then("b: INFO")
    assert stage.request_to_b(b"INFO").body == body
    stage.b(200).then("a: 200 INFO").a_inside(b"INFO", 3, body=body)

    assert b"nc=00000002" in (stage.request_to_b(b"INFO").value(b"authorization") or b"")


@pytest.mark.parametrize(
    ("target", "is_proved"),
    [
        (Target(name="trunk", uri="sip:192.0.2.30", user="rokuon", password=WORD), True),
        (
            Target(
                name="pbx",
                uri="sip:192.0.2.30",
                user="rokuon",
                password=WORD,
                networks=(ip_network("192.0.2.1"),),
            ),
            True,
        ),
        (ACCOUNT, False),
    ],
    ids=["by name", "by address", "another's"],
)
def test_the_callers_side_has_the_account_of_the_target_that_he_is(
    target: Target, *, is_proved: bool
) -> None:
    """A trunk that calls us by one name is called by the same."""
    stage = up(target=target, to=(target.name,)).b_inside(b"INFO", 1).then("a: INFO")
    sent = next(each for each in reversed(stage.to_a()) if isinstance(each, Request))
    a_answers(stage, sent, 401, (b"WWW-Authenticate", SHA)).then(
        "a: INFO" if is_proved else "b: 500 INFO"
    )


def test_the_notifies_of_a_refer_that_was_sent_again_are_known_by_its_last_number() -> None:
    """RFC 3515 section 2.4.6."""
    stage = up(transfer="pass")
    target = (b"Refer-To", b"<sip:carol@elsewhere.example>")
    stage.a_inside(b"REFER", 7, target).then("b: REFER")
    first = stage.request_to_b(b"REFER").cseq.number
    stage.b(401, (b"WWW-Authenticate", SHA)).then("b: REFER")
    stage.b(202).then("a: 202 REFER")
    event = (b"Event", b"refer;id=%d" % (first + 1))
    stage.b_inside(b"NOTIFY", 1, event).then("b: 200 NOTIFY", "a: NOTIFY")

    sent = next(each for each in reversed(stage.to_a()) if isinstance(each, Request))
    assert sent.value(b"event") == b"refer;id=7"


def test_a_challenge_in_a_call_does_not_call_a_newcomer_again() -> None:
    """While he is called somebody else's re-INVITE is refused."""
    carol = replace(CAROL, user="rokuon", password=WORD)
    stage = Stage(targets=(PBX, carol), routes=(replace(ROUTE, notice=()),)).answered()
    stage.b_inside(b"REFER", 1, TO_CAROL)
    invites = len([m for to, m in stage.sent() if isinstance(m, Request) and to == "c"])
    refresh = OutgoingRequest(method=b"INVITE", body=OFFER, headers=(SDP,))
    (bridged,) = stage.inline.calls
    dialog = bridged.call.caller.dialog
    assert dialog is not None
    stage._take(stage.core.send_request(dialog, refresh, stage.now_s))
    sent = next(each for each in reversed(stage.to_a()) if isinstance(each, Request))
    a_answers(stage, sent, 401, (b"WWW-Authenticate", SHA))

    assert len([m for to, m in stage.sent() if isinstance(m, Request) and to == "c"]) == invites
