"""Every call of a known source that is turned away has a row with the reason."""

import dataclasses
from typing import Final

import pytest

from archive.call.events import CallRefused, SipMessage, decode_event
from capture.admission.capacity import Full
from capture.links.recorder_messages import Close, Record
from capture.peers.sources import Source
from capture.recording.ledger import MAX_READ
from capture.recording.outputs import ToWorker
from capture.sip.events import MalformedReceived, RequestRefused, SendMessage
from capture.sip.flow import Flow
from capture.sip.limits import MAX_BODY_BYTES, MAX_HEADER_BYTES, MAX_LINE_BYTES
from capture.sip.stream_framer import StreamFramer
from tests.capture.sdp.offers import HEAD
from tests.capture.sip.scenes import TCP
from tests.capture.siprec.stage import (
    CLIENT,
    MIXED,
    OFFER,
    SDP,
    SIPREC,
    UDP,
    Stage,
    bare_invite,
    described,
    invite,
    request,
)
from tests.support.siprec.admitting import STRANGER

VIDEO: Final = HEAD + b"m=video 6002 RTP/AVP 99\r\na=rtpmap:99 H264/90000\r\n"
NO_LINE: Final = "nothing can be read of a session description"
NO_AUDIO: Final = '304 rokuon "no audio is offered"'


def rows(stage: Stage) -> list[CallRefused]:
    """What the ledger page of now tells; the worker has it and closes it."""
    stage._did(stage.server.ledger_pages(stage.now))
    commands = [output.command for output in stage.outputs if isinstance(output, ToWorker)]
    records = [each for each in commands if isinstance(each, Record)]
    assert [type(each) for each in commands] == [Record, Close] * len(records)
    events = [decode_event(event.payload) for each in records for event in each.events]
    return [event for event in events if isinstance(event, CallRefused)]


@pytest.mark.parametrize(
    ("message", "status", "reason", "detail"),
    [
        (bare_invite(OFFER), 404, "no recording session",
         '[[source]] "pbx": mode = "network-based" takes it as a recording'),
        (request(b"INVITE", SIPREC, SDP, body=b"no SDP"), 400, "unreadable", NO_LINE),
        (bare_invite(VIDEO, SIPREC), 488, "media not acceptable", NO_AUDIO),
        (request(b"INVITE", SIPREC, (b"Content-Type", b"text/plain"), body=b"x"),
         415, "unknown body", "text/plain"),
    ],
)  # fmt: skip
def test_a_refused_call_is_noted_with_the_reason(
    message: bytes, status: int, reason: str, detail: str
) -> None:
    """Was it recorded, and if not, why?"""
    (row,) = rows(Stage().peer(message))

    assert (row.status, row.reason, row.detail) == (status, reason, detail)
    assert (row.source, row.call_id, row.peer) == ("pbx", "one@peer", "192.0.2.1")
    assert "Desk 7" in row.from_value


def test_what_has_run_out_is_told() -> None:
    """503 alone does not say whether it was the disk."""
    (row,) = rows(Stage().full(Full.SPOOL_BYTES).peer(invite()))

    assert (row.status, row.reason, row.detail) == (503, "full", "spool bytes")


def test_a_strict_source_reads_the_code() -> None:
    """The row names the table's line."""
    stage = Stage(source=dataclasses.replace(CLIENT, strict=True)).peer(bare_invite(OFFER, SIPREC))
    (row,) = rows(stage)

    assert (row.status, row.reason, row.detail) == (404, "not by the RFC", "TOL-002")


def test_who_is_asked_for_a_password_is_not_turned_away() -> None:
    """He comes again at once; who has a wrong one has been refused."""
    source = dataclasses.replace(CLIENT, user="pbx", password="right")  # noqa: S106 - of nobody
    assert rows(Stage(source=source).peer(invite())) == []


def test_strangers_and_calls_that_are_taken_have_no_row(stage: Stage) -> None:
    """The one is `source unknown`'s, the other has a recording."""
    stage.peer(invite())
    stage.peer(invite(), STRANGER)

    assert rows(stage) == []


def test_what_sip_itself_refuses_is_a_call_too(stage: Stage) -> None:
    """An INVITE that requires what nobody knows never reaches the recording server."""
    data = invite(OFFER, (b"Require", b"unheard-of"))
    outputs = stage.core.receive(data, UDP, 0)
    for output in outputs:
        if isinstance(output, RequestRefused):
            stage.server.refused(output, stage.now)
    (row,) = rows(stage)

    assert (row.status, row.reason) == (420, "refused by SIP")
    assert any(isinstance(output, SendMessage) for output in outputs)


def test_other_requests_that_sip_refuses_are_no_calls(stage: Stage) -> None:
    """A REGISTER that has lost its way."""
    for output in stage.core.receive(request(b"REGISTER"), UDP, 0):
        if isinstance(output, RequestRefused):
            stage.server.refused(output, stage.now)

    assert rows(stage) == []


def test_a_page_survives_signalling_until_its_worker_has_closed_it() -> None:
    """It is a session that is over, kept like any other."""
    stage = Stage(reloaded=True).peer(bare_invite(OFFER))
    stage._did(stage.server.ledger_pages(stage.now))
    (page,) = stage.server.sessions
    assert [type(each) for each in stage.server.commands_for(page.worker)] == [Record, Close]

    stage.closed()
    assert len(stage.server.sessions) == 0


def test_an_invite_that_cannot_be_read_has_a_row_as_well() -> None:
    """It was a call, and nobody has a recording of it."""
    stage = Stage()
    broken = request(b"INVITE", SIPREC, SDP, body=OFFER).replace(b"CSeq: 1 INVITE", b"CSeq: one")
    for output in stage.core.receive(broken, UDP, 0.0):
        if isinstance(output, MalformedReceived):
            stage.server.malformed(output, stage.now)
    (row,) = rows(stage)

    assert (row.status, row.reason, row.call_id) == (400, "refused by SIP", "one@peer")


def test_a_draining_node_says_that_it_drains() -> None:
    """Whoever looks at the ledger a week later must not look for a lack of room."""
    stage = Stage().full(Full.DRAINING).peer(invite())
    (row,) = rows(stage)

    assert (row.status, row.reason, row.detail) == (503, "draining", "draining")


UNKNOWN: Final = invite(OFFER, (b"Require", b"unheard-of"))
BROKEN: Final = request(b"INVITE", SIPREC, SDP, contact=b"<sip:a@b, <sip:c@d>", body=OFFER)


@pytest.mark.parametrize(
    ("message", "clause", "header", "excerpt"),
    [
        (bare_invite(OFFER), "RFC 7866 §6.1.1", "Contact", "<sip:src@192.0.2.1:5060>"),
        (bare_invite(VIDEO, SIPREC), "RFC 3264 §6", "SDP", "m=video 6002 RTP/AVP 99"),
        (UNKNOWN, "RFC 3261 §8.2.2.3", "Require", "siprec, unheard-of"),
        (BROKEN, "RFC 3261 §20.10", "Contact", "<sip:a@b, <sip:c@d>"),
        (request(b"INVITE", SIPREC, SDP, body=b"no SDP"), "RFC 8866 §5", "SDP", "no SDP"),
    ],
)  # fmt: skip
def test_a_row_says_which_clause_is_broken_where_and_in_which_words(
    message: bytes, clause: str, header: str, excerpt: str
) -> None:
    """A 400 alone sends the administrator to a packet capture of a call that is over."""
    (row,) = rows(received(Stage(), message))

    assert (row.clause, row.header, row.excerpt) == (clause, header, excerpt)


INVITE: Final = invite()
CUT: Final = INVITE.partition(b"Content-Length:")[0]


@pytest.mark.parametrize("source", [CLIENT, dataclasses.replace(CLIENT, mode="inline")])
@pytest.mark.parametrize(
    ("begun", "status", "detail", "clause", "header", "excerpt"),
    [
        (CUT + b"Content-Length: %d\r\n\r\n" % (MAX_BODY_BYTES + 1),
         413, "the body too large", "RFC 3261 §21.4.11", "Content-Length", "1048577"),
        (CUT + b"Content-Length: %d\r\n\r\n" % 10**12,
         413, "the body too large", "RFC 3261 §21.4.11", "Content-Length", "1000000000000"),
        (CUT + b"Content-Length: many\r\n\r\n",
         400, "Content-Length", "RFC 3261 §25.1", "Content-Length", "many"),
        (CUT + b"\r\n",
         400, "a stream needs Content-Length", "RFC 3261 §20.14", "Content-Length", ""),
        (CUT + b"X: " + b"y" * MAX_HEADER_BYTES,
         513, "the headers too large", "RFC 3261 §21.5.7", "", ""),
        (CUT + b"X: " + b"y" * MAX_LINE_BYTES + b"\r\nContent-Length: 0\r\n\r\n",
         513, "a header line too large", "RFC 3261 §21.5.7", "", ""),
    ],
)  # fmt: skip
def test_a_call_that_is_too_large_for_its_stream_is_answered_and_noted(  # noqa: PLR0913, PLR0917 - a row of a table
    source: Source,
    begun: bytes,
    status: int,
    detail: str,
    clause: str,
    header: str,
    excerpt: str,
) -> None:
    """The connection closed without a word, and nobody ever learned of the call."""
    stage = Stage(source=source)
    (frame,) = StreamFramer().feed(begun)
    assert isinstance(frame, bytes)
    (row,) = rows(received(stage, frame, TCP))

    assert (row.status, row.clause, row.header, row.excerpt) == (status, clause, header, excerpt)
    assert detail in row.detail
    assert (row.transport, row.call_id) == ("tcp", "one@peer")


def received(stage: Stage, message: bytes, flow: Flow = UDP) -> Stage:
    """With what the SIP layer refuses by itself told to the server, as the shell does."""
    stage.ladder.received(message, flow, stage.now.us)
    for output in stage.core.receive(message, flow, stage.now_s):
        match output:
            case SendMessage():
                stage.ladder.sent(output.data, output.flow, stage.now.us)
            case RequestRefused():
                stage.server.refused(output, stage.now)
            case MalformedReceived():
                stage.server.malformed(output, stage.now)
            case _:
                stage.server.handle(output, stage.now)
    return stage


@pytest.mark.parametrize("message", [bare_invite(OFFER), BROKEN, UNKNOWN])
def test_what_was_said_of_a_refused_call_stands_in_its_page(message: bytes) -> None:
    """`calls trace` shows it as it shows a call that was taken."""
    stage = received(Stage(), message)
    stage.server.settle_ladders()
    stage._did(stage.server.ledger_pages(stage.now))
    said = [event for event in stage.events() if isinstance(event, SipMessage)]

    assert [each.is_received for each in said] == [True, False]
    assert said[0].data.startswith(b"INVITE ")
    assert said[1].data.startswith(b"SIP/2.0 4")


def test_what_is_said_to_strangers_is_kept_nowhere() -> None:
    """A flood of them fills no page."""
    stage = Stage()
    stage.ladder.received(bare_invite(OFFER), STRANGER, stage.now.us)
    stage.server.settle_ladders()

    assert stage.ladder.calls() == []


def test_who_is_in_a_refused_call_is_noted_from_its_metadata_and_headers() -> None:
    """Else nobody can be told which of his calls were not recorded."""
    stage = Stage()
    diverted = (b"Diversion", b"<sip:0312340000@pbx.example>")
    stage.peer(request(b"INVITE", SIPREC, MIXED, diverted, body=described(VIDEO)))
    (row,) = rows(stage)
    told = {(each.told_as, each.address, each.name) for each in row.mentions}

    assert ("other", "tel:+81355550100", "田中 花子") in told
    assert ("dialled", "sip:0312340000@pbx.example", "") in told
    assert ("other", "", "Desk 7") in told


def test_of_a_flood_headers_are_noted_and_no_document_is_read() -> None:
    """A document costs as much as the answer."""
    stage = Stage()
    for _ in range(MAX_READ):
        stage.ledger.may_read(stage.now.us)
    stage.peer(request(b"INVITE", SIPREC, MIXED, body=described(VIDEO)))
    (row,) = rows(stage)

    assert [each.key for each in row.mentions] == ["From"]
