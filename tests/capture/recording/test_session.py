"""Recording sessions as playbooks: what each step adds to the recording."""

import pytest

from archive.call.events import Flagged, encode_event
from capture.links.recorder_messages import NumberedEvent
from capture.recording.session import (
    MAX_EVENTS,
    WHOLE_RECORDING,
    SessionFull,
    SessionRecording,
    flagged,
    over,
)
from tests.capture.siprec.calls import NEW, ONE, TWO, Call, up
from tests.capture.siprec.documents import OPEN_CALL


def test_an_invite_of_two_streams() -> None:
    """Opened first; each stream has its number, its pair and the peer's label."""
    call = Call()
    (
        call.offer(ONE, TWO)
        .then("CallOpened", "StreamAdded 0 recvonly", "StreamAdded 1 recvonly")
        .metadata(OPEN_CALL)
        .then(
            "MetadataReceived",
            "CommunicationSessionKnown",
            "StreamPartyKnown 0 customer internal_domain",
            "StreamPartyKnown 1 agent internal_domain",
        )
        .over("bye")
        .then("CallEnded bye")
    )

    assert [(s.stream, s.pair, s.port, s.label) for s in call.streams()] == [
        (0, 0, 10_000, "96"),
        (1, 1, 10_002, "97"),
    ]
    assert [(s.rtcp.host, s.rtcp.port) for s in call.streams()] == [
        ("192.0.2.10", 6001),
        ("192.0.2.10", 6003),
    ]
    assert [event.serial for event in call.recording.events] == list(range(10))
    assert (call.recording.ended, call.recording.ended_us) == ("bye", 21)
    assert (call.session.ended, call.session.ended_us) == ("bye", 21)


@pytest.mark.parametrize("reason", ["media_timeout", "hold_timeout", "probe_failed"])
def test_an_end_that_nobody_said_is_flagged_once(reason: str) -> None:
    """Whoever listens should know that the end may be missing."""
    call = up().over(reason)  # type: ignore[arg-type]  # an EndReason
    call.then("Flagged no_bye", f"CallEnded {reason}")
    call.over("bye").then()
    assert call.session.ended == reason


@pytest.mark.parametrize("reason", ["bye", "cancel", "max_length", "session_ended"])
def test_an_end_that_was_said_or_decided_is_not_flagged(reason: str) -> None:
    """Our own limits are no fault of the peer's."""
    up().over(reason).then(f"CallEnded {reason}")  # type: ignore[arg-type]  # an EndReason


def test_a_session_that_changes_all_day_is_full_and_still_can_end() -> None:
    """Memory is bounded; the end always has room, else the call would never be closed."""
    event = NumberedEvent(0, 1, WHOLE_RECORDING, encode_event(Flagged(at_us=1, flag="no_bye")))
    changed = SessionRecording(recording=b"r", created_us=1, events=(event,) * MAX_EVENTS)
    full = NEW.with_recording(changed)
    with pytest.raises(SessionFull):
        flagged(full, "ack_missing", 1)
    ended = over(full, "media_timeout", 5)

    assert ended.ended == "media_timeout"
    assert len(ended.recordings[0].events) == MAX_EVENTS + 2
