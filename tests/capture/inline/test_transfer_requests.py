"""Attended transfer: two calls of ours are joined; somebody takes a place by himself."""

from dataclasses import replace
from ipaddress import ip_network
from urllib.parse import quote_from_bytes

import pytest

from archive.call.events import (
    CallEnded,
    CallIdKnown,
    Event,
    ParticipantChanged,
    StreamPartyKnown,
    decode_event,
)
from capture.inline.routing.route import Route, Target
from capture.links.recorder_messages import Close
from capture.links.relay_messages import Outcome, Side
from capture.peers.sources import Source
from capture.recording.outputs import ToWorker
from capture.sip.build import Header
from tests.capture.inline.phone import Phone
from tests.capture.inline.stage import ANSWER, PBX, ROUTE, TRUNK, Stage, from_caller

CAROL = Target(name="carol", uri="sip:192.0.2.28")
INNER = Route(name="inner", to=("carol",), number=("202",))


def consulting(stage: Stage, inner: Route = INNER) -> tuple[Stage, Phone, Phone]:
    """A talks to B, who has called C through us as well."""
    stage = Stage(reloaded=stage.reloaded, targets=(PBX, CAROL), routes=(inner, ROUTE))
    stage.talking()
    bob, carol = Phone(stage, "b"), Phone(stage, "c")
    bob.calls(body=bob.speech(), number=b"202").then("c: INVITE")
    carol.answers(180)
    carol.answers(200, body=carol.speech())
    bob.inside(b"ACK", 1)
    return stage, bob, carol


def naming(phone: Phone, tag: bytes = b"") -> Header:
    """A Refer-To to 202 that names the phone's own call."""
    to_tag = tag or phone.response().to_address.tag
    replaces = b"%s;to-tag=%s;from-tag=%s" % (phone.own_id, to_tag, phone.tag)
    escaped = quote_from_bytes(replaces, safe="").encode()
    return b"Refer-To", b"<sip:202@192.0.2.9?Replaces=%s>" % escaped


def replacing(stage: Stage, *, early: bool = False) -> Header:
    """A Replaces that names the dialog of the caller."""
    tag = stage.answer_to_a().to_address.tag
    value = b"call@a;to-tag=%s;from-tag=caller" % tag
    return b"Replaces", value + (b";early-only" if early else b"")


def events_by_recording(stage: Stage) -> dict[bytes, list[Event]]:
    told = {record.recording: record.events for record in stage.records()}
    return {key: [decode_event(each.payload) for each in events] for key, events in told.items()}


# -- two calls of ours -----------------------------------------------------------------------------


def test_two_calls_of_ours_become_one(stage: Stage) -> None:
    """The far party is asked to speak with us here, then both dialogs in between end."""
    stage, bob, carol = consulting(stage)
    stage.b_inside(b"REFER", 1, naming(bob)).then("b: 202 REFER", "b: NOTIFY", "c: INVITE")
    offer = carol.request()
    assert offer.has_to_tag
    assert offer.call_id != b"call@a"
    carol.answers(200, body=carol.speech(version=2))
    stage.then("c: ACK", "b: NOTIFY", "b: BYE", "b: BYE")

    (bridged,) = stage.inline.calls
    call = stage.relay_call(bridged.key)
    assert call.is_joined
    assert call.ends[Side.CALLER].places[0].host == "192.0.2.1"
    assert call.ends[Side.CALLEE].places[0].host == "192.0.2.28"
    assert len(stage.inline.calls) == 1
    carol.inside(b"BYE", 1).then("c: 200 BYE", "a: BYE")
    assert len(stage.inline.calls) == 0


def test_the_offer_goes_on_with_the_far_partys_own_origin_line(stage: Stage) -> None:
    """RFC 3264 section 8: the same session, a version later, the other call's port."""
    stage, bob, carol = consulting(stage)
    first = carol.request().body.split(b"\r\n")
    stage.b_inside(b"REFER", 1, naming(bob))
    second = carol.request().body.split(b"\r\n")
    origin, later = first[1].split(), second[1].split()

    assert origin[1] == later[1]
    assert int(later[2]) == int(origin[2]) + 1
    ports = {line for line in (*first, *second) if line.startswith(b"m=audio")}
    assert len(ports) == 2


def test_the_recording_of_the_first_goes_on_and_the_others_names_it(stage: Stage) -> None:
    """They meet in one conversation."""
    stage, bob, carol = consulting(stage)
    stage.b_inside(b"REFER", 1, naming(bob))
    carol.answers(200, body=carol.speech(version=2))
    told = events_by_recording(stage)
    groups = {
        key: {
            each.value
            for each in events
            if isinstance(each, CallIdKnown) and each.kind == "joined_call"
        }
        for key, events in told.items()
    }
    (closed,) = [
        each.command.recording
        for each in stage.log
        if isinstance(each, ToWorker) and isinstance(each.command, Close)
    ]
    (alive,) = set(told) - {closed}

    assert groups == {alive: {alive.hex()}, closed: {alive.hex()}}
    changes = [each for each in told[alive] if isinstance(each, ParticipantChanged)]
    assert [(each.what, each.participant) for each in changes] == [
        ("transferred", "sip:202@192.0.2.9")
    ]
    assert [each.reason for each in told[closed] if isinstance(each, CallEnded)] == ["bye"]


def test_a_far_party_who_refuses_stays_where_he_is(stage: Stage) -> None:
    """Both calls go on as they were."""
    stage, bob, carol = consulting(stage)
    stage.b_inside(b"REFER", 1, naming(bob))
    carol.answers(488).then("c: ACK", "b: NOTIFY")
    assert stage.request_to_b(b"NOTIFY").body.startswith(b"SIP/2.0 488 ")
    assert len(stage.inline.calls) == 2

    carol.inside(b"BYE", 1).then("c: 200 BYE", "b: BYE")
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")
    assert len(stage.inline.calls) == 0


def test_who_asked_may_leave_both_calls_before_the_far_party_has_answered(stage: Stage) -> None:
    """The far party is not told of the end of a call that he leaves anyway."""
    stage, bob, carol = consulting(stage)
    stage.b_inside(b"REFER", 1, naming(bob))
    bob.inside(b"BYE", 2).then("b: 200 BYE")
    stage.b_inside(b"BYE", 2).then("b: 200 BYE")
    carol.answers(200, body=carol.speech(version=2)).then("c: ACK", "b: NOTIFY")

    (bridged,) = stage.inline.calls
    assert stage.relay_call(bridged.key).is_joined


def test_a_far_party_without_a_call_to_go_back_to_is_let_go(stage: Stage) -> None:
    """He refuses, and his own call is over meanwhile."""
    stage, bob, carol = consulting(stage)
    stage.b_inside(b"REFER", 1, naming(bob))
    bob.inside(b"BYE", 2)
    carol.answers(488).then("c: ACK", "b: NOTIFY", "c: BYE")

    assert len(stage.inline.calls) == 1


def test_a_far_party_who_hangs_up_meanwhile_is_gone_from_both(stage: Stage) -> None:
    """Who asked hears 480; the first call goes on."""
    stage, bob, carol = consulting(stage)
    stage.b_inside(b"REFER", 1, naming(bob))
    carol.inside(b"BYE", 1)

    assert stage.request_to_b(b"NOTIFY").body.startswith(b"SIP/2.0 480 ")
    assert len(stage.inline.calls) == 1


def test_who_stays_hangs_up_while_the_far_party_is_asked(stage: Stage) -> None:
    """All of it is over."""
    stage, bob, carol = consulting(stage)
    stage.b_inside(b"REFER", 1, naming(bob))
    stage.a_inside(b"BYE", 2)

    assert len(stage.inline.calls) == 0
    assert carol.request(b"BYE")


def test_a_dialog_of_others_is_replaced_by_the_newcomers_own_phone(stage: Stage) -> None:
    """A consultation that did not go through us: he gets the Replaces (RFC 5589 section 7)."""
    stage, _, carol = consulting(stage)
    stage.b_inside(
        b"REFER", 1, (b"Refer-To", b"<sip:203@192.0.2.28?Replaces=x%3Bto-tag%3D1%3Bfrom-tag%3D2>")
    )

    assert carol.request().value(b"replaces") == b"x;to-tag=1;from-tag=2"


def test_a_call_that_is_just_changing_or_not_answered_is_not_joined(stage: Stage) -> None:
    """491: again, later."""
    stage = Stage(reloaded=stage.reloaded, targets=(PBX, CAROL), routes=(INNER, ROUTE)).talking()
    bob, carol = Phone(stage, "b"), Phone(stage, "c")
    bob.calls(body=bob.speech(), number=b"202")
    carol.answers(180)

    stage.b_inside(b"REFER", 1, naming(bob, bob.response().to_address.tag))
    stage.then("b: 491 REFER")


def test_a_call_is_not_joined_with_itself(stage: Stage) -> None:
    """That would be an echo."""
    stage.talking()
    tag = stage.answer_to_a().to_address.tag
    value = quote_from_bytes(b"call@a;to-tag=%s;from-tag=caller" % tag, safe="").encode()

    stage.b_inside(b"REFER", 1, (b"Refer-To", b"<sip:1@192.0.2.9?Replaces=%s>" % value))
    stage.then("b: 603 REFER")


# -- an INVITE with Replaces -----------------------------------------------------------------------


def test_an_invite_takes_the_place_of_a_dialog_that_it_names(stage: Stage) -> None:
    """RFC 3891: 200 to it, BYE to the other."""
    dave = Phone(stage.talking(), "d")
    before = stage.relay_call().ends[Side.CALLER]
    dave.calls(replacing(stage), body=dave.speech()).then("d: 200 INVITE", "a: BYE")
    dave.inside(b"ACK", 1)
    after = stage.relay_call()

    assert (after.ends[Side.CALLER].pair, after.ends[Side.CALLER].ssrc) == (
        before.pair,
        before.ssrc,
    )
    assert after.ends[Side.CALLER].places[0].host == "192.0.2.29"
    assert len(stage.inline.calls) == 1
    changed = stage.events(ParticipantChanged)
    assert [(each.what, each.instead_of) for each in changed] == [
        ("transferred", "sip:+81300001234@192.0.2.1")
    ]
    dave.inside(b"BYE", 2).then("d: 200 BYE", "b: BYE")
    stage.played(Outcome.CUT_SHORT)
    assert len(stage.inline.calls) == 0


def test_who_takes_a_place_with_a_notice_is_told_first(stage: Stage) -> None:
    """The default route tells the caller's side; nothing of him lands meanwhile."""
    dave = Phone(stage.talking(), "d")
    dave.calls(replacing(stage), body=dave.speech())
    call = stage.relay_call()
    assert [end.playing and end.playing.prompt for end in call.ends] == ["n.pcmu", "r.pcmu"]
    assert [end.is_hushed for end in call.ends] == [True, False]
    assert not call.is_joined

    stage.played()
    call = stage.relay_call()
    assert (call.is_joined, call.is_landed) == (True, True)


def test_a_callees_place_can_be_taken_too(stage: Stage) -> None:
    """The dialog is ours, whoever began it."""
    dave = Phone(stage.talking(), "d")
    invite = stage.request_to_b()
    tag = invite.from_address.tag
    value = invite.call_id + b";to-tag=" + tag + b";from-tag=callee"
    dave.calls((b"Replaces", value), body=dave.speech()).then("d: 200 INVITE", "b: BYE")

    assert stage.relay_call().is_joined


def test_a_newcomer_with_another_codec_has_who_stays_asked_again(stage: Stage) -> None:
    """He is answered in what he has."""
    dave = Phone(stage.talking(), "d")
    dave.calls(replacing(stage), body=dave.speech("8 101"))

    stage.then("d: 200 INVITE", "a: BYE", "b: INVITE")
    assert b"RTP/AVP 8 101" in stage.request_to_b().body


@pytest.mark.parametrize(
    ("replaces", "status"),
    [
        ((b"Replaces", b"call@a;to-tag=other;from-tag=caller"), 481),
        ((b"Replaces", b"call@z;to-tag=1;from-tag=2"), 481),
        ((b"Replaces", b"call@a"), 400),
    ],
)
def test_what_names_no_dialog_is_refused(stage: Stage, replaces: Header, status: int) -> None:
    """RFC 3891 section 3."""
    dave = Phone(stage.talking(), "d")
    dave.calls(replaces, body=dave.speech()).then(f"d: {status} INVITE")


def test_early_only_and_dialogs_that_are_over_and_two_at_once_are_refused(stage: Stage) -> None:
    """486 and 603 and 400."""
    dave = Phone(stage.talking(), "d")
    dave.calls(replacing(stage, early=True), body=dave.speech()).then("d: 486 INVITE")
    dave.own_id = b"second@d"
    dave.calls(replacing(stage), replacing(stage), body=dave.speech()).then("d: 400 INVITE")
    dave.own_id = b"third@d"
    named = replacing(stage)
    dave.calls(named, body=dave.speech()).then("d: 200 INVITE", "a: BYE")
    other = Phone(stage, "c")
    other.calls(named, body=other.speech()).then("c: 603 INVITE")


def test_who_offers_nothing_has_the_place_once_he_has_answered_our_offer(stage: Stage) -> None:
    """Until his ACK nobody is let go."""
    dave = Phone(stage.talking(), "d")
    dave.calls(replacing(stage)).then("d: 200 INVITE")
    assert b"m=audio" in dave.response().body
    assert stage.relay_call().is_joined

    dave.inside(b"ACK", 1, body=dave.speech()).then("a: BYE")
    assert stage.relay_call().ends[Side.CALLER].places[0].host == "192.0.2.29"
    assert [each.instead_of for each in stage.events(ParticipantChanged)] == [
        "sip:+81300001234@192.0.2.1"
    ]
    dave.inside(b"BYE", 2).then("d: 200 BYE", "b: BYE")
    stage.played(Outcome.CUT_SHORT)
    assert len(stage.inline.calls) == 0


@pytest.mark.parametrize("how", ["no answer", "no ACK", "BYE"])
def test_who_never_answers_our_offer_leaves_the_call_as_it_was(stage: Stage, how: str) -> None:
    """He is let go, and may not come back by the same dialog."""
    dave = Phone(stage.talking(), "d")
    dave.calls(replacing(stage))
    if how == "no answer":
        dave.inside(b"ACK", 1).then("d: BYE")
    elif how == "BYE":
        dave.inside(b"BYE", 2).then("d: 200 BYE")
    else:
        stage.until(stage.now_s + 40)
        assert dave.request(b"BYE")
    (bridged,) = stage.inline.calls

    assert stage.relay_call().is_joined
    assert bridged.sides.moved == ()
    assert bridged.call.transfer is None
    assert (b"own@d", dave.response().to_address.tag) in bridged.dialogs.gone
    stage.a_inside(b"BYE", 2).then("a: 200 BYE", "b: BYE")
    assert len(stage.inline.calls) == 0


def test_nobody_takes_a_place_while_another_one_is_on_his_way_there(stage: Stage) -> None:
    """491; who is on his way is still known."""
    stage, dave = stage.talking(), Phone(stage, "d")
    dave.calls(replacing(stage))
    carol = Phone(stage, "c")
    carol.calls(replacing(stage), body=carol.speech()).then("c: 491 INVITE")
    dave.inside(b"ACK", 1, body=dave.speech())
    (bridged,) = stage.inline.calls

    assert bridged.calls_as == ("sip:d@192.0.2.29", "")


# -- of a telephone that rings ---------------------------------------------------------------------


def ringing_at(stage: Stage, tag: bytes = b"callee", *, early: bool = False) -> Header:
    """A Replaces that names the early dialog of the callee."""
    invite = stage.request_to_b()
    value = b"%s;to-tag=%s;from-tag=%s" % (invite.call_id, invite.from_address.tag, tag)
    return b"Replaces", value + (b";early-only" if early else b"")


@pytest.mark.parametrize("early", [False, True])
def test_a_telephone_that_we_have_called_is_answered_elsewhere(stage: Stage, early: bool) -> None:
    """RFC 3891 section 3: 200 to who came, CANCEL to who rang."""
    dave = Phone(stage.ringing(), "d")
    dave.calls(ringing_at(stage, early=early), body=dave.speech())
    stage.then("d: 200 INVITE", "b: CANCEL", "a: 200 INVITE")
    stage.b_answers(stage.request_to_b(), 487).then("b: ACK")
    dave.inside(b"ACK", 1)
    stage.a_inside(b"ACK", 1).played()
    call = stage.relay_call()

    assert call.is_joined
    assert call.ends[Side.CALLEE].places[0].host == "192.0.2.29"
    dave.inside(b"BYE", 2).then("d: 200 BYE", "a: BYE")
    assert len(stage.inline.calls) == 0


def test_who_answers_elsewhere_is_who_is_recorded(stage: Stage) -> None:
    """Who rang was never there: nobody was transferred."""
    dave = Phone(stage.ringing(), "d")
    dave.calls(ringing_at(stage), body=dave.speech())
    stage.a_inside(b"ACK", 1).played()

    known = [each.aor for each in stage.events(StreamPartyKnown)]
    assert [each for each in known if each] == ["sip:+81300001234@192.0.2.1", "sip:d@192.0.2.29"]
    assert stage.events(ParticipantChanged) == []


def test_who_was_replaced_while_he_rang_is_not_to_be_had_twice(stage: Stage) -> None:
    """603: his dialog is over."""
    dave, carol = Phone(stage.ringing(), "d"), Phone(stage, "c")
    dave.calls(ringing_at(stage), body=dave.speech())

    carol.calls(ringing_at(stage), body=carol.speech()).then("c: 603 INVITE")


def test_the_next_target_is_called_while_he_who_comes_has_not_answered() -> None:
    """What is found of it is not found for him."""
    route = Route(name="support", to=("pbx", "carol"))
    stage = Stage(targets=(PBX, CAROL), routes=(route,)).ringing()
    dave = Phone(stage, "d")
    dave.calls(ringing_at(stage))

    stage.b(503).then("b: ACK", "c: INVITE")


def test_an_answer_that_crosses_the_cancel_is_ended(stage: Stage) -> None:
    """ACK and BYE; the call is not his."""
    dave = Phone(stage.ringing(), "d")
    dave.calls(ringing_at(stage), body=dave.speech())
    invite = stage.request_to_b()

    stage.b_answers(invite, 200, body=ANSWER).then("b: ACK", "b: BYE")
    assert len(stage.inline.calls) == 1


def test_without_an_offer_he_is_joined_once_he_has_answered(stage: Stage) -> None:
    """The caller is answered then, and not before."""
    dave = Phone(stage.ringing(), "d")
    dave.calls(ringing_at(stage)).then("d: 200 INVITE")
    dave.inside(b"ACK", 1, body=dave.speech()).then("b: CANCEL", "a: 200 INVITE")

    stage.b_answers(stage.request_to_b(), 487).then("b: ACK")
    stage.a_inside(b"ACK", 1).played()
    assert stage.relay_call().is_joined


def test_who_rings_may_answer_before_he_has(stage: Stage) -> None:
    """Then he takes the place of somebody who talks."""
    dave = Phone(stage.ringing(), "d")
    dave.calls(ringing_at(stage))
    stage.b(200, body=ANSWER).then("b: ACK", "a: 200 INVITE")
    stage.a_inside(b"ACK", 1)

    dave.inside(b"ACK", 1, body=dave.speech()).then("b: BYE")


def test_a_call_that_others_make_is_not_answered_elsewhere(stage: Stage) -> None:
    """We did not begin it (RFC 3891 section 3)."""
    dave = Phone(stage.ringing(), "d")
    dave.calls(replacing(stage), body=dave.speech()).then("d: 481 INVITE")


def test_a_fork_that_nobody_has_heard_of_is_unknown(stage: Stage) -> None:
    """Both tags count."""
    dave = Phone(stage.ringing(), "d")
    dave.calls(ringing_at(stage, b"other"), body=dave.speech()).then("d: 481 INVITE")


def test_a_telephone_that_has_stopped_ringing_is_not_answered(stage: Stage) -> None:
    """603: the caller has given up, and its last word is on its way."""
    stage.ringing().a(from_caller(b"CANCEL"))
    dave = Phone(stage, "d")

    dave.calls(ringing_at(stage), body=dave.speech()).then("d: 603 INVITE")


def test_early_only_comes_too_late_for_who_has_answered(stage: Stage) -> None:
    """486 (RFC 3891 section 3)."""
    dave = Phone(stage.talking(), "d")
    dave.calls(ringing_at(stage, early=True), body=dave.speech()).then("d: 486 INVITE")


def test_a_transfers_target_that_rings_is_answered_elsewhere() -> None:
    """Its early dialog is one of ours as well."""
    stage = Stage(targets=(PBX, CAROL), routes=(INNER, ROUTE)).talking()
    dave, carol = Phone(stage, "d"), Phone(stage, "c")
    stage.b_inside(b"REFER", 1, (b"Refer-To", b"<sip:202@192.0.2.28>"))
    carol.answers(180)
    invite = carol.request()
    value = b"%s;to-tag=%s;from-tag=tag-c" % (invite.call_id, invite.from_address.tag)
    dave.calls((b"Replaces", value), body=dave.speech())
    stage.then("d: 200 INVITE", "c: CANCEL", "b: NOTIFY", "b: BYE")
    carol.answers(487).then("c: ACK")
    dave.inside(b"ACK", 1)

    assert stage.relay_call().ends[Side.CALLEE].places[0].host == "192.0.2.29"
    assert stage.relay_call().is_joined
    (bridged,) = stage.inline.calls
    assert (invite.call_id, invite.from_address.tag) in bridged.dialogs.gone


# -- of the far party ------------------------------------------------------------------------------


def test_a_replaces_that_is_for_the_far_party_goes_there(stage: Stage) -> None:
    """He knows our dialog by the other name; the INVITE is a call like others."""
    stage.talking()
    first = stage.request_to_b()
    value = b"%s;to-tag=callee;from-tag=%s" % (first.call_id, first.from_address.tag)
    again = from_caller(b"INVITE", (b"Replaces", value), body=b"v=0\r\n").replace(b"call@a", b"n@a")
    again = again.replace(b"tag=caller", b"tag=again")
    dave = Phone(stage, "d")

    dave.calls((b"Replaces", value), body=dave.speech(), number=b"0355509999").then("b: INVITE")
    assert stage.request_to_b().value(b"replaces") == value


# -- whose places may be taken ---------------------------------------------------------------------

OTHER = Source(name="other", tenant=b"t" * 16, networks=(ip_network("198.51.100.7/32"),))


def test_a_place_is_its_own_sources_to_take(stage: Stage) -> None:
    """Call-ID and tags stand in logs; whoever read them would hear the other party."""
    stage.beside(OTHER).talking()
    eve = Phone(stage, "x")
    eve.calls(replacing(stage), body=eve.speech()).then("x: 481 INVITE")
    assert stage.rows() == [(481, "replaces no call that is up")]

    dave = Phone(stage, "d")
    dave.calls(replacing(stage), body=dave.speech()).then("d: 200 INVITE", "a: BYE")


@pytest.mark.parametrize(
    ("route", "group"), [(replace(ROUTE, replaces_from=("other",)), ""), (ROUTE, "house")]
)
def test_a_route_may_name_who_takes_places_and_a_group_is_one_source(
    route: Route, group: str
) -> None:
    """A desk that picks up what another system holds."""
    stage = Stage(routes=(route,), source=replace(TRUNK, peer_group=group))
    stage.beside(replace(OTHER, peer_group=group)).talking()
    eve = Phone(stage, "x")

    eve.calls(replacing(stage), body=eve.speech()).then("x: 200 INVITE", "a: BYE")


def test_nobody_brings_over_who_is_in_somebody_elses_call(stage: Stage) -> None:
    """A REFER whose Replaces names a call of another source is the same by another way."""
    stage = Stage(reloaded=stage.reloaded, targets=(PBX, CAROL), routes=(INNER, ROUTE))
    stage.beside(OTHER).talking()
    eve, carol = Phone(stage, "x"), Phone(stage, "c")
    eve.calls(body=eve.speech(), number=b"202").then("c: INVITE")
    carol.answers(180)
    carol.answers(200, body=carol.speech())
    eve.inside(b"ACK", 1)
    name, value = replacing(stage)
    assert name == b"Replaces"
    escaped = quote_from_bytes(value, safe="").encode()
    eve.inside(b"REFER", 2, (b"Refer-To", b"<sip:1@192.0.2.9?Replaces=%s>" % escaped))

    assert eve.response(b"REFER").status == 403
    assert len(stage.inline.calls) == 2
