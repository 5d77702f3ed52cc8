"""A call that was answered and of which no packet came: a row of the ledger, with its messages."""

from archive.call.events import CallRefused, SipMessage, decode_event
from capture.links.recorder_messages import Closed
from tests.capture.siprec.stage import Stage, invite, talking


def ended_silent(stage: Stage) -> tuple[CallRefused, list[bytes]]:
    """Its worker says that nothing is kept; the row, and the messages beside it."""
    stage.server.settle_ladders()
    (recording,) = stage.session.recordings
    stage.server.closed(Closed(recording=recording.recording, is_silent=True), stage.now)
    stage.server.ledger_pages(stage.now)
    page = stage.session
    assert page.is_page
    events = [decode_event(each.payload) for each in page.recordings[0].events]
    (row,) = [each for each in events if isinstance(each, CallRefused)]
    return row, [each.data.split(b"\r\n")[0] for each in events if isinstance(each, SipMessage)]


def test_a_call_whose_peer_stayed_silent_says_so_with_its_end_and_its_messages(
    stage: Stage,
) -> None:
    """Was it recorded, and if not, why: answered, acknowledged, hung up, and nothing was heard."""
    talking(stage)
    began_us = stage.recording.created_us
    stage.until(7.0).inside(b"BYE", 2)
    row, said = ended_silent(stage)

    assert (row.status, row.reason, row.detail) == (200, "no packet came", "bye")
    assert (row.source, row.call_id, row.peer) == ("pbx", "one@peer", "192.0.2.1")
    assert (row.began_us, row.at_us) == (began_us, stage.now.us)
    assert "sip:src@192.0.2.1" in row.from_value
    assert said == [b"SIP/2.0 200 OK"]


def test_one_that_was_not_even_acknowledged_says_that(stage: Stage) -> None:
    """Whoever asks why need not ask the network first."""
    stage.peer(invite()).until(40.0)
    row, _ = ended_silent(stage)

    assert (row.status, row.reason, row.detail) == (
        200, "neither ACK nor packet came", "media_timeout",
    )  # fmt: skip


def test_a_recording_that_nobody_knows_any_more_is_no_row(stage: Stage) -> None:
    """A worker may say so twice."""
    stage.server.closed(Closed(recording=b"u" * 16, is_silent=True), stage.now)

    assert stage.ledger.call_ids == set()
