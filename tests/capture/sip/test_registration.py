"""Playbooks of a registration and its registrar."""

from typing import Self

import msgspec
import pytest

from capture.sip.build import Header
from capture.sip.credentials import Account
from capture.sip.digest import SALT_BYTES, DigestGuard, ProofVerdict
from capture.sip.flow import Address, Flow
from capture.sip.message import Request, Response
from capture.sip.outgoing_call import OutgoingCall
from capture.sip.registration import MAX_ROUNDS, Registration, RegistrationState
from capture.sip.user_agent import SipCore
from tests.capture.sip.scenes import UDP, peer_response
from tests.support.sip import parse_message

USER, WORD = "line", "Circle of Life"
ACCOUNT = Account(user=USER, password=WORD)
CONTACT = b"<sip:n1@192.0.2.9:5060>"
ELSEWHERE = Flow(transport="udp", local=UDP.local, remote=Address("192.0.2.2", 5060))
# fmt: off


class Registrar:
    """A registration, its clock and its registrar; the value goes through bytes at every step."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.asked: list[OutgoingCall] = []
        self.sent: list[bytes] = []
        self.core = SipCore(node=b"n1", tokens=lambda: b"t%d" % len(self.sent))
        self.value = Registration(
            call_id=b"line@n1", local_tag=b"n1-line", flow=UDP, registrar=b"sip:example.net",
            address=b"<sip:line@example.net>", contact=CONTACT,
        )

    def at(self, now_s: float, flow: Flow = UDP) -> Self:
        """The clock goes on."""
        self.now_s = now_s
        return self._took(self.value.expire(now_s, flow))

    def says(self, status: int, *headers: Header) -> Self:
        """The registrar answers what was sent last."""
        response = parse_message(peer_response(self.sent[-1], status, *headers))
        assert isinstance(response, Response)
        return self._took(self.value.receive(response, ACCOUNT, b"c", self.now_s))

    def silent(self) -> Self:
        """Nobody answers."""
        return self._took(self.value.timed_out(self.now_s))

    def elsewhere(self) -> Self:
        """This hop is away, there is another one."""
        return self._took(self.value.elsewhere(ELSEWHERE))

    def leave(self) -> Self:
        """The line is taken off."""
        return self._took(self.value.leave())

    def then(self, *expires: bytes) -> Self:
        """A REGISTER with each of these lifetimes was sent, and nothing else."""
        said = [dict(each.headers)[b"Expires"] for each in self.asked]
        assert said == list(expires)
        return self

    @property
    def last(self) -> Request:
        """The last REGISTER as it was sent."""
        request = parse_message(self.sent[-1])
        assert isinstance(request, Request)
        return request

    def _took(self, step: tuple[Registration, list[OutgoingCall]]) -> Self:
        value, self.asked = step
        self.value = msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=Registration)
        assert self.value == value
        for each in self.asked:
            [message] = self.core.ask(each, self.now_s)
            self.sent.append(message.data)  # type: ignore[union-attr]  # a message is all it puts out
        return self


def test_a_line_registers_at_once_and_again_at_nine_tenths() -> None:
    """RFC 3261 §10.2: the same Call-ID and tag, a CSeq that rises, From and To the same."""
    it = Registrar().at(100.0).then(b"3600")
    first = it.last
    assert (first.method, first.uri, first.cseq.number) == (b"REGISTER", b"sip:example.net", 1)
    assert first.values(b"contact") == [CONTACT]
    assert (first.from_address.uri, first.to_address.raw) == (
        b"sip:line@example.net", b"<sip:line@example.net>",
    )

    it.says(200, (b"Expires", b"1000")).then()
    assert (it.value.state, it.value.due_s) == (RegistrationState.REGISTERED, 1_000.0)
    it.at(999.9).then().at(1_000.0).then(b"3600")
    assert (it.last.call_id, it.last.from_address.tag) == (b"line@n1", b"n1-line")
    assert it.last.cseq.number == 2


@pytest.mark.parametrize(
    ("headers", "granted_s"),
    [
        (((b"Contact", CONTACT + b";expires=600"), (b"Expires", b"50")), 600),
        (((b"Contact", b"<sip:other@192.0.2.9>;expires=7, " + CONTACT + b";expires=600"),), 600),
        (((b"Contact", b"<sip:n1@192.0.2.9;ob>;expires=600"),), 600),
        (((b"Contact", b"<sip:a@b>;expires=7, <sip:c@d>;expires=8"), (b"Expires", b"50")), 50),
        (((b"Expires", b"50"),), 50),
        ((), 3_600),
    ],
)
def test_what_is_granted_is_what_counts(headers: tuple[Header, ...], granted_s: int) -> None:
    """RFC 3261 §10.2.4: of our own Contact, also where the registrar writes it otherwise."""
    it = Registrar().at(100.0).says(200, *headers)

    assert it.value.until_s == 100.0 + granted_s


def test_a_time_that_is_too_brief_is_lengthened_once() -> None:
    """RFC 3261 §10.2.8: 423 with Min-Expires."""
    it = Registrar().at(100.0).says(423, (b"Min-Expires", b"7200")).then(b"7200").says(200)
    it.at(it.value.due_s or 0.0).then(b"7200")

    it.says(423, (b"Min-Expires", b"7200")).then()
    assert it.value.state is RegistrationState.REFUSED


def test_a_challenge_is_answered() -> None:
    """RFC 3261 §22.2: our own guard is the registrar here."""
    guard = DigestGuard("example.net", b"s" * 32, lambda: bytes(SALT_BYTES))
    it = Registrar().at(100.0).says(401, *guard.challenge(100.0)).then(b"3600")

    assert guard.check(it.last, USER, WORD, 100.0) is ProofVerdict.GOOD
    assert it.last.cseq.number == 2
    it.says(200).then()
    assert it.value.state is RegistrationState.REGISTERED


def test_another_hop_is_asked_the_same_and_shown_no_nonce_of_the_first() -> None:
    """RFC 3263 §4.3: it would be refused, and taken for a wrong password."""
    guard = DigestGuard("example.net", b"s" * 32, lambda: bytes(SALT_BYTES))
    it = Registrar().at(100.0).says(401, *guard.challenge(100.0)).then(b"3600")
    it.elsewhere().then(b"3600")

    assert it.asked[0].flow == ELSEWHERE
    assert it.last.value(b"authorization") is None
    assert it.last.cseq.number == 3
    it.says(200).then()
    assert it.value.flow == ELSEWHERE


def test_what_a_proxy_was_told_stays_beside_what_the_registrar_asks_for() -> None:
    """RFC 3261 §22.3: both must be there the third time."""
    it = Registrar().at(100.0).says(407, (b"Proxy-Authenticate", b'Digest realm="p", nonce="n"'))
    it.says(401, (b"WWW-Authenticate", b'Digest realm="r", nonce="n"'))

    assert it.last.value(b"proxy-authorization") is not None
    assert it.last.value(b"authorization") is not None


def test_a_wrong_password_is_known_as_such_and_not_tried_at_once() -> None:
    """A registrar would lock the line."""
    challenge = (b"WWW-Authenticate", b'Digest realm="r", nonce="n"')
    it = Registrar().at(100.0).says(401, challenge).says(401, challenge).then()

    assert (it.value.state, it.value.due_s) == (RegistrationState.WRONG_PASSWORD, 130.0)


def test_a_registrar_that_always_asks_is_not_answered_for_ever() -> None:
    """Stale, stale, stale: somebody else's clock is wrong."""
    it = Registrar().at(100.0)
    for _ in range(MAX_ROUNDS):
        it.says(401, (b"WWW-Authenticate", b'Digest realm="r", nonce="n", stale=true'))
        it.then(b"3600")

    it.says(401, (b"WWW-Authenticate", b'Digest realm="r", nonce="n", stale=true')).then()
    assert it.value.state is RegistrationState.REFUSED


def test_a_challenge_that_we_cannot_answer_is_a_refusal() -> None:
    """There is nothing to send again."""
    it = Registrar().at(100.0).says(401, (b"WWW-Authenticate", b"Basic")).then()
    assert it.value.state is RegistrationState.REFUSED


def test_a_failure_is_followed_by_longer_and_longer_waits() -> None:
    """30 s, doubled up to 5 minutes; success begins anew; the binding lasts meanwhile."""
    it, waits = Registrar().at(100.0).says(200), []
    for status in (503, 0, 403, 0, 500, 500):
        it.at(it.value.due_s or 0.0)
        it.says(status) if status else it.silent()
        waits.append((it.value.due_s or 0.0) - it.now_s)

    assert waits == [30.0, 60.0, 120.0, 240.0, 300.0, 300.0]
    assert it.value.until_s == 3_700.0
    it.at(it.value.due_s or 0.0).says(200).at(it.value.due_s or 0.0).silent()
    assert (it.value.state, it.value.retry_s) == (RegistrationState.SILENT, 60.0)


def test_a_registrar_that_grants_nothing_has_refused() -> None:
    """A 200 with `expires=0` would otherwise be asked for without a pause."""
    it = Registrar().at(100.0).says(200, (b"Expires", b"0")).then()
    assert (it.value.state, it.value.due_s) == (RegistrationState.REFUSED, 130.0)


def test_each_register_goes_where_the_name_leads_now() -> None:
    """A registrar that moved is found by the next resolution."""
    it = Registrar().at(100.0).silent().at(130.0, ELSEWHERE)
    assert [each.flow for each in it.asked] == [ELSEWHERE]


def test_a_line_that_is_taken_off_says_so_once() -> None:
    """RFC 3261 §10.2.2; also where the farewell is challenged."""
    challenge = (b"WWW-Authenticate", b'Digest realm="r", nonce="n"')
    it = Registrar().at(100.0).says(200).leave().then(b"0").says(401, challenge).then(b"0")
    it.says(200).then().at(9_999.0).then().leave().then()

    assert (it.value.state, it.value.until_s) == (RegistrationState.GONE, None)


@pytest.mark.parametrize("status", [503, 0])
def test_a_farewell_that_fails_is_not_repeated(status: int) -> None:
    """The binding ends by itself."""
    it = Registrar().at(100.0).says(200).leave()
    (it.says(status) if status else it.silent()).then().at(9_999.0).then()

    assert it.value.state is RegistrationState.GONE


def test_a_line_that_was_never_registered_leaves_without_a_word() -> None:
    """There is nothing to take away."""
    assert Registrar().leave().then().value.state is RegistrationState.GONE
    silent = Registrar().at(100.0).leave().then().silent().then()
    assert silent.value.state is RegistrationState.GONE


def test_a_farewell_waits_for_the_register_that_is_under_way() -> None:
    """RFC 3261 §10.2.4: one at a time; a binding that it makes is taken away again."""
    it = Registrar().at(100.0).leave().then().says(200).then(b"0").says(200).then()
    assert it.value.state is RegistrationState.GONE


def test_what_is_no_answer_to_the_last_register_changes_nothing() -> None:
    """A late response of the one before, and a provisional one."""
    it = Registrar().at(100.0).says(100).then().silent().at(130.0)
    old = parse_message(peer_response(it.sent[0], 200))
    assert isinstance(old, Response)

    before = it.value
    assert it.value.receive(old, ACCOUNT, b"c", 131.0) == (before, [])
    assert it.says(200).silent().value.state is RegistrationState.REGISTERED
