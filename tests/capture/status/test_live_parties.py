"""Who is in a call that is up."""

import msgspec

from archive.call.live import LiveParty
from capture.metadata.call_ids import CallId
from capture.status.status_socket import live_ids, live_parties
from tests.capture.sdp.offers import stream
from tests.capture.siprec.calls import Call, up
from tests.capture.siprec.documents import recording
from tests.support.siprec.presence import TIMES, party

NAMED = (
    '<participant participant_id="a"><nameID aor="sip:+81312347788@carrier.example">'
    '<name>佐藤</name></nameID><nameID aor="tel:+819000001111"/></participant>'
)


def told(call: Call) -> tuple[LiveParty, ...]:
    return live_parties(call.session, call.recording)


def test_the_participants_of_the_metadata_are_in_it_with_every_address_and_name() -> None:
    """All that SIP shows of a recording session is the recording client, five times the same."""
    call = Call().offer(stream(label=b"96"), stream(label=b"97", port=6002))
    plain = '<participant participant_id="a"><nameID aor="sip:a@pbx"/></participant>'
    body = '<session session_id="c"/>' + party("a", TIMES, "1") + party("b", TIMES, "2")
    call.metadata(recording(body.replace(plain, NAMED)))

    a, b = told(call)
    assert a.addresses == ("sip:+81312347788@carrier.example", "tel:+819000001111")
    assert (a.names, b.addresses) == (("佐藤",), ("sip:b@pbx",))


def test_more_participants_than_streams_are_all_there_and_who_left_is_not() -> None:
    """Mixed streams: several speak on one."""
    call = Call().offer(stream(label=b"96"), stream(label=b"97", port=6002))
    three = [party("a", TIMES, "1"), party("b", TIMES, "1"), party("d", TIMES)]
    call.metadata(recording('<session session_id="c"/>' + "".join(three)))
    assert [each.addresses for each in told(call)] == [
        ("sip:a@pbx",),
        ("sip:b@pbx",),
        ("sip:d@pbx",),
    ]

    gone = TIMES + "<disassociate-time>2026-11-25T09:05:00Z</disassociate-time>"
    call.metadata(recording('<session session_id="c"/>' + "".join(three[:2]) + party("d", gone)))
    assert [each.addresses for each in told(call)] == [("sip:a@pbx",), ("sip:b@pbx",)]


def test_a_call_of_which_nothing_is_told_has_nobody() -> None:
    """An empty place says less than a wrong one."""
    assert told(up()) == ()


def test_its_ids_begin_with_its_call_id() -> None:
    """Whoever has one of them finds the call."""
    call = up()
    known = msgspec.structs.replace(
        call.recording, ids=(CallId("session_id", "ab" * 16), CallId("ucid", "1"))
    )

    assert list(live_ids(call.session, known)) == ["c", "ab" * 16, "1"]


def test_each_is_on_his_own_side_and_it_is_said_what_that_was_decided_from() -> None:
    """Also of those who share a stream, which is on no side; a guess is told to be one."""
    call = Call().offer(stream(label=b"96"))
    both = party("a", TIMES, "1") + party("b", TIMES, "1")
    only = '<stream stream_id="1" session_id="c"><label>96</label></stream>'
    call.metadata(recording('<session session_id="c"/>' + both + only))

    assert [(each.side, each.because) for each in told(call)] == [
        ("customer", "first_stream"),
        ("agent", "first_stream"),
    ]
