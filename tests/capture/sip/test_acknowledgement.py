"""Playbooks of ACKs and PRACKs that we send."""

import pytest

from capture.sip.events import NoSuchDialog
from capture.sip.limits import MAX_TRANSACTIONS_A_CALL
from tests.capture.sip.calls_out import OFFER, RELIABLE, OutScene, number

ANSWER = b"v=0 answer"
# fmt: off


def test_an_offer_in_a_2xx_is_acknowledged_by_who_answers_it(out: OutScene) -> None:
    """RFC 3261 §13.2.1: the ACK of an offerless INVITE carries the answer; repetitions get it."""
    out.call(body=b"", headers=()).phone(b"b", 200, body=OFFER).then("ResponseReceived")
    out.phone(b"b", 200, body=OFFER).then()

    out.ack(b"b", ANSWER).then("ACK")
    ack = out.sent_request()
    assert (ack.body, ack.value(b"content-type")) == (ANSWER, b"application/sdp")
    assert (ack.cseq.number, ack.uri) == (1, b"sip:b@192.0.2.77:5070")
    out.phone(b"b", 200, body=OFFER).then("ACK")
    assert out.sent_request() == ack


def test_an_ack_that_nobody_waits_for_is_out_of_turn(out: OutScene) -> None:
    """Before the 2xx, and a second time."""
    out.call(body=b"", headers=()).phone(b"b", 180)
    with pytest.raises(NoSuchDialog):
        out.ack(b"b", ANSWER)
    out.phone(b"b", 200, body=OFFER).ack(b"b", ANSWER)
    with pytest.raises(NoSuchDialog):
        out.ack(b"b", ANSWER)


def test_a_late_ack_is_repeated_for_as_long_as_any(out: OutScene) -> None:
    """The other side may take half a minute to answer; its ACK may be lost as well."""
    out.call(body=b"", headers=()).phone(b"b", 200, body=OFFER).until(30.0).ack(b"b", ANSWER)
    out.until(40.0).phone(b"b", 200, body=OFFER).then("ACK")


def test_an_offerless_reinvite_is_acknowledged_by_who_sent_it(out: OutScene) -> None:
    """As an INVITE outside of dialogs is."""
    out.call().phone(b"b", 200).tell(b"b", b"INVITE")
    out.replied(200).then("ResponseReceived").ack(b"b", ANSWER).then("ACK")

    assert (out.sent_request().cseq.number, out.sent_request().body) == (2, ANSWER)


def test_the_ack_says_who_we_are_as_its_invite_did(out: OutScene) -> None:
    """RFC 3261 §13.2.2.4: nobody can challenge it."""
    secrets = ((b"Authorization", b"Digest a=1"), (b"Proxy-Authorization", b"Digest b=2"))
    out.call(headers=secrets).phone(b"b", 200)

    assert out.sent_request().value(b"authorization") == b"Digest a=1"
    assert out.sent_request().value(b"proxy-authorization") == b"Digest b=2"


# -- RFC 3262 §4 -----------------------------------------------------------------------------------


def test_a_reliable_ringing_is_acknowledged_once(out: OutScene) -> None:
    """A repetition is neither told nor acknowledged: the PRACK repeats itself."""
    out.call(cseq=7).phone(b"b", 180, RELIABLE, number(900)).then("PRACK", "ResponseReceived")
    prack = out.sent_request()

    assert prack.value(b"rack") == b"900 7 INVITE"
    assert (prack.cseq.number, prack.uri) == (8, b"sip:b@192.0.2.77:5070")
    out.phone(b"b", 180, RELIABLE, number(900)).then().until(0.5).then("PRACK")
    out.replied(200).then().until(30.0).then()


def test_the_next_one_is_exactly_one_more(out: OutScene) -> None:
    """RFC 3262 §4: out of order it is dropped, and will come again."""
    out.call().phone(b"b", 183, RELIABLE, number(5)).phone(b"b", 183, RELIABLE, number(7)).then()
    out.phone(b"b", 180, RELIABLE, number(6)).then("PRACK", "ResponseReceived")
    out.phone(b"b", 183, RELIABLE, number(7)).then("PRACK", "ResponseReceived")

    racks = [out.sent_request(index).value(b"rack") for index in (-3, -2, -1)]
    assert racks == [b"5 1 INVITE", b"6 1 INVITE", b"7 1 INVITE"]


def test_each_fork_counts_for_itself(out: OutScene) -> None:
    """Numbers are of an early dialog."""
    out.call().phone(b"b", 180, RELIABLE, number(5))
    out.phone(b"c", 180, RELIABLE, number(70)).then("PRACK", "ResponseReceived")


def test_an_unreliable_ringing_is_not_acknowledged(out: OutScene) -> None:
    """Without Require or without RSeq; it is told every time."""
    out.call().phone(b"b", 180, number(5)).then("ResponseReceived")
    out.phone(b"b", 180, RELIABLE).then("ResponseReceived")
    out.phone(b"", 100, RELIABLE, number(5)).then("ResponseReceived")


def test_an_offer_in_a_183_is_told_once_and_not_acknowledged(out: OutScene) -> None:
    """RFC 3262 §5: the PRACK would carry the answer, which nobody has yet."""
    out.call(body=b"", headers=())
    out.phone(b"b", 183, RELIABLE, number(5), body=OFFER).then("ResponseReceived")
    out.phone(b"b", 183, RELIABLE, number(5), body=OFFER).then()
    out.phone(b"b", 180, RELIABLE, number(6)).then()


def test_an_answer_in_a_183_is_acknowledged_as_any(out: OutScene) -> None:
    """Our INVITE had an offer."""
    out.call().phone(b"b", 183, RELIABLE, number(5), body=ANSWER).then("PRACK", "ResponseReceived")


def test_a_phone_that_counts_on_without_end_is_left_alone(out: OutScene) -> None:
    """Each PRACK is a transaction of half a minute."""
    out.call()
    for rseq in range(1, MAX_TRANSACTIONS_A_CALL + 5):
        out.phone(b"b", 180, RELIABLE, number(rseq))
    out.then()

    assert len([each for each in out.told() if each.response.status == 180]) == (
        MAX_TRANSACTIONS_A_CALL - 1
    )
