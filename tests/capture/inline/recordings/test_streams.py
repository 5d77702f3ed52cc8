"""The streams of the parties: formats, keys, hold, who speaks."""

from archive.call.events import (
    ParticipantChanged,
    StreamAdded,
    StreamChanged,
    StreamKeyed,
    StreamPartyKnown,
)
from tests.capture.inline.stage import ANSWER, OFFER, Stage, sdp

CRYPTO = "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + "A" * 40


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
    (session,) = stage.node.sessions

    assert [(each.stream, each.direction) for each in changed] == [(0, "inactive"), (1, "inactive")]
    assert session.liveness.held_since_us > 0


def held(stage: Stage) -> Stage:
    """The caller has put the callee on hold."""
    stage.talking().a_inside(
        b"INVITE", 2, body=sdp("192.0.2.1", 4000, "c=IN IP4 0.0.0.0", version=2)
    )
    stage.b(200, body=sdp("192.0.2.30", 5000, "a=recvonly", version=2, formats="0 101"))
    return stage.a_inside(b"ACK", 2)


def test_a_hold_by_one_side_is_one_that_may_be_silent(stage: Stage) -> None:
    """Also the old kind, an address that is nowhere (RFC 3264 section 8.4)."""
    (session,) = held(stage).node.sessions

    assert (session.liveness.held_since_us, session.is_half_held) == (0, True)


def test_who_is_taken_off_it_has_the_whole_time_again(stage: Stage) -> None:
    """The last packet is older than the time without media."""
    held(stage).until(1_000.0)
    stage.a_inside(b"INVITE", 3, body=sdp("192.0.2.1", 4000, version=3))
    stage.b(200, body=sdp("192.0.2.30", 5000, version=3, formats="0 101"))
    (session,) = stage.node.sessions

    assert not session.is_half_held
    assert session.liveness.resumed_us == stage.now.us


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


def test_a_connected_identity_is_who_the_callee_is(stage: Stage) -> None:
    """RFC 3325, RFC 4916: who answered, not who was dialled."""
    stage.ringing().b(200, (b"P-Asserted-Identity", b'"Suzuki" <sip:305@pbx>'), body=ANSWER)
    stage.a_inside(b"ACK", 1).played()
    callee = [each for each in stage.events(StreamPartyKnown) if each.stream == 1][-1]

    assert (callee.aor, callee.names[0].text) == ("sip:305@pbx", "Suzuki")
    assert stage.events(ParticipantChanged) == []
