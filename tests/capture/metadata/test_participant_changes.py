"""Who is in a call, and what changes from one document to the next."""

from archive.call.events import ParticipantChanged
from capture.metadata.participant_changes import (
    PresenceChange,
    PresentParticipant,
    changes,
    left_us,
    present,
)
from capture.metadata.snapshot_reader import parse_metadata
from tests.capture.sdp.offers import stream
from tests.capture.siprec.calls import Call
from tests.capture.siprec.documents import recording
from tests.support.siprec.presence import TIMES, party

JOINED_US = 1_795_597_200_000_000
LEFT = TIMES + "<disassociate-time>2026-11-25T09:05:00Z</disassociate-time>"
BACK = LEFT.replace("09:00", "09:06")


def there(*members: str, call: str = "c") -> list[str]:
    document = parse_metadata(recording("".join(members)))
    return [each.participant for each in present(document, call)]


def test_who_has_left_is_not_there_and_who_has_come_back_is() -> None:
    """RFC 7865 §6.6: both times may stand in one association."""
    assert there(party("a", TIMES), party("b", LEFT), party("c", BACK)) == ["a", "c"]


def test_who_is_in_another_call_is_not_in_this_one() -> None:
    """Two communication sessions in one document."""
    both = (party("a", TIMES), party("b", TIMES, call="other"))

    assert there(*both) == ["a"]
    assert there(*both, call="other") == ["b"]


def test_without_associations_all_that_are_named_are_there() -> None:
    """Most clients leave them out."""
    assert there(party("a"), party("b")) == ["a", "b"]


def test_times_are_the_sources_own() -> None:
    """Theirs stand beside the time at which we heard."""
    document = parse_metadata(recording(party("a", LEFT) + party("b", TIMES)))
    (b,) = present(document, "c")

    assert b == PresentParticipant(participant="b", aor="sip:b@pbx", joined_us=JOINED_US)
    assert left_us(document, "c", "a") == JOINED_US + 300_000_000
    assert left_us(document, "c", "b") == 0


def associated(*members: str) -> str:
    return "".join(
        f'<participantstreamassoc participant_id="a">{each}</participantstreamassoc>'
        for each in members
    )


def test_each_association_of_a_participant_with_its_streams_counts() -> None:
    """A client writes one for what it sends and one for what it hears."""
    members = associated("<send>s</send>", "<recv>t</recv>")
    (a,) = present(parse_metadata(recording('<participant participant_id="a"/>', members)), "")

    assert (a.sends, a.receives) == (("s",), ("t",))


def test_who_is_parted_from_his_stream_sends_no_more_until_he_is_back() -> None:
    """RFC 7865 §6.7: the time at which he was is a hold, as a stream that is left out is."""
    for times, sends in ((TIMES, ("s",)), (LEFT, ()), (BACK, ("s",))):
        members = associated(f"<send>s</send>{times}")
        (a,) = present(parse_metadata(recording('<participant participant_id="a"/>', members)), "")

        assert a.sends == sends


def one(name: str, *sends: str) -> PresentParticipant:
    return PresentParticipant(participant=name, sends=sends)


def test_changes_are_named_for_what_they_are() -> None:
    """Join, leave, hold, resume, transfer."""
    a, b, resting = one("a", "1"), one("b", "2"), one("b")
    told = [
        ([*changes((), (a, b))], ["joined a", "joined b"]),
        ([*changes((a, b), (a,))], ["left b"]),
        ([*changes((a, b), (a, resting))], ["held b"]),
        ([*changes((a, resting), (a, b))], ["resumed b"]),
        ([*changes((a, b), (a, one("c", "2")))], ["left b", "transferred c"]),
        ([*changes((a, b), (a, one("c", "3")))], ["left b", "joined c"]),
        ([*changes((a, b), (a, b))], []),
    ]
    for found, words in told:
        assert [f"{change.what} {change.who.participant}" for change in found] == words
    transferred = [*changes((a, b), (a, one("c", "2")))][-1]
    assert isinstance(transferred, PresenceChange)
    assert transferred.instead_of == "b"


def changed(call: Call) -> list[str]:
    found = [event for event in call.new_events() if isinstance(event, ParticipantChanged)]
    return [f"{event.what} {event.participant}" for event in found]


def test_a_recording_tells_who_came_and_went() -> None:
    """Each change once, in the recording of its call."""
    call = Call().offer(stream(label=b"96"), stream(label=b"97", port=6002))
    both = '<session session_id="c"/>' + party("a", TIMES, "1") + party("b", TIMES, "2")
    call.metadata(recording(both))
    assert changed(call) == ["joined a", "joined b"]
    call.metadata(recording(both))
    assert changed(call) == []
    handed_over = party("b", LEFT) + party("d", TIMES, "2")
    call.metadata(recording(both.replace(party("b", TIMES, "2"), handed_over)))
    assert changed(call) == ["left b", "transferred d"]
