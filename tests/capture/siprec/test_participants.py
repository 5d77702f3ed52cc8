"""Who is in a call, as its recording is told of them."""

from archive.call.events import NameId, ParticipantChanged, StreamPartyKnown, decode_event
from archive.call.legs import changes_in
from tests.capture.siprec.calls import ONE, TWO, Call, up
from tests.capture.siprec.documents import recording

MIX = (
    '<participant participant_id="a"><nameID aor="sip:4021@elsewhere"/>'
    '<nameID aor="tel:+81355501234"><name>Desk</name></nameID></participant>'
    '<participant participant_id="b"><nameID aor="sip:0355550100@carrier"/></participant>'
    '<participant participant_id="c"><nameID aor="sip:0398765432@carrier"/></participant>'
    '<participantstreamassoc participant_id="a"><send>s</send><recv>t</recv>'
    "</participantstreamassoc>"
    '<participantstreamassoc participant_id="b"><send>s</send></participantstreamassoc>'
    '<stream stream_id="s"><label>96</label></stream>'
    '<stream stream_id="t"><label>97</label></stream>'
)


def test_every_participant_is_told_with_all_addresses_streams_and_side() -> None:
    """Those who share a stream, and one who speaks on none."""
    call = up().metadata(recording(MIX))
    told = [each for each in call.new_events() if isinstance(each, ParticipantChanged)]

    assert [(each.participant, each.side, each.because) for each in told] == [
        ("a", "agent", "internal_number"),
        ("b", "customer", "internal_number"),
        ("c", "customer", "internal_number"),
    ]
    assert [(each.speaks, each.hears) for each in told] == [((0,), (1,)), ((0,), ()), ((), ())]
    assert [id_.aor for id_ in told[0].name_ids] == ["sip:4021@elsewhere", "tel:+81355501234"]


def test_a_stream_of_several_names_all_and_is_on_no_side() -> None:
    """The first is whom earlier versions would have named."""
    call = up().metadata(recording(MIX))
    told = [each for each in call.new_events() if isinstance(each, StreamPartyKnown)]
    (mixed, *_) = [each for each in told if each.stream == 0]

    assert (mixed.participant, mixed.also, mixed.side) == ("a", ("b",), "unknown")


def test_who_is_described_anew_is_told_once_more_and_has_not_come_again() -> None:
    """A partial document brings a second address."""
    call = up().metadata(recording(MIX))
    partial = recording(
        "<datamode>partial</datamode>",
        '<participant participant_id="b"><nameID aor="sip:0355550100@carrier"/>'
        '<nameID aor="sip:x@carrier"/></participant>',
    )
    call.metadata(partial)
    told = [each for each in call.new_events() if isinstance(each, ParticipantChanged)]

    assert [(each.what, each.participant) for each in told] == [("joined", "b")]
    assert told[0].name_ids[1] == NameId("sip:x@carrier")
    (recorded,) = call.session.recordings
    events = [decode_event(each.payload) for each in recorded.events]
    assert len(changes_in(events)) == 3


def test_a_document_that_says_nothing_new_is_no_event() -> None:
    """Clients repeat themselves all day."""
    call = Call().offer(ONE, TWO).metadata(recording(MIX))
    call.metadata(recording(MIX)).then("MetadataReceived")
