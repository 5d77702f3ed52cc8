"""What SIP says, as events of a call."""

from dataclasses import replace

import pytest

from archive.call.events import Flagged
from capture.inline.dialogs.event_translation import refused_by
from capture.inline.messages.body_parts import description_in
from capture.inline.messages.header_filter import PeerTrust
from capture.inline.routing.route import Target
from capture.inline.state.call_events import Refused
from capture.inline.state.stages import CallerStage
from capture.sip.message import Request, Response
from capture.sip.parser import split_message
from tests.capture.inline.stage import ANSWER, OFFER, PBX, ROUTE, TRUNK, Stage, sdp


def response(status: int, *lines: str) -> Response:
    said = (f"SIP/2.0 {status} So It Is", *lines, "", "")
    found = split_message("\r\n".join(said).encode())
    assert isinstance(found, Response)
    return found


def test_a_refusal_keeps_its_phrase_and_what_says_why() -> None:
    """And nothing of the dialog that it refuses."""
    refused = refused_by(
        response(
            603, "Reason: Q.850;cause=21", "Retry-After: 5", "Call-ID: x", "To: <sip:a>;tag=b"
        ),
        PeerTrust(),
    )

    headers = ((b"Reason", b"Q.850;cause=21"), (b"Retry-After", b"5"))
    assert refused == Refused(603, b"So It Is", headers)


def test_a_redirection_leads_where_it_is_liked_best() -> None:
    """By q, then in the order in which it is written; one that cannot be read leads nowhere."""
    contacts = "Contact: <sip:1@a>;q=0.3, <sip:2@a>;q=0.9, <sip:3@a>, <sip:4@a>;q=x"

    assert refused_by(response(302, contacts), PeerTrust()).contacts == (
        b"sip:3@a",
        b"sip:2@a",
        b"sip:1@a",
        b"sip:4@a",
    )
    assert refused_by(response(302, "Contact: *"), PeerTrust()).contacts == ()
    assert refused_by(response(302, 'Contact: "<sip:a>'), PeerTrust()).contacts == ()
    assert refused_by(response(486, contacts), PeerTrust()).contacts == ()


def test_a_body_that_cannot_be_read_is_no_description() -> None:
    """The message is heard all the same."""
    assert description_in(response(200)) is None
    assert description_in(response(200, "Content-Type: application/sdp")) is None


def test_a_provisional_response_inside_the_call_says_nothing(stage: Stage) -> None:
    """A 100 to a re-INVITE is no answer."""
    stage.talking()
    stage.a_inside(b"INVITE", 2, body=sdp("192.0.2.1", 4000, "a=sendonly", version=2))
    stage.b(100).then()

    (bridged,) = stage.inline.calls
    assert bridged.call.change is not None


@pytest.mark.parametrize("status", [408, 481])
def test_a_change_that_the_other_side_knows_nothing_of_ends_the_call(
    stage: Stage, status: int
) -> None:
    """Its dialog is gone."""
    stage.talking()
    stage.a_inside(b"INVITE", 2, body=sdp("192.0.2.1", 4000, "a=sendonly", version=2))
    stage.b(status)

    assert stage.relay_gone()


def test_a_callee_who_says_nothing_is_a_480(stage: Stage) -> None:
    """64 T1 after the INVITE (RFC 3261 section 17.1.1.2); a 408 would say that we are silent."""
    stage.calls().until(40.0)

    assert stage.answer_to_a().status == 480
    assert stage.answer_to_a().value(b"reason") == b"SIP;cause=408"
    assert stage.rows() == [(480, "not reached")]


def test_a_lost_ack_ends_the_call_on_both_sides(stage: Stage) -> None:
    """The 200 is repeated for 32 s before that."""
    stage.ringing().b(200, body=ANSWER).until(33.0)
    repeated = [m for m in stage.to_a() if isinstance(m, Response) and m.status == 200]

    assert len(repeated) > 5
    assert stage.request_to_b(b"BYE").value(b"reason") is not None
    assert stage.relay_gone()


def test_who_talks_is_there_although_his_ack_was_lost(stage: Stage) -> None:
    """The call goes on as if it had come, and is flagged; only silence ends it."""
    stage.ringing().b(200, body=ANSWER).until(20.0)
    (bridged,) = stage.inline.calls
    stage.arrivals[bridged.call.caller.pair] = stage.now.us
    stage.until(33.0)

    (bridged,) = stage.inline.calls
    assert bridged.call.caller_stage is CallerStage.TALKING
    assert [each.flag for each in stage.events(Flagged)] == ["ack_missing"]


def test_a_fork_that_has_lost_ends_nothing_with_its_bye(stage: Stage) -> None:
    """Two telephones answer at once; ours crosses the BYE of who was too late."""
    stage.ringing()
    invite = stage.request_to_b()
    stage.b_answers(invite, 200, tag=b"winner", body=ANSWER).a_inside(b"ACK", 1)
    stage.b_answers(invite, 200, tag=b"callee", body=ANSWER).then("b: ACK", "b: BYE")
    stage.b_inside(b"BYE", 1).then("b: 200 BYE")

    (bridged,) = stage.inline.calls
    assert bridged.call.callee.dialog is not None
    assert bridged.call.callee.dialog.remote_tag == b"winner"


def test_nor_does_one_that_only_rang(stage: Stage) -> None:
    """RFC 3261 section 15: a callee says no BYE before his answer; some do."""
    stage.ringing().b_inside(b"BYE", 1).then("b: 200 BYE")
    stage.b(200, tag=b"other", body=ANSWER).then("b: ACK", "a: 200 INVITE")


def test_an_offer_in_a_prack_is_answered_by_us(stage: Stage) -> None:
    """Before the parties are joined a change is between one of them and us."""
    stage.calls((b"Supported", b"100rel")).b(183, body=ANSWER)
    early = stage.answer_to_a()
    rseq = early.value(b"rseq") or b""
    stage.a_inside(b"PRACK", 2, (b"RAck", rseq + b" 1 INVITE"), body=OFFER)

    stage.then("a: 200 PRACK")


def test_a_caller_who_acknowledges_no_progress_takes_the_callee_with_him(stage: Stage) -> None:
    """RFC 3262 section 3: after 32 s his INVITE is refused, and whoever rings is given up."""
    stage.calls((b"Supported", b"100rel")).b(183, body=ANSWER)
    invite = stage.request_to_b()
    stage.until(33.0)

    assert stage.answer_to_a().status == 504
    assert b"cause=504" in (stage.request_to_b(b"CANCEL").value(b"reason") or b"")
    stage.b_answers(invite, 487).then("b: ACK")
    assert stage.rows() == [(504, "not connected")]
    assert len(stage.inline.calls) == 0


def test_a_callee_who_has_answered_such_a_caller_hears_bye(stage: Stage) -> None:
    """His 2xx waited for the PRACK (RFC 3262 section 5); he would sit in dead air."""
    stage.calls((b"Supported", b"100rel")).b(183, body=ANSWER).b(200, body=ANSWER)
    stage.until(33.0)

    assert stage.answer_to_a().status == 504
    assert b"cause=504" in (stage.request_to_b(b"BYE").value(b"reason") or b"")
    assert len(stage.inline.calls) == 0


UUI = (b"User-to-User", b"04FA08002A1122334455;encoding=hex")
CAMPAIGN = (b"X-Campaign", b"spring")
ITO = (b"P-Asserted-Identity", b"<sip:300@pbx.example>")


def listing() -> Stage:
    """A source that lists a header of its own."""
    source = replace(TRUNK, pass_headers=("X-Campaign",))
    return Stage(source=source, routes=(replace(ROUTE, notice=()),))


def test_what_a_bye_says_crosses_with_it() -> None:
    """RFC 7433 section 4.1; Reason stays one."""
    stage = listing().answered()
    stage.b_inside(b"BYE", 1, UUI, CAMPAIGN, (b"Reason", b"Q.850;cause=16"), (b"X-Other", b"1"))
    bye = next(each for each in reversed(stage.to_a()) if isinstance(each, Request))

    assert (bye.value(b"user-to-user"), bye.value(b"x-campaign")) == (UUI[1], CAMPAIGN[1])
    assert list(bye.values(b"reason")) == [b"Q.850;cause=16"]
    assert bye.value(b"x-other") is None


@pytest.mark.parametrize("status", [180, 183, 200, 486])
def test_what_a_peer_lists_crosses_in_every_answer(status: int) -> None:
    """Provisional, final, or a refusal; so does who answers, to who is trusted."""
    body = b"" if status in {180, 486} else ANSWER
    stage = listing().calls().b(status, CAMPAIGN, ITO, (b"X-Other", b"1"), body=body)
    told = stage.answer_to_a()

    assert told.status == status
    assert told.value(b"x-campaign") == CAMPAIGN[1]
    assert told.value(b"p-asserted-identity") == ITO[1]
    assert told.value(b"x-other") is None


@pytest.mark.parametrize("method", [b"INVITE", b"UPDATE"])
def test_what_a_peer_lists_crosses_with_a_change_and_its_answer(method: bytes) -> None:
    """There and back; what nobody has listed stays on its side."""
    target = replace(PBX, pass_headers=("X-Campaign",))
    source = replace(TRUNK, pass_headers=("X-Campaign",))
    stage = Stage(source=source, targets=(target,), routes=(replace(ROUTE, notice=()),)).answered()
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(method, 2, CAMPAIGN, (b"X-Other", b"1"), body=held)
    asked = stage.request_to_b(b"INVITE")
    stage.b(200, (b"X-Campaign", b"summer"), (b"X-Other", b"2"), body=ANSWER)
    told = stage.to_a()[-1]

    assert (asked.value(b"x-campaign"), asked.value(b"x-other")) == (b"spring", None)
    assert (told.value(b"x-campaign"), told.value(b"x-other")) == (b"summer", None)


def test_behind_a_target_that_cannot_be_reached_the_next_one_is_called_at_once() -> None:
    """Nobody waits for the timers of a connection that was refused; the last one's 503 is ours."""
    targets = (
        replace(PBX, uri="sip:192.0.2.30;transport=tcp"),
        Target(name="other", uri="sip:192.0.2.28;transport=tcp"),
    )
    route = replace(ROUTE, to=("pbx", "other"), notice=())
    stage = Stage(targets=targets, routes=(route,)).calls()

    stage.away().then("c: INVITE")
    stage.away().then("a: 500 INVITE")


def test_a_call_whose_connection_dies_is_made_again_and_then_elsewhere() -> None:
    """A TLS 1.3 server that wants another certificate says so when our INVITE is on its way."""
    targets = (
        replace(PBX, uri="sip:192.0.2.30;transport=tcp"),
        Target(name="other", uri="sip:192.0.2.28;transport=tcp"),
    )
    route = replace(ROUTE, to=("pbx", "other"), notice=())
    stage = Stage(targets=targets, routes=(route,)).calls()

    stage.lost(7).then("b: INVITE")
    stage.lost(8).then("c: INVITE")


def test_a_change_for_who_cannot_be_reached_is_refused_and_the_call_goes_on() -> None:
    """His connection is gone, not his dialog."""
    target = replace(PBX, uri="sip:192.0.2.30;transport=tcp")
    stage = Stage(targets=(target,), routes=(replace(ROUTE, notice=()),)).answered()
    held = sdp("192.0.2.1", 4000, "a=sendonly", version=2)
    stage.a_inside(b"INVITE", 2, body=held).then("b: INVITE")

    stage.away().then("a: 500 INVITE")
    assert len(stage.inline.calls) == 1
