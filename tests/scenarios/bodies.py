"""What the recording client of the scenarios says: offers, metadata, and both in one body.

Texts of their own, so that neither the server nor its self-test is checked against itself. Knows
nothing of SIPp.
"""

import base64
import uuid
from dataclasses import dataclass
from typing import Final

CUSTOMER, AGENT = "1", "2"
TELEPHONE_EVENT_TYPE: Final = 101
AGENT_NUMBER: Final = "2001"
# Where the server's receiver reports go: nobody listens there.
_OUR_PORTS: Final = (6994, 6996)
_BOUNDARY: Final = "scenario-boundary"
_CODECS: Final = {"pcmu": (0, "PCMU"), "pcma": (8, "PCMA")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A message body and its Content-Type header line."""

    header: str
    body: str


EMPTY: Final = Content(header="Subject: nothing", body="")


def description(
    *, codec: str = "pcmu", direction: str = "sendonly", labels: tuple[str, ...] = (CUSTOMER, AGENT)
) -> str:
    """An SDP of one m-line per label, in the order given, telephone events beside the codec."""
    payload_type, name = _CODECS[codec]
    head = ["v=0", "o=src 1 1 IN IP4 127.0.0.2", "s=-", "c=IN IP4 127.0.0.2", "t=0 0"]
    streams = [
        line
        for label, port in zip(labels, _OUR_PORTS, strict=True)
        for line in (
            f"m=audio {port} RTP/AVP {payload_type} {TELEPHONE_EVENT_TYPE}",
            f"a=rtpmap:{payload_type} {name}/8000",
            f"a=rtpmap:{TELEPHONE_EVENT_TYPE} telephone-event/8000",
            f"a=label:{label}",
            f"a={direction}",
        )
    ]
    return "".join(f"{line}\r\n" for line in (*head, *streams))


def metadata(customer_number: str, agent_number: str = AGENT_NUMBER, *, name: str = "") -> str:
    """A complete rs-metadata document: a customer from outside and an agent, a stream each."""
    session, customer, agent, heard, said = (_fresh_id() for _ in range(5))
    called = f"<name>{name}</name>" if name else ""
    people = ((customer, f"sip:{customer_number}@carrier.example", heard, CUSTOMER, called),
              (agent, f"sip:{agent_number}@pbx.example", said, AGENT, ""))  # fmt: skip
    parts = [f'<session session_id="{session}"/>']
    for person, aor, stream, label, named in people:
        parts += [
            f'<participant participant_id="{person}"><nameID aor="{aor}">{named}</nameID>'
            "</participant>",
            f'<stream stream_id="{stream}" session_id="{session}"><label>{label}</label></stream>',
            f'<participantsessionassoc participant_id="{person}" session_id="{session}">'
            "<associate-time>2026-11-25T00:00:00Z</associate-time></participantsessionassoc>",
            f'<participantstreamassoc participant_id="{person}"><send>{stream}</send>'
            "</participantstreamassoc>",
        ]
    return "\r\n".join((
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<recording xmlns="urn:ietf:params:xml:ns:recording:1">',
        "<datamode>complete</datamode>",
        *parts,
        "</recording>",
    ))  # fmt: skip


def both(sdp: str, document: str) -> Content:
    """Offer and metadata in one multipart body (RFC 7866 section 9.1)."""
    pieces = (("application/sdp", sdp), ("application/rs-metadata+xml", document))
    body = "".join(
        f"--{_BOUNDARY}\r\nContent-Type: {kind}\r\n"
        f"Content-Disposition: {_disposition(kind)}\r\n\r\n{text}\r\n"
        for kind, text in pieces
    )
    header = f"Content-Type: multipart/mixed;boundary={_BOUNDARY}"
    return Content(header=header, body=f"{body}--{_BOUNDARY}--\r\n")


def alone(sdp: str) -> Content:
    """A description without metadata."""
    return Content(header="Content-Type: application/sdp", body=sdp)


def undescribed(document: str) -> Content:
    """Metadata without a description."""
    return Content(header="Content-Type: application/rs-metadata+xml", body=document)


def _disposition(kind: str) -> str:
    return "session" if kind == "application/sdp" else "recording-session"


def _fresh_id() -> str:
    return base64.b64encode(uuid.uuid4().bytes).decode()
