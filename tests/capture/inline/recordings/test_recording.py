"""The recording of a call: streams, parties, evidence."""

from archive.events import (
    CallEnded,
    NoticePlayed,
    NoticeReported,
    ParticipantChanged,
    RecordingBegan,
    StreamAdded,
    StreamChanged,
    StreamKeyed,
    StreamPartyKnown,
)
from capture.inline.recordings.recording import NODE
from capture.relaying import Outcome, Reported, Side
from tests.capture.inline.stage import ANSWER, OFFER, Stage, sdp

CRYPTO = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40


def test_the_parties_have_a_stream_each_and_so_has_what_they_heard_of_us(stage: Stage) -> None:
    """What the node plays is no party's."""
    stage.talking()
    labels = [each.label for each in stage.events(StreamAdded)]
    node = [each for each in stage.events(StreamPartyKnown) if each.participant == NODE]

    assert labels == ["caller", "callee", "to caller", "to callee"]
    assert {each.side for each in node} == {"node"}


def test_formats_are_what_a_party_was_asked_to_send(stage: Stage) -> None:
    """Not what it can receive."""
    stage.talking()
    caller = stage.events(StreamAdded)[0]

    assert [each.encoding for each in caller.formats] == ["PCMU", "telephone-event"]


def test_a_hold_is_an_event_of_the_stream_that_rests(stage: Stage) -> None:
    """And the call is on hold while nobody speaks."""
    stage.talking()
    stage.a_inside(b"INVITE", 2, body=sdp("192.0.2.1", 4000, "a=inactive", version=2))
    stage.b(200, body=sdp("192.0.2.30", 5000, "a=inactive", version=2, formats="0 101"))
    changed = stage.events(StreamChanged)
    (session,) = stage.premises.sessions

    assert [(each.stream, each.direction) for each in changed] == [(0, "inactive"), (1, "inactive")]
    assert session.held_since_us > 0


def test_keys_of_srtp_are_kept_with_the_stream_that_they_open(stage: Stage) -> None:
    """In the sealed file alone."""
    offer = OFFER.replace(b"RTP/AVP", b"RTP/SAVP") + CRYPTO.encode() + b"\r\n"
    answer = (
        ANSWER.replace(b"RTP/AVP", b"RTP/SAVP") + CRYPTO.replace("AAAA", "BBBB").encode() + b"\r\n"
    )
    stage.calls(body=offer).b(180).b(200, body=answer)
    stage.a_inside(b"ACK", 1).played()

    assert [(each.stream, "inline:A" in each.crypto) for each in stage.events(StreamKeyed)] == [
        (0, True),
        (1, False),
    ]


def test_a_notice_that_was_cut_short_says_so(stage: Stage) -> None:
    """Never "heard", and never "complete"."""
    stage.answered().played(Outcome.CUT_SHORT)
    (notice,) = stage.events(NoticePlayed)

    assert (notice.outcome, notice.to) == ("cut_short", "caller")


def test_what_rtcp_says_of_the_notice_is_told_at_the_end(stage: Stage) -> None:
    """Or that it said nothing."""
    silent = Stage().talking().a_inside(b"BYE", 2)
    assert [each.reports for each in silent.events(NoticeReported)] == [0]
    reporting = Stage().talking()
    call = reporting.relay_call().call
    report = Reported(call=call, side=Side.CALLER, highest_sequence=150, lost=3, jitter=7, at_us=1)
    reporting.inline.relay_said(report, reporting.now)
    reporting.a_inside(b"BYE", 2)
    (told,) = reporting.events(NoticeReported)

    assert (told.reports, told.through, told.lost) == (1, True, 3)
    assert stage is not None


def test_a_connected_identity_is_who_the_callee_is(stage: Stage) -> None:
    """RFC 3325, RFC 4916: who answered, not who was dialled."""
    stage.ringing().b(200, (b"P-Asserted-Identity", b'"Suzuki" <sip:305@pbx>'), body=ANSWER)
    stage.a_inside(b"ACK", 1).played()
    callee = [each for each in stage.events(StreamPartyKnown) if each.stream == 1][-1]

    assert (callee.aor, callee.names[0].text) == ("sip:305@pbx", "Suzuki")
    assert stage.events(ParticipantChanged) == []


def test_a_notice_that_was_missed_ends_the_recording_where_the_route_says_so() -> None:
    """The call goes on."""
    import dataclasses

    from tests.capture.inline.stage import ROUTE

    route = dataclasses.replace(ROUTE, without_notice="connect-unrecorded")
    stage = Stage(routes=(route,)).answered().played(Outcome.FAILED)

    assert [each.reason for each in stage.events(CallEnded)] == ["stopped"]
    assert stage.events(RecordingBegan) == [], "nothing of it is kept, and it does not say so"
    assert not stage.relay_call().is_landed
    assert stage.relay_call().is_joined
