"""Events as they stand in EVENT frames."""

from typing import get_args

import msgspec
import pytest

from archive.call.events import (
    Attempted,
    CallEnded,
    CallIdKnown,
    CallOpened,
    CallRefused,
    CommunicationSessionKnown,
    Event,
    Flagged,
    Format,
    MediaUnrecorded,
    Mentioned,
    MetadataReceived,
    Name,
    NoticePlayed,
    NoticeReported,
    ParticipantChanged,
    PartiesJoined,
    PartiesParted,
    PartOpened,
    RecordingBegan,
    RecordingPaused,
    RecordingPreferred,
    RecordingRefused,
    RecordingResumed,
    RecordingStarted,
    RecordingStopped,
    RouteTaken,
    SipMessage,
    StreamAdded,
    StreamChanged,
    StreamHeard,
    StreamKeyed,
    StreamLatched,
    StreamPartyKnown,
    StreamRemoved,
    Tolerated,
    decode_event,
    encode_event,
)
from archive.call.mentions import Mention

PCMU = Format(payload_type=0, encoding="PCMU", clock_rate_hz=8000)
EVENTS: list[Event] = [
    CallOpened(
        at_us=1,
        source="pbx",
        node="00",
        mode="siprec",
        transport="udp",
        peer="192.0.2.1:5060",
        call_id="a",
        from_uri="sip:a@example.jp",
        from_name="田中",
        to_uri="sip:b@example.jp",
        to_name="",
        request_uri="sip:b@example.jp",
    ),
    StreamAdded(
        at_us=2, stream=0, label="1", local_port=10_000, formats=(PCMU,), direction="recvonly"
    ),
    StreamChanged(at_us=3, stream=0, formats=(PCMU,), direction="inactive"),
    StreamRemoved(at_us=4, stream=0),
    StreamPartyKnown(
        at_us=5,
        stream=0,
        participant="p",
        aor="sip:a@example.jp",
        names=(Name("田中", "ja"),),
        side="agent",
        because="internal_domain",
    ),
    MetadataReceived(at_us=6, content_type="application/rs-metadata+xml", body=b"\x00\xff<x/>"),
    Flagged(at_us=7, flag="ack_missing"),
    PartOpened(at_us=8, part=1, because="size"),
    CallRefused(
        at_us=9,
        source="pbx",
        transport="tls",
        peer="192.0.2.1",
        call_id="b",
        from_value="<sip:a@example.jp>",
        to_value="",
        status=503,
        reason="full",
        detail="cpu",
    ),
    StreamLatched(at_us=9, stream=0, rule="signalled", address="192.0.2.1", port=4000),
    StreamHeard(at_us=9, stream=0, address="192.0.2.1", port=4000, ssrc=7),
    StreamKeyed(at_us=9, stream=0, crypto="1 AES_CM_128_HMAC_SHA1_80 inline:AAAA"),
    ParticipantChanged(at_us=9, what="transferred", participant="p", instead_of="q"),
    SipMessage(
        at_us=9, is_received=True, transport="udp", local="a:1", remote="b:2", data=b"BYE\xff"
    ),
    CommunicationSessionKnown(at_us=9, communication_session="c", sip_session_ids=("a", "b")),
    CallIdKnown(at_us=9, kind="ucid", value="1"),
    Mentioned(
        at_us=9,
        mentions=(Mention(told_as="queue", address="81007", name="苦情", key="X-Queue"),),
        by="headers",
    ),
    Attempted(at_us=9, target="pbx", outcome="refused", status=486),
    RouteTaken(at_us=9, route="support", target="pbx", mode="force", tags=("a", "b")),
    PartiesJoined(at_us=9),
    PartiesParted(at_us=9),
    RecordingBegan(at_us=9),
    RecordingPaused(at_us=9, serial=1, by="kimura", reason="card number"),
    RecordingResumed(at_us=9, serial=1, by="kimura", because="asked"),
    RecordingStarted(at_us=9, by="kimura", reason="complaint"),
    RecordingStopped(at_us=9, by="kimura", reason="asked to"),
    NoticePlayed(
        at_us=9,
        to="caller",
        prompt="notice",
        language="ja",
        wording_sha256="00",
        wording="録音します。",
        outcome="complete",
        stream=2,
        from_us=1,
        until_us=9,
        packets=1,
        sent_ms=20,
        whole_ms=20,
    ),
    NoticeReported(at_us=9, to="caller", reports=1, through=True, lost=2, jitter=3),
    MediaUnrecorded(at_us=9, media="image", protocol="udptl", formats=("t38",)),
    RecordingRefused(at_us=9, by="caller", digit="9"),
    RecordingPreferred(at_us=9, by="callee", preference="pause", honoured=True),
    Tolerated(at_us=9, code="TOL-001"),
    CallEnded(at_us=9, reason="bye"),
]


def test_every_event_has_an_example_here() -> None:
    """A new class without one would be untested."""
    assert {type(event) for event in EVENTS} == set(get_args(Event))


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_reads_back_as_it_was_written(event: Event) -> None:
    """Its type leads, so that a reader knows what follows (docs/format.md, EVENT)."""
    written = encode_event(event)

    assert decode_event(written) == event
    assert written.startswith(b'{"type":"')


def test_metadata_keeps_its_bytes_exactly() -> None:
    """A document is evidence even where it is neither XML nor UTF-8."""
    event = MetadataReceived(at_us=6, content_type="", body=bytes(range(256)))

    decoded = decode_event(encode_event(event))

    assert isinstance(decoded, MetadataReceived)
    assert decoded.body == bytes(range(256))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"[]",
        b"{}",
        b'{"type":"call_rewound","at_us":1}',
        b'{"type":"call_ended","at_us":1,"reason":"bored"}',
        b'{"type":"call_ended","reason":"bye"}',
        b'{"type":"metadata_received","at_us":1,"content_type":"","body":"*"}',
    ],
)
def test_what_is_no_event_is_refused(payload: bytes) -> None:
    """Types, reasons and times are checked where they are read."""
    with pytest.raises(msgspec.MsgspecError):
        decode_event(payload)
