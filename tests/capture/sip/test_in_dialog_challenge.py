"""Challenges to requests of ours in a dialog are answered, not for ever, and never end it."""

import re
from itertools import count
from typing import Final, Self

import pytest

from capture.sip.build import Header
from capture.sip.credentials import Account
from capture.sip.digest import NONCE_LIFE_S, SALT_BYTES, DigestGuard, ProofVerdict
from capture.sip.in_dialog_challenge import MAX_TRIES
from capture.sip.message import Request
from capture.sip.parser import split_message
from capture.sip.user_agent import SipCore
from tests.capture.sip.calls_out import OFFER, RELIABLE, SDP, OutScene, number, phone_says

USER, WORD = "rokuon", "Circle of Life"
IN_DIALOG: Final = (b"INVITE", b"UPDATE", b"BYE", b"REFER", b"NOTIFY", b"INFO", b"OPTIONS")


class Scene(OutScene):
    """Bob's phone asks for a password, which we have under the name `pbx`."""

    guard: DigestGuard
    word = WORD

    def _new_core(self) -> SipCore:
        core = super()._new_core()
        account = Account(user=USER, password=self.word)
        core.use_accounts(lambda name: account if name == "pbx" else None)
        return core

    def refuses(self, *headers: Header, status: int = 401) -> Self:
        """He answers our last request with these challenges."""
        return self.peer(phone_says(self._request(), status, *headers, tag=b""))

    def challenges(self, *, is_stale: bool = False) -> Self:
        """He asks who we are."""
        return self.refuses(*self.guard.challenge(self.now_s, is_stale=is_stale))

    def verdict(self, at_s: float = 0.0) -> ProofVerdict:
        """What he thinks of the credentials in our last request."""
        return self.guard.check(self.last(), USER, WORD, at_s)

    def last(self) -> Request:
        """Our last request but for ACKs."""
        request = split_message(self._request())
        assert isinstance(request, Request)
        return request

    def _request(self) -> bytes:
        sent = (self.sent(-index) for index in count(1))
        return next(each for each in sent if not each.startswith((b"ACK", b"SIP/2.0")))


def nonces(realm: str = "pbx") -> DigestGuard:
    """One who asks for passwords."""
    salts = count()
    return DigestGuard(realm, b"s" * 32, lambda: next(salts).to_bytes(SALT_BYTES))


@pytest.fixture(params=[False, True], ids=["", "reloaded"])
def up(request: pytest.FixtureRequest) -> Scene:
    """A call to bob that is up, and has an account."""
    scene = Scene(reloaded=request.param)
    scene.guard = nonces()
    return scene.call(account="pbx").phone(b"b", 200)


def nc(request: Request) -> bytes:
    """How often we say that we have used the nonce."""
    found = re.search(rb"nc=([0-9a-f]{8})", request.value(b"authorization") or b"")
    return found[1] if found else b""


@pytest.mark.parametrize("method", IN_DIALOG)
def test_a_challenge_is_answered_by_the_same_request_with_the_next_number(
    up: Scene, method: bytes
) -> None:
    """RFC 3261 section 22.2: same dialog and words, next CSeq, a new transaction."""
    up.tell(b"b", method, SDP, (b"Subject", b"x"), body=OFFER)
    first = up.last()
    acks = ["ACK"] if method == b"INVITE" else []
    up.challenges().then(*acks, method.decode(), "SentAgain")
    again = up.last()

    assert up.verdict() is ProofVerdict.GOOD
    assert again.cseq.number == first.cseq.number + 1
    assert again.top_via.param(b"branch") != first.top_via.param(b"branch")
    unlike = {b"via", b"cseq", b"authorization"}
    words = [
        [line.raw for line in each.lines if line.name not in unlike] for each in (first, again)
    ]
    assert words[0] == words[1]
    assert (again.uri, again.body) == (first.uri, first.body)
    assert WORD.encode() not in up.sent()


def test_the_answer_to_what_was_sent_again_is_the_answer(up: Scene) -> None:
    """The layer above is told of that alone, and under which number it went out."""
    up.tell(b"b", b"INFO").challenges()
    told = len(up.told())
    up.replied(200).then("ResponseReceived")

    assert len(up.told()) == told + 1
    assert (up.told()[-1].response.status, up.told()[-1].cseq) == (200, 3)


def test_a_bye_that_is_challenged_has_its_dialog_until_it_is_answered(up: Scene) -> None:
    """Else nobody would hang up."""
    up.tell(b"b", b"BYE").challenges()
    assert up.core.has_dialog(up.named(b"b"))
    up.replied(200).then("ResponseReceived")

    assert not up.core.has_dialog(up.named(b"b"))


def test_a_prack_is_answered_too(up: Scene) -> None:
    """RFC 3262 section 4: with the RAck of the same response."""
    scene = Scene(reloaded=up.reloaded)
    scene.guard = nonces()
    scene.call(account="pbx").phone(b"b", 183, RELIABLE, number(1), body=OFFER)
    first = scene.last()
    scene.challenges().then("PRACK", "SentAgain")

    assert scene.verdict() is ProofVerdict.GOOD
    assert scene.last().value(b"rack") == first.value(b"rack")
    scene.replied(200).then()


def test_later_requests_prove_it_by_themselves_and_count(up: Scene) -> None:
    """RFC 7616 section 3.4: the same nonce, the next count; nobody has to ask twice."""
    up.tell(b"b", b"INFO").challenges()
    assert (up.verdict(), nc(up.last())) == (ProofVerdict.GOOD, b"00000001")
    up.replied(200).tell(b"b", b"UPDATE")
    assert (up.verdict(), nc(up.last())) == (ProofVerdict.GOOD, b"00000002")
    up.replied(200).tell(b"b", b"BYE")
    assert (up.verdict(), nc(up.last())) == (ProofVerdict.GOOD, b"00000003")


def test_a_nonce_that_is_too_old_by_then_is_answered_anew(up: Scene) -> None:
    """Its refusal says stale, or just has another nonce."""
    up.tell(b"b", b"INFO").challenges().replied(200)
    up.until(NONCE_LIFE_S + 5).tell(b"b", b"INFO")
    assert up.verdict(up.now_s) is ProofVerdict.STALE
    up.challenges(is_stale=True).then("INFO", "SentAgain")
    assert up.verdict(up.now_s) is ProofVerdict.GOOD
    up.replied(200).tell(b"b", b"INFO").challenges().then("INFO", "SentAgain")


def test_a_nonce_is_stale_once_and_not_for_ever(up: Scene) -> None:
    """A server that never has enough is told no more."""
    up.tell(b"b", b"INFO")
    for _ in range(MAX_TRIES):
        up.challenges(is_stale=True).then("INFO", "SentAgain")

    up.challenges(is_stale=True).then("ResponseReceived")


def test_a_proxy_and_the_server_may_both_ask(up: Scene) -> None:
    """What the proxy was told stays beside what the server is told."""
    up.tell(b"b", b"INFO")
    proxys = b'Digest realm="proxy", nonce="n", qop="auth"'
    up.refuses((b"Proxy-Authenticate", proxys), status=407).then("INFO", "SentAgain")
    up.challenges().then("INFO", "SentAgain")

    assert up.last().value(b"proxy-authorization")
    assert up.verdict() is ProofVerdict.GOOD
    up.replied(200).tell(b"b", b"INFO")
    assert up.last().value(b"proxy-authorization")
    assert up.last().value(b"authorization")


def test_a_wrong_password_is_told_and_not_said_again(up: Scene) -> None:
    """The dialog goes on."""
    up.tell(b"b", b"INFO").challenges().challenges().then("ResponseReceived")
    assert up.told()[-1].response.status == 401
    assert up.core.has_dialog(up.named(b"b"))
    up.tell(b"b", b"INFO")

    assert up.last().value(b"authorization") is None


@pytest.mark.parametrize(
    "challenge", [b'Digest realm="x", nonce="n", algorithm=SHA-1', b"Basic realm=x", b"Digest"]
)
def test_what_nobody_can_answer_is_a_refusal(up: Scene, challenge: bytes) -> None:
    """Of a kind that we do not know."""
    up.tell(b"b", b"UPDATE").refuses((b"WWW-Authenticate", challenge)).then("ResponseReceived")


def test_without_an_account_a_challenge_is_a_refusal() -> None:
    """Of the peer's own, or of any of ours."""
    for account in ("", "gone"):
        scene = Scene(reloaded=False)
        scene.guard = nonces()
        scene.call(account=account).phone(b"b", 200)
        scene.tell(b"b", b"UPDATE").challenges().then("ResponseReceived")
        assert scene.core.has_dialog(scene.named(b"b"))


def test_a_bye_that_nobody_lets_us_say_ends_the_dialog_here(up: Scene) -> None:
    """RFC 3261 section 15.1.1."""
    up.tell(b"b", b"BYE").challenges().challenges().then("ResponseReceived")

    assert not up.core.has_dialog(up.named(b"b"))


def test_an_ack_says_what_its_reinvite_said(up: Scene) -> None:
    """RFC 3261 section 22.1: it cannot be challenged."""
    up.tell(b"b", b"INVITE", SDP, body=OFFER).challenges()
    said = up.last().value(b"authorization")
    up.peer(phone_says(up._request(), 200, tag=b"")).then("ACK", "ResponseReceived")

    assert up.sent_request().value(b"authorization") == said
