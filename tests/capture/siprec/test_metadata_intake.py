"""What metadata says of a session, document by document."""

import pytest

from archive.call.call_identity import SESSION_PAIR, identity_in
from archive.call.events import (
    CommunicationSessionKnown,
    Flagged,
    MetadataReceived,
    ParticipantChanged,
    StreamPartyKnown,
    Tolerated,
    decode_event,
)
from archive.call.legs import legs_of
from tests.capture.sdp.offers import stream
from tests.capture.siprec.calls import ALICE, up
from tests.capture.siprec.documents import OPEN_CALL, recording


def test_metadata_is_missing() -> None:
    """The call is kept and flagged, sides are guessed by the order."""
    (
        up()
        .without_metadata()
        .then("Flagged metadata_missing")
        .metadata(None)
        .then(
            "StreamPartyKnown 0 customer first_stream",
            "StreamPartyKnown 1 agent first_stream",
        )
        .metadata(None)
        .then()
    )


def test_metadata_is_broken() -> None:
    """Kept as it came, byte for byte, with what is wrong in words."""
    call = up().metadata(b"<recording")
    received, oddity, flag, *_ = call.new_events()

    assert isinstance(oddity, Tolerated)
    assert isinstance(received, MetadataReceived)
    assert received.body == b"<recording"
    assert received.content_type == "application/rs-metadata+xml"
    assert received.problem
    assert isinstance(flag, Flagged)
    assert (flag.flag, flag.detail) == ("metadata_broken", received.problem)


def test_broken_metadata_does_not_undo_what_was_known() -> None:
    """The next good document goes on from there."""
    call = up().metadata(OPEN_CALL)
    known = call.session.metadata.snapshot
    call.metadata(b"<recording").then("MetadataReceived", "Flagged metadata_broken")

    assert call.session.metadata.snapshot == known


def test_partial_metadata_adds_to_what_is_known() -> None:
    """Only what is news becomes an event."""
    call = up().metadata(OPEN_CALL)
    partial = recording(
        "<datamode>partial</datamode>",
        '<participant participant_id="YWdlbnQgb24gdGhlIGRlc2s=">'
        '<nameID aor="sip:0300@elsewhere"><name>Second</name></nameID></participant>',
    )
    call.metadata(partial).then(
        "MetadataReceived",
        "StreamPartyKnown 0 customer internal_number",
        "StreamPartyKnown 1 agent internal_number",
    )
    party = call.new_events()[-1]

    assert isinstance(party, StreamPartyKnown)
    assert (party.aor, [name.text for name in party.names]) == ("sip:0300@elsewhere", ["Second"])
    assert call.session.metadata.snapshot is not None
    assert len(call.session.metadata.snapshot.participants) == 2


def test_a_first_document_that_says_it_is_partial_is_taken_as_it_is() -> None:
    """There is nothing that it could add to."""
    call = up().metadata(recording("<datamode>partial</datamode>", ALICE))
    call.then(
        "MetadataReceived",
        "StreamPartyKnown 0 customer internal_number",
        "StreamPartyKnown 1 agent internal_number",
    )


def test_a_guess_that_metadata_corrects_is_an_event_and_no_second_flag() -> None:
    """The last in force wins."""
    call = up().metadata(None)
    call.metadata(recording(ALICE)).then(
        "MetadataReceived",
        "StreamPartyKnown 0 customer internal_number",
        "StreamPartyKnown 1 agent internal_number",
    )
    call.metadata(recording(ALICE)).then("MetadataReceived")


A_AND_B = (
    '<session session_id="c"/>'
    '<participant participant_id="a"><nameID aor="sip:alice@x"/></participant>'
    '<participant participant_id="b"><nameID aor="sip:bob@y"/></participant>'
)
STREAMS = (
    '<stream stream_id="1" session_id="c"><label>{0}</label></stream>'
    '<stream stream_id="2" session_id="c"><label>{1}</label></stream>'
)
SENDS = (
    '<participantstreamassoc participant_id="a"><send>{0}</send><recv>{1}</recv>'
    "</participantstreamassoc>"
    '<participantstreamassoc participant_id="b"><send>{1}</send><recv>{0}</recv>'
    "</participantstreamassoc>"
)
PLAIN = recording(A_AND_B, STREAMS.format(96, 97), SENDS.format(1, 2))


@pytest.mark.parametrize(
    "swapped",
    [
        recording(A_AND_B, STREAMS.format(97, 96), SENDS.format(1, 2)),
        recording(A_AND_B, STREAMS.format(96, 97), SENDS.format(2, 1)),
    ],
    ids=["labels", "associations"],
)
def test_who_changes_places_speaks_on_his_own_streams_and_keeps_his_side(swapped: bytes) -> None:
    """There and back; what he has said is his in between, and nobody's side turns round."""
    call = up().metadata(PLAIN).metadata(swapped).metadata(PLAIN)
    events = [decode_event(each.payload) for each in call.recording.events]
    legs = {each.participant: each for each in legs_of(events, "", ended_us=99)}
    told = [each for each in events if isinstance(each, StreamPartyKnown | ParticipantChanged)]

    assert {each.side for each in told if each.participant == "a"} == {"customer"}
    assert {each.side for each in told if each.participant == "b"} == {"agent"}
    assert [each.stream for each in legs["a"].streams if each.way == "sends"] == [0, 3, 4]
    assert [each.stream for each in legs["b"].streams if each.way == "sends"] == [1, 2, 5]


def test_who_takes_anothers_line_leaves_him_his_words_though_his_own_is_gone() -> None:
    """Both in one offer: of the line that was his nothing is left to know him by."""
    call = up().metadata(PLAIN).offer(stream(label=b"96"), b"m=audio 0 RTP/AVP 0\r\na=label:97\r\n")
    left = (
        '<participantsessionassoc participant_id="{}" session_id="c">{}</participantsessionassoc>'
    )
    gone = left.format("a", "<disassociate-time>2026-11-25T10:00:00Z</disassociate-time>")
    call.metadata(
        recording(A_AND_B, STREAMS.format(96, 97), SENDS.format(2, 1), gone, left.format("b", ""))
    )
    events = [decode_event(each.payload) for each in call.recording.events]
    legs = {each.participant: each for each in legs_of(events, "", ended_us=99)}

    assert [each.stream for each in legs["a"].streams if each.way == "sends"] == [0]
    assert [each.stream for each in legs["b"].streams if each.way == "sends"] == [1, 2]


def test_streams_go_on_before_anybody_is_told_to_speak_on_them() -> None:
    """A reader who takes the events in their order puts nobody on a stream that is another's."""
    call = up().metadata(PLAIN)
    call.metadata(recording(A_AND_B, STREAMS.format(96, 97), SENDS.format(2, 1)))
    kinds = [type(each).__name__ for each in call.new_events()]

    assert kinds == [
        "MetadataReceived",
        *("StreamRemoved", "StreamAdded") * 2,
        *("ParticipantChanged",) * 2,
        *("StreamPartyKnown",) * 2,
    ]


def test_what_a_call_belongs_to_is_noted_when_it_is_told_and_once() -> None:
    """A group that two calls become one of, and the far end's id: both are known late."""
    pair = "<sipSessionID>{};remote={}</sipSessionID>".format("a" * 32, "b" * 32)
    grouped = PLAIN.replace(
        b'<session session_id="c"/>',
        f'<session session_id="c">{pair}<group-ref>g</group-ref></session>'.encode(),
    )
    call = up().metadata(PLAIN).metadata(grouped).metadata(grouped)
    events = [decode_event(each.payload) for each in call.recording.events]
    told = [each for each in events if isinstance(each, CommunicationSessionKnown)]

    assert [each.group for each in told] == ["", "g"]
    assert {kind for kind, _ in identity_in(events).joins} == {
        "group", "communication_session", SESSION_PAIR,
    }  # fmt: skip


def test_what_a_call_is_stays_known_when_it_is_told_late_what_it_belongs_to() -> None:
    """A document that names the group alone takes back nothing, and nothing is told twice."""
    kind = b'<extensiondata xmlns="urn:v"><callType>Incoming</callType></extensiondata></recording>'
    typed = PLAIN.replace(b"</recording>", kind)
    grouped = b'<session session_id="c"><group-ref>g</group-ref></session>'
    call = up().metadata(typed).metadata(PLAIN.replace(b'<session session_id="c"/>', grouped))
    call.metadata(typed.replace(b'<session session_id="c"/>', grouped))
    events = [decode_event(each.payload) for each in call.recording.events]
    told = [each for each in events if isinstance(each, CommunicationSessionKnown)]

    assert [(each.group, each.call_type) for each in told][1:] == [
        ("", "inbound"),
        ("g", "inbound"),
    ]


def test_who_comes_in_anothers_place_is_guessed_to_be_on_his_side() -> None:
    """A call that is passed on does not turn round: the customer stays the customer."""
    call = up().metadata(PLAIN)
    passed_on = PLAIN.replace(b'"b"', b'"d"').replace(b"bob", b"dora")
    call.metadata(passed_on)
    events = [decode_event(each.payload) for each in call.recording.events]
    legs = {each.participant: each.decided for each in legs_of(events, "", ended_us=99)}

    assert (legs["a"].side, legs["b"].side, legs["d"].side) == ("customer", "agent", "agent")
    assert {each.because for each in legs.values()} == {"first_stream"}
