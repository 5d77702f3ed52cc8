"""What clients do in their own way: named, and refused where a source is strict."""

import dataclasses

import pytest

from capture.metadata.message_bodies import Bodies
from capture.metadata.snapshot_reader import parse_metadata
from capture.recording.tolerances import Tolerance
from capture.sip.message import Request
from capture.sip.parser import split_message
from capture.siprec.client_tolerances import in_document, in_invite, in_labels, in_offer
from tests.capture.sdp.offers import HEAD, offered, stream
from tests.capture.siprec.calls import Call
from tests.capture.siprec.documents import recording
from tests.capture.siprec.stage import (
    CLIENT,
    MIXED,
    OFFER,
    SDP,
    SIPREC,
    Stage,
    bare_invite,
    invite,
    mixed,
    request,
    said,
)

ID = "Zd+0xQpKQ7mcR2dFVh1tYQ=="
UNLABELLED = stream().replace(b"a=label:1\r\n", b"")
SRC = b"<sip:src@192.0.2.1>;+sip.src"
STANDARD = (
    f'<session session_id="{ID}"><start-time>2026-11-25T09:00:00Z</start-time></session>'
    f'<stream stream_id="{ID}"><label>96</label></stream>'
).encode()


def codes(found: object) -> list[str]:
    return [each.code for each in found]  # type: ignore[attr-defined]  # an iterable of Tolerance


def document(*members: str, namespace: str = "urn:ietf:params:xml:ns:recording:1") -> bytes:
    head = f"<recording xmlns='{namespace}'><datamode>complete</datamode>"
    return (head + "".join(members) + "</recording>").encode()


def read(*members: str, namespace: str = "urn:ietf:params:xml:ns:recording:1") -> list[str]:
    found = parse_metadata(document(*members, namespace=namespace))
    return codes(in_document(found, is_first=True))


def test_an_invite_by_the_book_needs_no_tolerance() -> None:
    """RFC 7866 §6.1.1: the option, the feature tag, and metadata."""
    by_the_book = split_message(request(b"INVITE", SIPREC, contact=SRC))
    assert isinstance(by_the_book, Request)
    assert codes(in_invite(by_the_book, Bodies(metadata=b"x"))) == []

    bare = split_message(request(b"INVITE"))
    assert isinstance(bare, Request)
    assert codes(in_invite(bare, Bodies())) == ["TOL-001", "TOL-002", "TOL-003"]


def test_what_an_offer_lacks_is_told_with_its_place() -> None:
    """An m-line without a label belongs to nobody; one that receives is a phone's."""
    label = b"a=label:1\r\n"
    lines = offered(
        stream(b"sendonly"), stream(b"sendrecv").replace(label, b""), stream(port=0, label=b"")
    )

    assert [*in_offer(lines)] == [
        Tolerance("TOL-006", "m-line 1"), Tolerance("TOL-008", "m-line 1 is sendrecv"),
    ]  # fmt: skip


def test_a_body_without_its_type_and_lines_that_cannot_be_read_are_told() -> None:
    """RFC 3261 §20.15, RFC 8866 §5: taken for what they look like, or passed over."""
    untyped = split_message(request(b"INVITE", SIPREC, contact=SRC, body=OFFER))
    assert isinstance(untyped, Request)
    assert codes(in_invite(untyped, Bodies(metadata=b"x"))) == ["TOL-013"]

    lines = offered(stream(b"sendonly"), b"m=audio\r\n")
    assert [*in_offer(lines)] == [Tolerance("TOL-014", "m-line 1 cannot be read")]


def test_a_document_by_the_book_needs_no_tolerance() -> None:
    """RFC 7865 §5 and §6."""
    assert read(STANDARD.decode()) == []


@pytest.mark.parametrize(
    ("member", "code"),
    [
        (f'<session id="{ID}"/>', "TOL-004"),
        ('<session session_id="one"/>', "TOL-010"),
        (f'<session session_id="{ID}"><start-time>2026-11-25T09:00:00</start-time></session>',
         "TOL-011"),
        (f'<session session_id="{ID}"><start-time>yesterday</start-time></session>', "TOL-011"),
        (f'<stream stream_id="{ID}"><mode>mixed</mode></stream>', "TOL-012"),
        (f'<participantstreamassoc participant_id="{ID}"><send>{ID}</send></participantstreamassoc>'
         f'<participantstreamassoc participant_id="b"><send>{ID}</send></participantstreamassoc>',
         "TOL-012"),
    ],
)  # fmt: skip
def test_a_documents_peculiarity_has_a_code(member: str, code: str) -> None:
    """`rokuon source report` tells the vendor's engineer which clause it is about."""
    assert code in read(member)


def test_who_has_left_is_no_second_voice_on_a_stream() -> None:
    """A whole document after a transfer names both, and no mix."""
    left = "<disassociate-time>2026-11-25T10:00:00Z</disassociate-time>"
    association = '<participantstreamassoc participant_id="{}"><send>{}</send>{}'
    end = "</participantstreamassoc>"
    both = association.format(ID, ID, left) + end + association.format("b", ID, "") + end

    assert "TOL-012" not in read(both)


def test_a_drafts_namespace_is_a_dialect() -> None:
    """Oracle's, of the drafts before the RFC."""
    assert read(namespace="urn:ietf:params:xml:ns:recording") == ["TOL-004"]


def test_a_partial_document_is_no_beginning() -> None:
    """RFC 7866 §9.1; later it is what it should be."""
    partial = parse_metadata(document().replace(b"complete", b"partial"))

    assert codes(in_document(partial, is_first=True)) == ["TOL-009"]
    assert codes(in_document(partial, is_first=False)) == []


def test_a_label_that_no_stream_has_is_told() -> None:
    """Whoever it is about cannot be heard."""
    found = parse_metadata(document(STANDARD.decode()))

    assert codes(in_labels(found, ["1", None])) == ["TOL-007"]
    assert codes(in_labels(found, ["96", "97"])) == []


def test_each_code_is_told_once_in_a_recording() -> None:
    """With what it was about first."""
    call = Call().offer(stream()).metadata(b"no XML").metadata(b"no XML").metadata(recording())

    assert call.tolerated.count("TOL-005") == 1


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (bare_invite(OFFER), 404),
        (request(b"INVITE", SDP, contact=SRC, body=OFFER), 404),
        (request(b"INVITE", SIPREC, SDP, body=OFFER), 404),
        (request(b"INVITE", SIPREC, SDP, contact=SRC, body=HEAD + UNLABELLED), 488),
        (request(b"INVITE", SIPREC, MIXED, contact=SRC, body=mixed(
            (b"application/sdp", OFFER), (b"application/rs-metadata+xml", b"no XML"))), 400),
        (request(b"INVITE", SIPREC, SDP, contact=SRC, body=OFFER), 200),
    ],
    ids=["neither sign", "no Require", "no feature tag", "no label", "broken metadata",
         "no metadata"],
)  # fmt: skip
def test_a_strict_source_is_refused_what_others_are_not(message: bytes, status: int) -> None:
    """Whoever tests a client wants to hear of it at once."""
    strict = Stage(source=dataclasses.replace(CLIENT, strict=True)).peer(message)
    assert strict.answers()[-1].status == status

    tolerant = Stage().peer(message)
    assert tolerant.answers()[-1].status == (404 if message == bare_invite(OFFER) else 200)


def test_a_plain_call_of_a_network_based_source_is_by_its_book() -> None:
    """It is no recording session, and owes nothing to RFC 7866."""
    source = dataclasses.replace(CLIENT, mode="network-based", strict=True)
    stage = Stage(source=source).peer(bare_invite(OFFER))

    assert stage.answers()[-1].status == 200
    assert stage.session.tolerated == ()


def test_a_later_offer_is_looked_at_too(stage: Stage) -> None:
    """A client that adds a stream without a label."""
    stage.peer(invite())
    unlabelled = HEAD + stream() + stream(port=6002).replace(b"a=label:1\r\n", b"")
    stage.inside(b"INVITE", 2, SDP, body=unlabelled)

    assert "TOL-006" in stage.session.tolerated


UNCLOSED = b"<sip:src@192.0.2.1;+sip.src"


def test_a_contact_without_its_bracket_is_taken_and_told() -> None:
    """A whole vendor's flows would die of it with 400, each of their messages having it."""
    stage = Stage().peer(request(b"INVITE", SIPREC, SDP, contact=UNCLOSED, body=OFFER))
    update = request(b"UPDATE", cseq=2, to_tag=stage.dialog.local_tag, contact=UNCLOSED)

    assert [each.status for each in stage.answers()] == [200]
    assert "TOL-016" in stage.session.tolerated
    assert "TOL-002" not in stage.session.tolerated
    assert "200 UPDATE" in map(said, stage.peer(update).outputs)


def test_our_own_requests_go_to_what_an_unclosed_contact_names() -> None:
    """The feature tag is no part of the address."""
    stage = Stage().peer(request(b"INVITE", SIPREC, SDP, contact=UNCLOSED, body=OFFER))
    stage.inside(b"ACK", 1).timed_out()

    [bye] = [m for m in stage.messages() if isinstance(m, Request)]
    assert (bye.method, bye.uri) == (b"BYE", b"sip:src@192.0.2.1")


def test_a_strict_source_is_refused_an_unclosed_contact() -> None:
    """Its administrator wants to hear of it."""
    stage = Stage(source=dataclasses.replace(CLIENT, strict=True))
    stage.peer(request(b"INVITE", SIPREC, SDP, contact=UNCLOSED, body=OFFER))

    assert [each.status for each in stage.answers()] == [400]
