"""Playbooks of requests that we send in a dialog, and of the answers to them."""

import pytest

from capture.sip.events import NoSuchDialog, RequestPending, ResponseReceived
from capture.sip.message import Request
from capture.sip.parser import split_message
from tests.capture.sip.scenes import Scene, established, in_dialog, peer_request, peer_response

# fmt: off


def test_our_bye_ends_the_dialog_with_its_answer(scene: Scene) -> None:
    """RFC 3261 §15.1.1."""
    established(scene).ask(b"BYE").then("BYE")
    assert scene.core.has_dialog(scene.dialog)

    scene.peer(peer_response(scene.sent(), 200)).then("ResponseReceived")
    assert not scene.core.has_dialog(scene.dialog)
    scene.until(40.0).then()
    assert not scene.kept


def test_a_bye_that_nobody_answers_is_repeated_and_given_up(scene: Scene) -> None:
    """RFC 3261 §17.1.2.2: eleven times in 32 s, then as if it were a 408."""
    established(scene).ask(b"BYE")

    scene.until(60.0).then(*["BYE"] * 10, "TransactionTimedOut")
    assert not scene.core.has_dialog(scene.dialog)


def test_on_tcp_a_request_is_sent_once(scene_on_tcp: Scene) -> None:
    """Timer E is for unreliable transports; timer F is not."""
    established(scene_on_tcp).ask(b"OPTIONS").until(60.0).then("TransactionTimedOut")
    assert b"Via: SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bK" in scene_on_tcp.sent()


def test_a_bye_waits_for_the_ack_of_our_200(scene: Scene) -> None:
    """RFC 3261 §15: the callee may not hang up on a dialog that is not yet acknowledged."""
    scene.peer(peer_request(b"INVITE")).answer(200).ask(b"BYE").then()
    scene.peer(in_dialog(scene, b"ACK", 1)).then("AckReceived", "BYE")


def test_a_waiting_bye_goes_out_when_the_ack_never_comes(scene: Scene) -> None:
    """RFC 3261 §13.3.1.4."""
    scene.peer(peer_request(b"INVITE")).answer(200).ask(b"BYE").until(31.9)
    scene.until(32.0).then("AckMissing", "BYE")


def test_byes_that_cross_are_both_answered(scene: Scene) -> None:
    """Neither side may be left with a call that the other has forgotten."""
    established(scene).ask(b"BYE")
    ours = scene.sent()
    (
        scene
        .peer(in_dialog(scene, b"BYE", 2)).then("200 BYE", "ByeReceived")
        .peer(peer_response(ours, 481)).then("ResponseReceived")
    )


def test_requests_count_up_and_name_both_tags(scene: Scene) -> None:
    """RFC 3261 §12.2.1.1."""
    established(scene).ask(b"OPTIONS").ask(b"OPTIONS")
    request = split_message(scene.sent())

    assert isinstance(request, Request)
    assert request.cseq.number == 2
    assert request.from_address.tag == scene.dialog.local_tag
    assert request.to_address.tag == b"peer"
    assert request.top_via.param(b"rport") == b""


def test_our_reinvite_is_acknowledged_and_every_repetition_of_its_200_too(scene: Scene) -> None:
    """RFC 3261 §13.2.2.4 with the Accepted state of RFC 6026."""
    established(scene).ask(b"INVITE", b"v=0")
    ok = peer_response(scene.sent(), 200, (b"Contact", b"<sip:moved@192.0.2.7>"))
    scene.peer(ok).then("ACK", "ResponseReceived")
    ack = scene.sent()

    assert ack.startswith(b"ACK sip:moved@192.0.2.7 SIP/2.0\r\n")
    scene.peer(ok).then("ACK")
    assert scene.sent() == ack


def test_our_reinvite_that_is_refused_is_acknowledged_in_its_transaction(scene: Scene) -> None:
    """RFC 3261 §17.1.1.3: same branch and CSeq number, To of the response."""
    established(scene).ask(b"INVITE")
    invite = split_message(scene.sent())
    refusal = peer_response(scene.sent(), 491)
    scene.peer(refusal).then("ACK", "ResponseReceived")
    ack = split_message(scene.sent())

    assert ack.top_via.branch == invite.top_via.branch
    assert ack.cseq.number == invite.cseq.number
    scene.peer(refusal).then("ACK").until(40.0).then()


def test_our_reinvite_doubles_its_interval_without_a_ceiling(scene: Scene) -> None:
    """RFC 3261 §17.1.1.2, timers A and B: 0.5, 1.5, 3.5, 7.5, 15.5, 31.5, then 32 s."""
    established(scene).ask(b"INVITE").until(60.0)
    scene.then(*["INVITE"] * 6, "TransactionTimedOut")


def test_a_provisional_response_stops_the_repetition_of_an_invite(scene: Scene) -> None:
    """RFC 3261 §17.1.1.2; a peer that rings for ever is given up after three minutes."""
    established(scene).ask(b"INVITE").peer(peer_response(scene.sent(), 100))
    scene.then("ResponseReceived").until(179.0).then().until(181.0).then("TransactionTimedOut")


def test_a_second_invite_waits_for_the_first(scene: Scene) -> None:
    """RFC 3261 §14.1: in either direction."""
    established(scene).ask(b"INVITE")
    with pytest.raises(RequestPending):
        scene.ask(b"INVITE")


def test_a_dialog_that_is_gone_takes_no_request(scene: Scene) -> None:
    """A named error rather than a message to nobody."""
    established(scene).peer(in_dialog(scene, b"BYE", 2))
    with pytest.raises(NoSuchDialog):
        scene.ask(b"OPTIONS")


def test_a_response_to_nothing_of_ours_is_ignored(scene: Scene) -> None:
    """RFC 3261 §18.1.2: a stray, or one with a second Via, is for somebody else."""
    established(scene).ask(b"OPTIONS")
    ours = peer_response(scene.sent(), 200)
    two_hops = ours.replace(b"\r\nFrom", b"\r\nVia: SIP/2.0/UDP 192.0.2.5\r\nFrom", 1)
    for stray in (ours.replace(b"branch=z9hG4bK", b"branch=z9hG4bKnot"), two_hops):
        scene.peer(stray).then()


def test_a_late_answer_is_told_once(scene: Scene) -> None:
    """RFC 3261 §17.1.2.2, Completed: repetitions are absorbed until timer K."""
    established(scene).ask(b"OPTIONS")
    ok = peer_response(scene.sent(), 200)
    scene.peer(ok).then("ResponseReceived").peer(ok).then().until(9.0).peer(ok).then()

    told = [output for _, output in scene.log if isinstance(output, ResponseReceived)]
    assert [answer.response.status for answer in told] == [200]


def test_a_ringing_options_is_repeated_every_four_seconds(scene: Scene) -> None:
    """RFC 3261 §17.1.2.2, Proceeding: timer E stays at T2."""
    established(scene).ask(b"OPTIONS").peer(peer_response(scene.sent(), 100))
    scene.until(9.0).then("OPTIONS", "OPTIONS")
