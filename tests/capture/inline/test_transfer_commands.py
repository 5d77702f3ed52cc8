"""A blind transfer through the node, as bytes."""

import dataclasses

from archive.call.events import ParticipantChanged, StreamAdded, StreamPartyKnown
from capture.inline.routing.route import Route, Target
from capture.links.relay_messages import Side
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import PBX, Stage, said
from tests.support.inline.telling import TARGETS, TO_CAROL, scene

WORD = "secret"


def test_a_callee_transfers_and_is_let_go_and_the_recording_goes_on(stage: Stage) -> None:
    """The whole of it, in the order in which the wire sees it."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL).then("b: 202 REFER", "b: NOTIFY", "c: INVITE")
    carol.answers(180).then("b: NOTIFY")
    carol.answers(200, body=carol.speech()).then("c: ACK", "b: NOTIFY", "b: BYE")
    assert stage.relay_call().is_joined
    stage.b_answers(stage.request_to_b(b"BYE"), 200)
    carol.inside(b"BYE", 1).then("c: 200 BYE", "a: BYE")

    assert len(stage.inline.calls) == 0
    assert len({record.recording for record in stage.records()}) == 1
    assert [close.reason for close in stage.closes()] == ["bye"]


def test_notifies_say_how_the_new_call_goes(stage: Stage) -> None:
    """RFC 3515 section 2.4.5: the status line that we have, and an end."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL)
    first = stage.request_to_b(b"NOTIFY")
    assert first.value(b"event") == b"refer"
    assert first.value(b"content-type") == b"message/sipfrag;version=2.0"
    assert (first.value(b"subscription-state") or b"").startswith(b"active;expires=")
    assert first.body == b"SIP/2.0 100 Trying\r\n"

    carol.answers(486).then("c: ACK", "b: NOTIFY")
    last = stage.request_to_b(b"NOTIFY")
    assert last.value(b"subscription-state") == b"terminated;reason=noresource"
    assert last.body.startswith(b"SIP/2.0 486 ")
    assert stage.relay_call().is_joined
    stage.b_inside(b"BYE", 2).then("b: 200 BYE", "a: BYE")


def test_the_newcomer_is_called_as_by_who_stays_and_hears_who_asked(stage: Stage) -> None:
    """Referred-By is made of what we know where it is missing (RFC 3892)."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL)
    invite = carol.request()

    assert invite.uri == b"sip:202@192.0.2.28"
    assert invite.from_address.uri == b"sip:+81300001234@192.0.2.1"
    assert invite.from_address.display == b"Sato"
    assert invite.value(b"referred-by") == b"<sip:0355501234@192.0.2.9>"
    assert invite.value(b"x-rokuon-recording") == stage.request_to_b().value(b"x-rokuon-recording")
    assert b"m=audio 10004 " in invite.body or b"m=audio 10002 " in invite.body

    other, dave = scene(stage)
    other.b_inside(b"REFER", 1, TO_CAROL, (b"Referred-By", b"<sip:b@pbx>;cid=1"))
    assert dave.request().value(b"referred-by") == b"<sip:b@pbx>;cid=1"


def test_who_asked_hangs_up_at_once_and_who_stays_waits(stage: Stage) -> None:
    """The call does not end; the relay plays ringback."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL)
    stage.b_inside(b"BYE", 2).then("b: 200 BYE")
    carol.answers(180).then("b: NOTIFY")
    call = stage.relay_call()
    assert (call.is_joined, call.is_landed) == (False, True)
    assert call.ends[Side.CALLER].playing is not None
    assert call.ends[Side.CALLEE].places == ()

    carol.answers(200, body=carol.speech()).then("c: ACK", "b: NOTIFY")
    last = stage.request_to_b(b"NOTIFY")
    assert last.value(b"subscription-state") == b"terminated;reason=noresource"
    assert last.body.startswith(b"SIP/2.0 200 ")
    call = stage.relay_call()
    assert call.is_joined
    assert call.ends[Side.CALLER].playing is None
    assert call.ends[Side.CALLEE].places[0].host == "192.0.2.28"
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "c: BYE")


def test_who_asked_and_has_forgotten_it_is_told_no_more(stage: Stage) -> None:
    """481 to a NOTIFY after his BYE (RFC 6665 section 4.2.2); the transfer goes on."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL)
    stage.b_inside(b"BYE", 2)
    carol.answers(180).then("b: NOTIFY")
    stage.b(481).then()

    carol.answers(200, body=carol.speech()).then("c: ACK")
    assert stage.relay_call().is_joined


def test_a_newcomer_who_refuses_after_that_ends_the_call(stage: Stage) -> None:
    """Who stays hears why."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL).b_inside(b"BYE", 2)
    carol.answers(486).then("c: ACK", "b: NOTIFY", "a: BYE")

    assert stage.to_a()[-1].value(b"reason") == b"SIP;cause=486"
    assert stage.request_to_b(b"NOTIFY").body.startswith(b"SIP/2.0 486 ")
    assert len(stage.inline.calls) == 0


def test_one_voice_a_party_and_one_stream(stage: Stage) -> None:
    """To the relay and the recording the place is the same; who sits there is another."""
    stage, carol = scene(stage)
    before = stage.relay_call().ends[Side.CALLEE]
    stage.b_inside(b"REFER", 1, TO_CAROL)
    identity = (b"P-Asserted-Identity", b'"Carol" <sip:202@pbx.example>')
    carol.answers(200, identity, body=carol.speech())
    after = stage.relay_call().ends[Side.CALLEE]

    assert (after.pair, after.ssrc) == (before.pair, before.ssrc)
    assert len(stage.events(StreamAdded)) == 4
    (changed,) = stage.events(ParticipantChanged)
    assert (changed.what, changed.participant) == ("transferred", "sip:202@pbx.example")
    assert changed.instead_of == "sip:0355501234@192.0.2.9"
    last = stage.events(StreamPartyKnown)[-1]
    assert (last.side, last.names[0].text) == ("agent", "Carol")


def test_no_word_is_said_to_who_wants_none(stage: Stage) -> None:
    """RFC 4488: Refer-Sub in the 202."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL, (b"Refer-Sub", b"false"))

    stage.then("b: 202 REFER", "c: INVITE")
    answer = [each for each in stage.to_b() if each.cseq.method == b"REFER"][-1]
    assert answer.value(b"refer-sub") == b"false"
    carol.answers(200, body=carol.speech()).then("c: ACK", "b: BYE")


def test_a_crossing_bye_of_who_was_let_go_ends_nothing(stage: Stage) -> None:
    """Both say it at the same time."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    stage.b_inside(b"BYE", 2).then("b: 200 BYE")

    assert stage.relay_call().is_joined
    assert len(stage.inline.calls) == 1
    assert "HangUp" not in [said(each) for each in stage.outputs]


def test_a_second_fork_of_the_newcomer_is_let_go(stage: Stage) -> None:
    """One place, one party."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    carol.tag = b"fork"

    carol.answers(200, body=carol.speech()).then("c: ACK", "c: BYE")
    assert stage.relay_call().is_joined


def test_who_stays_hangs_up_and_the_newcomer_is_cancelled(stage: Stage) -> None:
    """The call waits for the 487, then all is over."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(180)
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE", "b: NOTIFY", "c: CANCEL")
    last = stage.request_to_b(b"NOTIFY")
    assert last.value(b"subscription-state") == b"terminated;reason=noresource"
    assert last.body.startswith(b"SIP/2.0 487 ")
    carol.answers(200, method=b"CANCEL")
    carol.answers(487).then("c: ACK")

    assert len(stage.inline.calls) == 0
    assert [close.reason for close in stage.closes()] == ["bye"]


def test_a_newcomer_who_does_not_answer_is_cancelled_after_the_routes_time(stage: Stage) -> None:
    """And who asked hears 480."""
    stage, carol = scene(stage)
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(180)
    stage.b_answers(stage.request_to_b(b"NOTIFY"), 200)
    stage.until(stage.now_s + 61)

    assert carol.request(b"CANCEL")
    assert stage.request_to_b(b"NOTIFY").body.startswith(b"SIP/2.0 480 ")


def test_a_newcomer_who_is_told_is_not_recorded_before_that(stage: Stage) -> None:
    """Nothing of him lands while he hears the notice; the other hears ringback, and is kept."""
    told = Route(name="support", to=("pbx",), notice=("notice",), notice_to="callee")
    stage = Stage(reloaded=stage.reloaded, targets=TARGETS, routes=(told,))
    carol = Phone(stage, "c")
    stage.answered().played(side=Side.CALLEE)
    assert stage.relay_call().is_landed
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(200, body=carol.speech())
    call = stage.relay_call()
    playing = [end.playing for end in call.ends]
    assert [each and each.prompt for each in playing] == ["r.pcmu", "n.pcmu"]
    assert [each.is_hushed for each in call.ends] == [False, True]
    assert (call.is_joined, call.is_landed) == (False, True)

    stage.played(side=Side.CALLEE)
    call = stage.relay_call()
    assert (call.is_joined, call.is_landed) == (True, True)


def test_a_name_is_looked_for_by_the_shell(stage: Stage) -> None:
    """As that of any target; a successor of ours looks for it again."""
    named = Target(name="carol", uri="sip:carol.example")
    stage = Stage(reloaded=stage.reloaded, targets=(PBX, named))
    stage.talking().b_inside(b"REFER", 1, (b"Refer-To", b"<sip:202@carol.example>"))
    assert "Find sip:202@carol.example" in [said(each) for each in stage.outputs]
    again = stage.inline.driver.go_on(stage.now)
    assert [said(each) for each in again] == ["Find sip:202@carol.example"]

    stage.found("192.0.2.28").then("c: INVITE")


def test_a_newcomer_whose_target_asks_for_a_password_is_called_again() -> None:
    """As the callee is: the same INVITE with credentials, the next CSeq."""
    targets = [dataclasses.replace(each, user="rokuon", password=WORD) for each in TARGETS]
    stage = Stage(targets=tuple(targets)).talking()
    carol = Phone(stage, "c")
    stage.b_inside(b"REFER", 1, TO_CAROL)
    carol.answers(401, (b"WWW-Authenticate", b'Digest realm="pbx", nonce="n"'))

    stage.then("c: ACK", "c: INVITE")
    carol.answers(200, body=carol.speech())
    assert stage.relay_call().is_joined
