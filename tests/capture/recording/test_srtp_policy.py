"""SRTP of a recording session: keys taken, changed, refused, flagged."""

import dataclasses
from typing import Final

import pytest

from archive.call.events import StreamKeyed
from capture.links.recorder_messages import Record
from capture.recording.outputs import ToWorker
from capture.recording.session import RecordingSession
from capture.sip.flow import Flow
from tests.capture.sdp.offers import HEAD, stream
from tests.capture.siprec.calls import Call
from tests.capture.siprec.stage import CLIENT, SDP, SIPREC, UDP, Stage, invite, request
from tests.support.sdp.crypto import GCM, USUAL
from tests.support.siprec.keying import secure

TLS: Final = Flow(transport="tls", local=UDP.local, remote=UDP.remote, connection=1)
OTHER: Final = USUAL.replace(b"QUFBQUFB", b"QUFBQUFC")


def keys(call: Call) -> list[str]:
    return [event.crypto for event in call.new_events() if isinstance(event, StreamKeyed)]


# fmt: off
def test_the_key_is_an_event_of_the_recording() -> None:
    """It is sealed with what it opens; the worker knows it too."""
    call = Call()
    call.offer(secure()).then("CallOpened", "StreamAdded 0 recvonly", "StreamKeyed 0")

    assert keys(call) == [USUAL.decode()]
    assert call.streams()[0].keys == (USUAL.decode(),)


def test_a_key_that_is_repeated_is_no_news() -> None:
    """A refresh; and a hold with the same key changes the direction alone."""
    (
        Call().offer(secure())
              .offer(secure()).then()
              .offer(secure(USUAL, b"inactive")).then("StreamChanged 0 inactive")
    )


def test_a_new_key_joins_the_old_one() -> None:
    """Packets of both are on their way."""
    call = Call().offer(secure()).offer(secure(OTHER)).then("StreamKeyed 0")

    assert call.streams()[0].keys == (USUAL.decode(), OTHER.decode())


def test_keys_are_not_kept_without_bound() -> None:
    """A client that changes its key at each hold; the recording has them all."""
    call = Call()
    for number in range(9):
        call.offer(secure(USUAL.replace(b"1 AES", b"%d AES" % (number + 1))))

    assert len(call.streams()[0].keys) == 4


def test_a_stream_that_turns_plain_is_another_one() -> None:
    """Else a packet that nobody sealed would have to be believed, or a plain one silenced."""
    call = Call().offer(secure())
    call.offer(stream(label=b"96")).then("StreamRemoved 0", "StreamAdded 1 recvonly")
    assert call.streams()[0].keys == ()

    call.offer(secure()).then("StreamRemoved 1", "StreamAdded 2 recvonly", "StreamKeyed 2")
    assert call.streams()[0].pair == 0
# fmt: on


def test_a_call_with_keys_in_the_clear_is_taken_and_flagged(stage: Stage) -> None:
    """Once in its life, whatever else is offered."""
    stage.peer(invite(HEAD + secure())).inside(b"INVITE", 2, SDP, body=HEAD + secure(OTHER))

    assert flags(stage.session).count("Flagged keys_in_clear") == 1


def test_keys_that_came_over_tls_are_nobody_elses(stage: Stage) -> None:
    """No flag."""
    stage.peer(invite(HEAD + secure()), TLS)

    assert "Flagged keys_in_clear" not in flags(stage.session)


@pytest.mark.parametrize(
    ("settings", "offer", "flow", "warning"),
    [
        ({"keys_in_clear": "refuse"}, secure(), UDP, b"over TLS"),
        ({"srtp": "require"}, stream(label=b"96"), UDP, b"SRTP is asked for"),
        ({"srtp": "require"}, secure() + stream(label=b"97"), UDP, b"SRTP is asked for"),
        ({}, secure(b"1 F8_128_HMAC_SHA1_80 inline:AAAA"), UDP, b"302"),
        ({}, b"m=video 6002 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n", UDP, b"304"),
        ({}, stream(formats=b"101"), UDP, b"305"),
        ({}, stream(b"rtpmap:96 EVS/16000", formats=b"96"), UDP, b"305"),
    ],
)
def test_what_may_not_be_offered_is_refused_with_the_reason(
    settings: dict[str, str], offer: bytes, flow: Flow, warning: bytes
) -> None:
    """RFC 3261 §20.43: who reads the client's log knows what to change."""
    source = dataclasses.replace(CLIENT, **settings)  # type: ignore[arg-type]  # fields of Source
    stage = Stage(source=source).peer(invite(HEAD + offer), flow)
    (answer,) = [each for each in stage.answers() if each.status >= 200]

    assert answer.status == 488
    assert warning in (answer.value(b"warning") or b"")


def test_a_source_that_keeps_anything_is_taken_whatever_it_brings() -> None:
    """EVS today, a decoder perhaps tomorrow: the site decides."""
    source = dataclasses.replace(CLIENT, keep_anything=True)
    stage = Stage(source=source)
    stage.peer(invite(HEAD + stream(b"rtpmap:96 EVS/16000", formats=b"96")), UDP)

    assert stage.answers()[-1].status == 200


def test_a_source_of_srtp_is_taken_over_tls() -> None:
    """Both settings at their strictest."""
    source = dataclasses.replace(CLIENT, srtp="require", keys_in_clear="refuse")
    stage = Stage(source=source).peer(invite(HEAD + secure()), TLS)

    assert stage.answers()[-1].status == 200


def test_the_worker_is_told_both_keys(stage: Stage) -> None:
    """Theirs to prove a sample, ours to seal the reports."""
    stage.peer(invite(HEAD + secure(GCM)))
    (wanted,) = recorded(stage).streams

    assert wanted.keys == (GCM.decode(),)
    assert wanted.own_key.startswith("9 AEAD_AES_256_GCM inline:")
    assert wanted.own_key not in wanted.keys


def test_an_offer_of_ours_is_answered_with_the_peers_key() -> None:
    """An INVITE without an offer, of a source that must use SRTP."""
    stage = Stage(source=dataclasses.replace(CLIENT, srtp="require"))
    stage.peer(request(b"INVITE", SIPREC))
    assert b"RTP/SAVP" in stage.answers()[-1].body
    stage.inside(b"ACK", 1, SDP, body=HEAD + secure(label=b"1") + secure(OTHER, label=b"2"))
    streams = recorded(stage).streams

    assert [each.keys for each in streams] == [(USUAL.decode(),), (OTHER.decode(),)]
    assert all(each.own_key.startswith("1 AES_CM_128_HMAC_SHA1_80") for each in streams)


def test_a_stream_whose_samples_fail_is_flagged_once(stage: Stage) -> None:
    """The worker may say so again after it was replaced."""
    stage.peer(invite(HEAD + secure()))
    recording = stage.recording.recording
    for _ in range(2):
        stage._did(stage.server.unproved(recording, 0, stage.now))
    assert flags(stage.session).count("Flagged media_unproved") == 1

    stage._did(stage.server.unproved(b"unknown", 0, stage.now))
    assert stage.outputs == []


def recorded(stage: Stage) -> Record:
    """What the worker was told last."""
    told = [o.command for o in stage.log if isinstance(o, ToWorker)]
    (*_, last) = [command for command in told if isinstance(command, Record)]
    return last


def flags(session: RecordingSession) -> list[str]:
    """The flags of all recordings."""
    call = Call(session=session)
    return [f"Flagged {event.flag}" for event in call.new_events() if hasattr(event, "flag")]
