"""How a call ends, and that nothing of it is left."""

import dataclasses
from collections.abc import Callable
from ipaddress import ip_network

import pytest

from archive.call.events import Tolerated
from capture.peers.sources import Sources
from capture.recording.liveness import ASK_AGAIN_US
from capture.sip.call import OutgoingRequest
from capture.sip.flow import Address, Flow
from capture.sip.limits import MAX_TRANSACTIONS_A_CALL
from tests.capture.siprec.stage import (
    CLIENT,
    HERE,
    OFFER,
    PAIRS,
    REST_US,
    SDP,
    SIPREC,
    START_US,
    UDP,
    Stage,
    bare_invite,
    invite,
    request,
    said,
    talking,
)
from tests.support.sip_dialog import dialogs_of

ENDED = ("Record", "Deafen 2", "Close")


def is_empty(stage: Stage) -> bool:
    """Is nothing of any call left, once every timer has run and the pairs have rested?"""
    stage.until(stage.now_s + 100.0)
    stage.ports.take(0, stage.now.us + REST_US, [0])
    left = (dialogs_of(stage.core), list(stage.server.sessions), stage.server.sessions.live)
    return left == ([], [], 0) and stage.ports.free() == PAIRS and not stage.core.next_deadline_s()


# -- the peer ends it ----------------------------------------------------------------------------


def test_a_bye_ends_the_recording_in_order(stage: Stage) -> None:
    """The events first, then the sockets go deaf, then the worker reads what is left and closes."""
    talking(stage).inside(b"BYE", 2).then("200 BYE", *ENDED)

    assert stage.ends() == ["bye"]
    assert [each.reason for each in stage.closes()] == ["bye"]
    assert stage.server.sessions.live == 0


def test_nothing_is_left_of_a_call_that_was_hung_up(stage: Stage) -> None:
    """Neither a dialog nor a session nor a pair, however many calls there are in a year."""
    talking(stage).inside(b"BYE", 2).closed()

    assert is_empty(stage)


def test_the_pairs_of_a_call_rest_until_its_late_packets_are_gone() -> None:
    """From the moment when its worker has closed the recording, not before."""
    stage = talking(Stage()).inside(b"BYE", 2)
    assert stage.until(100.0).ports.free() == PAIRS - 2
    stage.closed()

    stage.ports.take(0, stage.now.us + REST_US - 1, [0])
    assert stage.ports.free() == PAIRS - 2
    stage.ports.take(0, stage.now.us + REST_US, [0])
    assert stage.ports.free() == PAIRS


def test_a_bye_that_comes_again_gets_the_same_answer_and_ends_nothing_twice(stage: Stage) -> None:
    """The first answer was lost."""
    talking(stage).inside(b"BYE", 2)
    stage.inside(b"BYE", 2).then("200 BYE")
    stage.inside(b"BYE", 3).then("481 BYE")

    assert len(stage.closes()) == 1


STRICT = dataclasses.replace(CLIENT, strict=True)


def lower(stage: Stage) -> bytes:
    """A BYE behind an UPDATE with a higher CSeq."""
    stage.inside(b"UPDATE", 7)
    return request(b"BYE", cseq=2, to_tag=stage.dialog.local_tag)


def misnamed(stage: Stage) -> bytes:
    """A BYE whose CSeq names the method of another request."""
    bye = request(b"BYE", cseq=2, to_tag=stage.dialog.local_tag)
    return bye.replace(b"CSeq: 2 BYE", b"CSeq: 2 INVITE")


def untagged(_stage: Stage) -> bytes:
    """A BYE whose To has no tag."""
    return request(b"BYE", cseq=2)


BYES = [
    (lower, "TOL-017", "200 BYE", "500 BYE"),
    (misnamed, "TOL-018", "200 INVITE", "400 INVITE"),
    (untagged, "TOL-019", "200 BYE", "481 BYE"),
]


@pytest.mark.parametrize(("bye", "code", "answer", "_refused"), BYES)
def test_a_bye_that_breaks_the_rfc_closes_what_it_plainly_means(
    stage: Stage, bye: Callable[[Stage], bytes], code: str, answer: str, _refused: str
) -> None:
    """Refused, the recording would go on until nobody has spoken for five minutes."""
    data = bye(talking(stage))
    stage.peer(data)

    assert said(stage.outputs[0]) == answer
    assert stage.ends() == ["bye"]
    assert code in [event.code for event in stage.events() if isinstance(event, Tolerated)]
    assert said(stage.peer(data).outputs[0]) == answer
    assert is_empty(stage.closed())


@pytest.mark.parametrize(("bye", "_code", "_answer", "refused"), BYES)
def test_a_strict_source_is_refused_such_a_bye(
    bye: Callable[[Stage], bytes], _code: str, _answer: str, refused: str
) -> None:
    """Its administrator wants to hear of it, and the recording goes on."""
    stage = Stage(source=STRICT)
    by_the_book = (b"Contact", b"<sip:src@192.0.2.1>;+sip.src")
    stage.peer(invite(OFFER).replace(b"Contact: <sip:src@192.0.2.1:5060>", b": ".join(by_the_book)))
    stage.inside(b"ACK", 1).peer(bye(stage))

    assert said(stage.outputs[0]) == refused
    assert stage.server.sessions.live == 1


OTHER = dataclasses.replace(CLIENT, name="trunk", networks=(ip_network("198.51.100.0/24"),))
ELSEWHERE = Flow(transport="udp", local=HERE, remote=Address("198.51.100.9", 5060))


def test_a_bye_without_to_tag_from_elsewhere_closes_nothing() -> None:
    """Call-ID and From tag can be read on the way; the address of the dialog's own source cannot
    be had by reading."""
    stage = talking(Stage())
    stage.peer(untagged(stage), ELSEWHERE).then("481 BYE")

    stage.peer(request(b"BYE", cseq=2).replace(b"tag=peer", b"tag=other")).then("481 BYE")
    assert stage.server.sessions.live == 1


@pytest.mark.parametrize(("bye", "_code", "_answer", "refused"), BYES)
def test_such_a_bye_of_another_source_closes_nothing(
    bye: Callable[[Stage], bytes], _code: str, _answer: str, refused: str
) -> None:
    """Read as it means it would end somebody else's call."""
    stage = talking(Stage())
    stage.server.node.peers.sources = Sources((CLIENT, OTHER))
    stage.peer(bye(stage), ELSEWHERE)

    assert said(stage.outputs[0]) == refused
    assert stage.server.sessions.live == 1


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE", b"INFO", b"OPTIONS"])
def test_other_requests_with_a_lower_cseq_are_refused_and_the_call_goes_on(
    stage: Stage, method: bytes
) -> None:
    """RFC 3261 §12.2.2: an old description must not come to count after a new one."""
    talking(stage).inside(b"UPDATE", 7)
    stage.inside(method, 2).then("500 " + method.decode())

    assert stage.server.sessions.live == 1


def test_a_bye_before_the_acknowledgement_ends_the_call(stage: Stage) -> None:
    """RFC 3261 §15 forbids it; it happens."""
    stage.peer(invite()).inside(b"BYE", 2).then("200 BYE", *ENDED)
    stage.closed()

    assert is_empty(stage)


def test_a_cancel_that_crosses_the_answer_ends_nothing(stage: Stage) -> None:
    """RFC 3261 §9.2: it has no effect any more; the client will say BYE."""
    stage.peer(invite()).peer(request(b"CANCEL")).then("200 CANCEL")

    assert stage.server.sessions.live == 1
    stage.inside(b"ACK", 1).inside(b"BYE", 2).then("200 BYE", *ENDED)


def test_a_cancel_of_nothing_is_told_so(stage: Stage) -> None:
    """It came before its INVITE, or behind the end."""
    stage.peer(request(b"CANCEL")).then("481 CANCEL")


def test_a_cancel_that_comes_first_leaves_the_invite_to_be_ended_by_bye(stage: Stage) -> None:
    """UDP may swap the two."""
    stage.peer(request(b"CANCEL")).peer(invite()).then("Listen 2", "200 INVITE", "Record")


# -- we end it -----------------------------------------------------------------------------------


def test_a_call_that_fell_silent_is_hung_up_and_flagged(stage: Stage) -> None:
    """The client learns of it, and whoever listens."""
    talking(stage).timed_out().then("BYE", *ENDED)

    assert stage.flags()[-1] == "no_bye"
    assert stage.ends() == ["media_timeout"]


@pytest.mark.parametrize("status", [200, 481, 408, 500])
def test_however_our_bye_is_answered_the_call_is_over(stage: Stage, status: int) -> None:
    """RFC 3261 §15.1.1."""
    talking(stage).timed_out().response(status).then()
    stage.closed()

    assert is_empty(stage)


def test_a_bye_that_nobody_answers_is_harmless(stage: Stage) -> None:
    """The peer is gone; the recording ends once."""
    talking(stage).timed_out().closed()

    assert is_empty(stage)
    assert len(stage.closes()) == 1


def test_our_bye_waits_for_the_acknowledgement(stage: Stage) -> None:
    """RFC 3261 §15: not before the ACK; the recording ends at once."""
    stage.peer(invite()).timed_out().then(*ENDED)

    stage.inside(b"ACK", 1).then("BYE")


def test_an_end_said_twice_is_one_end(stage: Stage) -> None:
    """The watch and the peer may both see it."""
    talking(stage).timed_out()

    stage.timed_out().then()
    stage.inside(b"BYE", 2).then("200 BYE")


# -- the probe -----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [481, 408])
def test_a_peer_that_knows_of_no_dialog_ends_the_silent_call(stage: Stage, status: int) -> None:
    """Its BYE was lost, or it was restarted; nobody is there whom a BYE could reach."""
    talking(stage).until(100.0).probed().then("OPTIONS")
    stage.response(status).then(*ENDED)

    assert stage.ends() == ["probe_failed"]
    stage.closed()
    assert is_empty(stage)


def test_a_peer_that_says_nothing_ends_the_silent_call(stage: Stage) -> None:
    """RFC 3261 §12.2.1.2: a time-out counts as 408."""
    talking(stage).until(100.0).probed().until(140.0)

    assert stage.ends() == ["probe_failed"]
    stage.closed()
    assert is_empty(stage)


@pytest.mark.parametrize("status", [481, 408])
def test_a_failed_probe_ends_nothing_while_media_comes_again(stage: Stage, status: int) -> None:
    """What is said now is worth more than what signalling says of it."""
    talking(stage).media().until(100.0).probed()
    stage.until(101.0).media().response(status).then()

    assert stage.server.sessions.live == 1


def test_a_probe_that_times_out_ends_nothing_while_media_comes_again(stage: Stage) -> None:
    """OPTIONS in a dialog is not served everywhere."""
    talking(stage).until(100.0).probed().until(101.0).media().until(140.0)

    assert stage.ends() == []
    assert stage.server.sessions.live == 1


def test_a_client_that_cannot_be_reached_just_now_is_asked_again(stage: Stage) -> None:
    """Its connection is gone, or its proxy starts anew; nothing is known of its dialog."""
    talking(stage).until(100.0).probed()
    stage._take(stage.core.unreached(UDP, stage.now_s)).then()

    assert stage.server.sessions.live == 1
    assert stage.session.liveness.ask_again_us == stage.now.us + ASK_AGAIN_US
    stage.until(131.0).probed().then("OPTIONS")
    assert stage.session.liveness.ask_again_us == 0


@pytest.mark.parametrize("status", [200, 405, 501, 500])
def test_any_other_answer_to_the_probe_shows_that_the_dialog_is(stage: Stage, status: int) -> None:
    """Also a refusal comes from somebody who knows the dialog."""
    talking(stage).until(100.0).probed().response(status).then()

    assert stage.server.sessions.live == 1


def test_a_call_that_is_over_is_not_probed(stage: Stage) -> None:
    """The watch may have looked a moment too early."""
    talking(stage).inside(b"BYE", 2)

    stage.probed().then()


# -- many calls in one ---------------------------------------------------------------------------


def test_the_same_stage_takes_a_call_after_the_last(stage: Stage) -> None:
    """Nothing of a call stands in the way of the next."""
    talking(stage).inside(b"BYE", 2).closed()
    assert is_empty(stage)

    stage.peer(bare_invite(OFFER, SIPREC)).then("Listen 2", "200 INVITE", "Record")
    assert stage.now.us > START_US
    assert stage.core.has_dialog(stage.session.dialog)


def test_a_request_of_ours_does_not_hinder_the_peers(stage: Stage) -> None:
    """A probe is under way while the client changes its session."""
    talking(stage).probed()
    stage.inside(b"INVITE", 2, SDP, body=OFFER).then("Listen 0", "200 INVITE", "Record")

    assert OutgoingRequest(method=b"OPTIONS").body == b""


def test_however_much_was_said_a_bye_is_heard(stage: Stage) -> None:
    """A client that sends INFO after INFO has its transactions full for half a minute."""
    talking(stage)
    for cseq in range(2, MAX_TRANSACTIONS_A_CALL + 2):
        stage.inside(b"INFO", cseq)
    stage.inside(b"INFO", 200).then("503 INFO")

    stage.inside(b"BYE", 201)
    assert stage.ends() == ["bye"]
