"""M-lines of a recording session as playbooks: added, changed, held, removed."""

import pytest

from archive.call.events import StreamAdded, StreamChanged, decode_event
from archive.call.legs import legs_of
from archive.call.signalled_holds import holds_in
from archive.reading.lanes import arrange
from capture.sdp.description import Direction
from capture.siprec.media_streams import needed_pairs
from tests.capture.sdp.offers import offered, stream
from tests.capture.siprec.calls import INACTIVE, NEW, NOWHERE, ONE, TWO, Call, up
from tests.capture.siprec.documents import OPEN_CALL


def test_hold_and_resume() -> None:
    """Each is an event; our answer follows, and the pairs stay."""
    call = up()
    (
        call.offer(stream(INACTIVE, label=b"96"), stream(INACTIVE, label=b"97")).then(
            "StreamChanged 0 inactive", "StreamChanged 1 inactive"
        )
    )
    held_since_us = call.session.liveness.held_since_us
    assert held_since_us > 0
    assert [media.direction for media in call.ours()] == [Direction.INACTIVE] * 2

    call.offer(stream(INACTIVE, label=b"96"), stream(INACTIVE, label=b"97")).then()
    assert call.session.liveness.held_since_us == held_since_us

    (call.offer(ONE, TWO).then("StreamChanged 0 recvonly", "StreamChanged 1 recvonly"))
    assert call.session.liveness.held_since_us == 0
    assert [media.direction for media in call.ours()] == [Direction.RECVONLY] * 2
    assert call.session.pairs == (0, 1)


@pytest.mark.parametrize("direction", [INACTIVE, b"recvonly"])
def test_a_stream_that_is_on_hold_from_the_start_is_a_hold(direction: bytes) -> None:
    """A client that begins a session during a hold: its silence has a reason from the begin on."""
    call = Call().offer(stream(direction, label=b"96"), TWO)
    call.then("CallOpened", "StreamAdded 0 inactive", "StreamAdded 1 recvonly")

    told = [event for event in call.new_events() if isinstance(event, StreamAdded | StreamChanged)]
    assert [hold.streams for hold in holds_in(told, ended_us=9)] == [(0,)]
    call.offer(ONE, TWO).then("StreamChanged 0 recvonly")


def test_a_hold_by_an_address_that_is_nowhere() -> None:
    """RFC 2543's way, which gateways still have; there is nobody to report to meanwhile."""
    call = up()
    call.offer(ONE, TWO, head=NOWHERE).then("StreamChanged 0 inactive", "StreamChanged 1 inactive")
    assert call.session.liveness.held_since_us > 0
    assert [s.rtcp.host for s in call.streams()] == ["", ""]
    call.offer(ONE, TWO).then("StreamChanged 0 recvonly", "StreamChanged 1 recvonly")
    assert call.session.liveness.held_since_us == 0


def test_a_call_with_one_stream_that_flows_is_not_on_hold() -> None:
    """The media timeout goes on to count."""
    call = up().offer(stream(INACTIVE, label=b"96"), TWO).then("StreamChanged 0 inactive")

    assert call.session.liveness.held_since_us == 0


def test_a_stream_is_added_and_another_removed() -> None:
    """A removed one keeps its pair until the call's end; one in its place is a new stream."""
    three = stream(label=b"98", port=6004)
    call = up()
    call.offer(ONE, TWO, three).then("StreamAdded 2 recvonly")
    call.offer(ONE, stream(port=0), three).then("StreamRemoved 1")
    assert [media.port for media in call.ours()] == [10_000, 0, 10_004]
    call.offer(ONE, stream(label=b"99", port=6006), three).then("StreamAdded 3 recvonly")

    assert [(s.position, s.stream, s.pair) for s in call.streams()] == [
        (0, 0, 0),
        (2, 2, 2),
        (1, 3, 3),
    ]
    assert call.session.pairs == (0, 1, 2, 3)


def test_what_cannot_be_recorded_is_refused_beside_what_can() -> None:
    """Video, SRTP: port 0 in our answer, and no pair."""
    call = Call().offer(b"m=video 7000 RTP/AVP 96\r\n", ONE)
    call.then("CallOpened", "StreamAdded 0 recvonly")

    assert [media.port for media in call.ours()] == [0, 10_000]


def test_an_offerless_invite_is_offered_two_streams_and_answered_in_the_ack() -> None:
    """The peer's formats, labels and addresses count; a stream that it refuses is removed."""
    call = Call().own_offer()
    call.then("CallOpened", "StreamAdded 0 recvonly", "StreamAdded 1 recvonly")
    assert call.session.waits_for_answer
    assert [s.rtcp.host for s in call.streams()] == ["", ""]
    (
        call.answer(stream(b"sendonly", label=b"97"), stream(port=0)).then(
            "StreamChanged 0 recvonly", "StreamRemoved 1"
        )
    )
    (only,) = call.streams()

    assert not call.session.waits_for_answer
    assert [form.encoding for form in only.formats] == ["PCMU"]
    assert (only.label, only.rtcp.host, only.rtcp.port) == ("97", "192.0.2.10", 6001)


def test_labels_that_are_swapped_make_other_streams() -> None:
    """What each has said is his, before and after, on the lane of his own.

    Some clients swap the labels by re-INVITE where a call is transferred.
    """
    call = up().metadata(OPEN_CALL)
    before = speakers(call)
    call.offer(stream(label=b"97"), stream(label=b"96", port=6002)).then(
        "StreamRemoved 0", "StreamAdded 2 recvonly", "StreamRemoved 1", "StreamAdded 3 recvonly"
    )
    call.now_us -= 10  # in one step with the offer
    call.metadata(None)
    each_has_what_is_his(call, before)


def test_speakers_that_metadata_swaps_are_other_streams() -> None:
    """The m-lines stay as they are, and who is heard on them is told anew."""
    call = up().metadata(OPEN_CALL)
    before = speakers(call)
    call.metadata(
        OPEN_CALL.replace(b"<label>96<", b"<label>x<")
        .replace(b"<label>97<", b"<label>96<")
        .replace(b"<label>x<", b"<label>97<")
    )
    each_has_what_is_his(call, before)
    assert [each.pair for each in call.streams()] == [0, 1]


def speakers(call: Call) -> list[str]:
    """Who is heard on the m-lines, in their order."""
    return [stream.party.participant for stream in call.streams() if stream.party]


def each_has_what_is_his(call: Call, before: list[str]) -> None:
    """One was heard on the streams 0 and 3, the other one on 1 and 2."""
    first, second = before
    told = [decode_event(each.payload) for each in call.recording.events]
    lanes = {lane.participant: lane.streams for lane in arrange(told, range(4))}
    legs = legs_of(told, "", ended_us=99)
    spoke = {
        leg.participant: {each.stream for each in leg.streams if each.way == "sends"}
        for leg in legs
    }

    assert lanes == {first: (0, 3), second: (1, 2)}
    assert spoke == {first: {0, 3}, second: {1, 2}}
    assert len(legs) == 2
    assert holds_in(told, ended_us=99) == ()


def test_the_labels_of_an_answer_tell_who_speaks_not_those_of_our_offer() -> None:
    """We offered 1 and 2 before we knew anything; the metadata speaks of the peer's labels."""
    document = OPEN_CALL.replace(b"<label>96<", b"<label>2<").replace(b"<label>97<", b"<label>1<")
    (
        Call()
        .own_offer()
        .metadata(document)
        .answer(stream(b"sendonly", label=b"2"), stream(b"sendonly", label=b"1"))
        .metadata(None)
        .then(
            "StreamPartyKnown 0 customer internal_domain",
            "StreamPartyKnown 1 agent internal_domain",
        )
    )


def test_an_ack_that_answers_with_hold() -> None:
    """Recvonly from the peer's side: it will not send either."""
    call = Call().own_offer(1)
    call.answer(stream(b"recvonly")).then("StreamChanged 0 inactive")

    assert call.session.liveness.held_since_us > 0


def test_an_added_stream_says_what_it_will_bring() -> None:
    """Formats as the offer has them, and the port to find it in a capture by."""
    formats = stream(b"rtpmap:101 telephone-event/8000", b"fmtp:101 0-15", formats=b"8 101")
    *_, added = Call().offer(formats).new_events()

    assert isinstance(added, StreamAdded)
    assert added.local_port == 10_000
    assert [(f.payload_type, f.encoding, f.fmtp) for f in added.formats] == [
        (8, "PCMA", ""), (101, "telephone-event", "0-15"),
    ]  # fmt: skip


def test_our_version_rises_only_where_something_changes() -> None:
    """RFC 3264 §8; a repeated offer gets the answer that it had."""
    call = up()
    first = call.session.ours
    call.offer(ONE, TWO)
    assert call.session.ours == first
    call.offer(stream(INACTIVE, label=b"96"), TWO)

    assert call.session.ours is not None
    assert call.session.ours.origin is not None
    assert call.session.ours.origin.version == b"2"


def test_only_new_places_need_pairs() -> None:
    """What the session has it keeps, what is refused gets none."""
    call = up()
    offer = needed_pairs(call.session, offered(ONE, TWO, stream(port=6004), stream(port=0)))

    assert offer == 1
    assert needed_pairs(NEW, offered(ONE, TWO)) == 2
