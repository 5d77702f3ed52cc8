"""Which recording a stream belongs to, as calls come and go in one recording session."""

from archive.call.events import (
    CommunicationSessionKnown,
    Event,
    Flagged,
    MetadataReceived,
    decode_event,
)
from capture.recording.session import SessionRecording
from tests.capture.sdp.offers import stream
from tests.capture.siprec.calls import Call
from tests.capture.siprec.documents import recording
from tests.support.siprec.keying import secure

ONE, TWO = stream(label=b"1"), stream(label=b"2", port=6002)
THREE = stream(label=b"3", port=6004)


def call(name: str, *labels: int, more: str = "") -> str:
    """A communication session and its streams."""
    streams = (
        f'<stream stream_id="{name}{label}" session_id="{name}"><label>{label}</label></stream>'
        for label in labels
    )
    return f'<session session_id="{name}">{more}</session>' + "".join(streams)


def homes(of: Call) -> list[str]:
    """The call of each stream's recording, in the order of the m-lines."""
    by_position = sorted(of.session.streams, key=lambda each: each.position)
    return [
        of.session.recording(each.recording).described.communication_session for each in by_position
    ]


def ends(of: Call) -> dict[str, str | None]:
    """How each recording stands, by its call."""
    return {each.described.communication_session: each.ended for each in of.session.recordings}


def _told(of: SessionRecording) -> list[Event]:
    return [decode_event(each.payload) for each in of.events]


def known(of: SessionRecording) -> list[tuple[str, str]]:
    """Which call and group a recording says that it is of."""
    return [
        (each.communication_session, each.group)
        for each in _told(of)
        if isinstance(each, CommunicationSessionKnown)
    ]


# -- one call ------------------------------------------------------------------------------------


def test_a_session_without_metadata_is_one_recording() -> None:
    """All that can be said is that somebody speaks."""
    up = Call().offer(ONE, TWO).metadata(None)

    assert homes(up) == ["", ""]
    assert len(up.session.recordings) == 1


def test_the_call_that_is_described_later_is_that_of_the_recording() -> None:
    """Network-based clients and slow ones tell it by UPDATE: one call, one recording."""
    up = Call().offer(ONE, TWO).metadata(recording(call("a", 1, 2)))

    assert homes(up) == ["a", "a"]
    assert known(up.recording) == [("a", "")]


def test_a_stream_that_the_document_does_not_name_is_the_calls_too() -> None:
    """It was offered in the same session; whose else should it be?"""
    up = Call().told(recording(call("a", 1))).offer(ONE, TWO)

    assert homes(up) == ["a", "a"]


def test_a_recording_says_which_call_and_group_it_is_of() -> None:
    """What joins it to others."""
    document = recording('<group group_id="g"/>', call("a", 1, more="<group-ref>g</group-ref>"))
    up = Call().told(document).offer(ONE)

    assert known(up.recording) == [("a", "g")]


# -- several calls -------------------------------------------------------------------------------


def test_two_calls_in_one_session_are_two_recordings() -> None:
    """Neither hears the other; each begins with how the session began and what was said."""
    up = Call().told(recording(call("a", 1), call("b", 2))).offer(ONE, TWO)

    assert homes(up) == ["a", "b"]
    assert [each.stream for each in up.streams()] == [0, 0]
    for each in up.session.recordings:
        first, _, second, *_ = (decode_event(event.payload) for event in each.events)
        assert type(first).__name__ == "CallOpened"
        assert isinstance(second, MetadataReceived)


def test_a_stream_that_goes_to_the_next_call_leaves_the_former_and_keeps_its_port() -> None:
    """RFC 7866 §10: a persistent session, of which only the metadata changes."""
    up = Call().told(recording(call("a", 1, 2))).offer(ONE, TWO).metadata(None)
    before = [(each.pair, each.port) for each in up.streams()]
    up.metadata(recording(call("b", 1, 2))).then(
        "MetadataReceived", "StreamRemoved 0", "StreamRemoved 1", "CallEnded session_ended",
        "CallOpened", "MetadataReceived", "CommunicationSessionKnown",
        "StreamAdded 0 recvonly", "StreamAdded 1 recvonly",
        "StreamPartyKnown 0 customer first_stream", "StreamPartyKnown 1 agent first_stream",
    )  # fmt: skip

    assert homes(up) == ["b", "b"]
    assert ends(up) == {"a": "session_ended", "b": None}
    assert [(each.pair, each.port) for each in up.streams()] == before


def test_nothing_of_a_call_stands_before_its_begin() -> None:
    """The time line of a recording begins with its first event: hours of silence would precede it.

    The documents that described the session before are repeated in it.
    """
    up = Call().told(recording(call("a", 1))).offer(ONE).metadata(None)
    up.now_us += 3_600_000_000
    up.metadata(recording("<datamode>partial</datamode>", call("b", 1)))
    later = up.session.recordings[-1]

    assert later.described.communication_session == "b"
    assert sum(isinstance(each, MetadataReceived) for each in _told(later)) == 2
    assert min(each.at_us for each in _told(later)) == later.created_us


def test_each_call_of_a_session_says_that_its_packets_are_not_proved() -> None:
    """Each is a recording of its own; that the one before it has the flag helps nobody."""
    up = Call().told(recording(call("a", 1))).offer(secure(label=b"1")).metadata(None)
    for name in ("b", "c"):
        up.doubted().metadata(recording(call(name, 1)))

    flags = [
        [event.flag for event in _told(each) if isinstance(event, Flagged)]
        for each in up.session.recordings
    ]
    assert flags == [["media_unproved"], ["media_unproved"], []]


def test_a_call_that_stops_ends_its_recording_and_what_comes_then_waits() -> None:
    """The dialog goes on; nothing is written unless something comes."""
    up = Call().told(recording(call("a", 1))).offer(ONE)
    stop = "<stop-time>2026-11-25T10:00:00Z</stop-time>"
    up.metadata(recording("<datamode>partial</datamode>", call("a", more=stop)))

    assert ends(up) == {"a": "session_ended", "": None}
    assert [each.waits for each in up.session.live] == [True]
    assert not up.session.has_call
    assert up.session.ended is None


def test_a_call_that_leaves_the_session_ends_its_recording() -> None:
    """By `sessionrecordingassoc`, and by coming no more in a complete document."""
    left = (
        '<sessionrecordingassoc session_id="a">'
        "<disassociate-time>2026-11-25T10:00:00Z</disassociate-time></sessionrecordingassoc>"
    )
    up = Call().told(recording(call("a", 1), call("b", 2))).offer(ONE, TWO)
    up.metadata(recording("<datamode>partial</datamode>", left))
    assert ends(up)["a"] == "session_ended"
    assert homes(up) == ["b", "b"]

    up.metadata(recording())
    assert ends(up)["b"] == "session_ended"


def test_a_call_whose_streams_are_all_removed_is_still_up() -> None:
    """Hold by port 0: they come back."""
    up = Call().told(recording(call("a", 1))).offer(ONE).offer(stream(port=0)).metadata(None)
    assert ends(up) == {"a": None}

    up.offer(stream(label=b"1", port=6006))
    assert homes(up) == ["a"]
    assert len(up.session.recordings) == 1


def test_a_new_stream_goes_to_the_call_that_names_it() -> None:
    """A consultation call beside the first one."""
    up = Call().told(recording(call("a", 1, 2))).offer(ONE, TWO)
    up.told(recording(call("a", 1, 2), call("b", 3))).offer(ONE, TWO, THREE)

    assert homes(up) == ["a", "a", "b"]


# -- no call -------------------------------------------------------------------------------------


def test_a_session_that_says_there_is_no_call_waits_for_what_comes() -> None:
    """RFC 7865 §6.1.2: set up before any call, perhaps for days."""
    up = Call().told(recording()).offer(ONE, TWO).metadata(None)

    assert up.recording.waits
    assert not up.session.has_call


def test_the_first_call_of_a_waiting_session_is_a_recording_of_its_own() -> None:
    """It begins when it begins, not when the telephone was switched on."""
    up = Call().told(recording()).offer(ONE, TWO)
    up.metadata(recording(call("a", 1, 2)))
    waiting, first = up.session.recordings

    assert (waiting.waits, waiting.ended) == (True, "session_ended")
    assert (first.waits, first.ended) == (False, None)
    assert first.created_us > waiting.created_us
    assert homes(up) == ["a", "a"]


def test_a_session_ends_with_all_its_recordings() -> None:
    """A BYE is the end of every call in it."""
    up = Call().told(recording(call("a", 1), call("b", 2))).offer(ONE, TWO).over("bye")

    assert ends(up) == {"a": "bye", "b": "bye"}


def test_a_label_that_a_later_call_uses_again_is_that_calls() -> None:
    """Persistent sessions have a few m-lines for all their calls."""
    four = (ONE, TWO, THREE, stream(label=b"4", port=6006))
    both = recording("<datamode>complete</datamode>", call("C", 3, 4), call("A", 1, 2))
    later = recording(
        "<datamode>partial</datamode>",
        '<session session_id="A"><stop-time>2026-11-25T10:00:00Z</stop-time></session>',
        '<session session_id="D"/>',
        *(f'<stream stream_id="D{n}" session_id="D"><label>{n}</label></stream>' for n in (1, 2)),
    )

    assert homes(Call().metadata(both).offer(*four).metadata(later)) == ["D", "D", "C", "C"]
