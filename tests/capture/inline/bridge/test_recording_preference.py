"""A party says in its description what it would like of its recording."""

import dataclasses

import pytest

from archive.call.events import CallEnded, Flagged, RecordingPaused, RecordingPreferred
from archive.call.live import Why
from capture.inline.bridge.recording_preference import changed, preference, spoken
from capture.inline.routing.modes import Mode
from capture.inline.state.call_events import Reanswered, Reoffered
from capture.recording.pause_control import ControlRefused
from capture.sdp.record_attribute import Preference
from tests.capture.inline.playbook import (
    CALLEE,
    CALLER,
    LATER,
    PLAIN,
    Playbook,
    a_call,
    planned,
    sdp,
)
from tests.capture.inline.stage import ANSWER, OFFER, ROUTE, Stage
from tests.support.inline.controlling import start
from tests.support.inline.indicating import said_in
from tests.support.inline.preferring import prefers

HONOURS = dataclasses.replace(ROUTE, record_preference="honour")
OFF = "a=recordpref:off\r\n"


def test_what_both_have_said_is_known_and_what_is_new_of_it() -> None:
    """A description without a preference takes nothing back."""
    play = Playbook(a_call(PLAIN, sdp(0, 101, maps="a=recordpref:on\r\n"))).joined()
    before = play.call

    assert (preference(before.caller), preference(before.callee)) == (Preference.ON, "")
    assert spoken(before) == (CALLER,)
    assert changed(before, before) == ()
    play.when(Reoffered(CALLER, LATER, b"INVITE", sdp(0, 101, version=2, maps=OFF)))
    assert changed(before, play.call) == (CALLER,)


def test_where_a_party_has_a_say_its_no_ends_recording_and_the_call_goes_on() -> None:
    """As with the key of a refusal."""
    plan = planned(honours=True)
    play = Playbook(a_call(plan)).joined()
    play.when(Reoffered(CALLER, LATER, b"UPDATE", sdp(18, 0, 8, 101, version=2, maps=OFF)))

    play.then("Reply 200 sdp")
    assert (play.call.recording.unrecorded, play.call.is_joined) == ("refused", True)


def test_a_callee_that_says_no_spares_the_caller_a_notice_of_nothing() -> None:
    """Both talk at once."""
    answer = sdp(0, 101, host="192.0.2.30", port=5000, maps=OFF)
    play = Playbook(a_call(planned(honours=True))).answered(answer)

    assert play.call.recording.unrecorded == "refused"
    assert play.hears(CALLER) == ""
    assert play.call.is_joined


@pytest.mark.parametrize("word", ["on", "pause", "nopreference"])
def test_other_words_end_nothing(word: str) -> None:
    """`pause` is another rule's."""
    answer = sdp(0, 101, host="192.0.2.30", port=5000, maps=f"a=recordpref:{word}\r\n")
    play = Playbook(a_call(planned(honours=True))).answered(answer)

    assert play.call.recording.unrecorded == ""


def test_without_a_say_a_no_changes_nothing() -> None:
    """That is the usual; the policy is the operator's."""
    answer = sdp(0, 101, host="192.0.2.30", port=5000, maps=OFF)

    assert Playbook(a_call()).answered(answer).call.recording.unrecorded == ""


def test_the_other_side_is_not_asked_for_what_is_about_recording_alone() -> None:
    """A hold that comes along does cross."""
    play = Playbook(a_call(PLAIN)).joined()
    play.when(Reoffered(CALLER, LATER, b"INVITE", sdp(18, 0, 8, 101, version=2, maps=OFF)))
    play.then("Reply 200 sdp")
    held = sdp(18, 0, 8, 101, version=3, maps="a=recordpref:on\r\n", direction="sendonly")
    play.when(Reoffered(CALLER, LATER, b"INVITE", held)).then("INVITE callee")


def test_a_no_that_comes_with_a_hold_counts_as_well() -> None:
    """When the other side has taken that."""
    play = Playbook(a_call(planned(prompts=(), honours=True))).joined()
    held = sdp(18, 0, 8, 101, version=2, maps=OFF, direction="sendonly")
    play.when(Reoffered(CALLER, LATER, b"INVITE", held))
    assert play.call.recording.unrecorded == ""
    play.when(Reanswered(CALLEE, 200, sdp(0, 101, version=2, direction="recvonly")))

    assert play.call.recording.unrecorded == "refused"


# -- on the stage -------------------------------------------------------------------------------


def test_a_preference_is_kept_with_the_recording_whatever_comes_of_it(stage: Stage) -> None:
    """Of the first description, and of later ones."""
    stage.calls(body=prefers("off", 1)).b(180).b(200, body=ANSWER)
    stage.a_inside(b"ACK", 1).played()
    stage.a_inside(b"INVITE", 2, body=prefers("nopreference")).then("a: 200 INVITE")
    said = stage.events(RecordingPreferred)

    assert [(each.by, each.preference, each.honoured) for each in said] == [
        ("caller", "off", False),
        ("caller", "nopreference", False),
    ]
    assert stage.relay_call().is_landed


def test_a_caller_who_says_no_from_the_first_is_told_of_no_recording(stage: Stage) -> None:
    """No notice, no recording; the ledger says why."""
    quiet = Stage(reloaded=stage.reloaded, routes=(HONOURS,))
    quiet.calls(body=prefers("off", 1)).b(180).b(200, body=ANSWER)
    quiet.a_inside(b"ACK", 1)
    assert quiet.relay_call().is_joined
    assert quiet.relay_call().ends[0].playing is None
    quiet.a_inside(b"BYE", 2)

    assert quiet.records() == []
    assert quiet.rows() == [(200, "refused")]


def test_from_a_no_during_the_call_on_nothing_is_kept_and_it_is_answered_off(stage: Stage) -> None:
    """RFC 7866 section 7.1.3: the state is reported in the answer."""
    quiet = Stage(reloaded=stage.reloaded, routes=(HONOURS,))
    quiet.calls((b"Supported", b"record-aware")).b(180)
    quiet.b(200, body=ANSWER)
    quiet.a_inside(b"ACK", 1).played()
    _takes_update(quiet)
    quiet.a_inside(b"INVITE", 2, body=prefers("off")).then("a: 200 INVITE")

    assert said_in(quiet.answer_to_a()) == "off"
    assert [each.flag for each in quiet.events(Flagged)] == ["refused"]
    assert [each.honoured for each in quiet.events(RecordingPreferred)] == [True]
    assert [each.reason for each in quiet.events(RecordingPaused)] == ["refused"]
    assert quiet.events(CallEnded) == []
    assert not quiet.relay_call().is_landed
    assert quiet.relay_call().is_joined


def test_what_a_party_would_rather_not_nobody_begins_by_hand() -> None:
    """Nor is anything kept any more where somebody has begun it before the party said so."""
    route = dataclasses.replace(HONOURS, record=Mode.NO, on_demand=True, notice=())
    quiet = Stage(routes=(route,))
    quiet.calls(body=prefers("off", 1)).b(180).b(200, body=ANSWER)
    quiet.a_inside(b"ACK", 1)
    with pytest.raises(ControlRefused, match=Why.UNWANTED):
        start(quiet)
    assert quiet.records() == []

    begun = start(Stage(routes=(route,)).answered())
    assert len(begun.records()) == 1
    begun.a_inside(b"INVITE", 2, body=prefers("off")).then("a: 200 INVITE")
    assert [each.by for each in begun.events(RecordingPaused)] == ["sip:+81300001234@192.0.2.1"]
    assert not begun.relay_call().is_landed


@pytest.mark.parametrize("mode", [Mode.FORCE, Mode.NEVER])
def test_what_route_or_target_have_fixed_no_party_changes(mode: Mode) -> None:
    """`force` and `never` hold for the whole call."""
    stage = Stage(routes=(dataclasses.replace(HONOURS, record=mode),)).calls(body=OFFER)
    (call,) = stage.inline.calls

    assert not call.call.plan.control.honours


def _takes_update(stage: Stage) -> None:
    """The caller takes what he was just told."""
    sent = stage.to_a()[-1]
    kept = {b"via", b"from", b"to", b"call-id", b"cseq"}
    lines = [b"SIP/2.0 200 OK", *(each.raw for each in sent.lines if each.name in kept)]
    lines += [b"Content-Type: application/sdp", b"Content-Length: %d" % len(OFFER)]
    stage.a(b"\r\n".join(lines) + b"\r\n\r\n" + OFFER)
