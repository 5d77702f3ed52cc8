"""The SDP of the self-test: what it offers and answers, and the little that it reads.

Pure bytes (RFC 8866, RFC 4574). Knows nothing of SIP or sockets.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from rokuon.selftest.rs_metadata import AGENT_LABEL, CUSTOMER_LABEL

_HEAD: Final = """\
v=0\r
o=- {session} {version} IN IP4 {host}\r
s=Rokuon self-test\r
c=IN IP4 {host}\r
t=0 0\r
"""
_STREAM: Final = """\
m=audio {port} RTP/AVP 0\r
a=rtpmap:0 PCMU/8000\r
a=ptime:20\r
a=label:{label}\r
a={direction}\r
"""
_CALL: Final = """\
m=audio {port} RTP/AVP 0\r
a=rtpmap:0 PCMU/8000\r
a=ptime:20\r
a=sendrecv\r
"""
_STREAMS: Final = 2
_CONNECTION: Final = re.compile(rb"c=IN IP4 ([0-9.]{7,15})")
_MEDIA: Final = re.compile(rb"m=audio ([0-9]{1,5})(?:/1)? RTP/AVP ")


class Direction(StrEnum):
    """What the client does with its streams (RFC 7866 §7.1.1: a copy is sent, or it rests)."""

    SENDING = "sendonly"
    RESTING = "inactive"


class AnswerUnusable(Exception):
    """The answer does not say where the streams go."""


@dataclass(frozen=True, slots=True)
class AnsweredStream:
    host: str
    port: int


def offer(
    host: str, ports: Sequence[int], *, session: int, version: int, direction: Direction
) -> bytes:
    """The client's SDP: customer's stream first, labelled as in the metadata."""
    labels = (CUSTOMER_LABEL, AGENT_LABEL)
    streams = "".join(
        _STREAM.format(port=port, label=label, direction=direction)
        for port, label in zip(ports, labels, strict=True)
    )
    return (_HEAD.format(session=session, version=version, host=host) + streams).encode()


def call_description(host: str, port: int, *, session: int) -> bytes:
    """One party's SDP of an ordinary call: G.711 µ-law both ways, offered or answered."""
    head = _HEAD.format(session=session, version=1, host=host)
    return (head + _CALL.format(port=port)).encode()


def parse_answer(body: bytes, streams_wanted: int = _STREAMS) -> list[AnsweredStream]:
    """Where the streams of a description go, in order; raises `AnswerUnusable`."""
    shared = b""
    streams: list[AnsweredStream] = []
    for line in body.splitlines():
        if connection := _CONNECTION.match(line):
            if streams:
                streams[-1] = AnsweredStream(connection[1].decode(), streams[-1].port)
            else:
                shared = connection[1]
        elif media := _MEDIA.match(line):
            streams.append(AnsweredStream(shared.decode(), int(media[1])))
    if len(streams) != streams_wanted or not all(stream.host and stream.port for stream in streams):
        raise AnswerUnusable
    return streams
