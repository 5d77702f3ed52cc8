"""What metadata says of a session, document by document."""

from archive.call.events import Flagged, MetadataReceived, StreamPartyKnown, Tolerated
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
