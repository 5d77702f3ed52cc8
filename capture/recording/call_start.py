"""How a call begins in the record, whichever door it came through. Knows no metadata."""

from typing import Final, Literal

from archive.call.events import CallOpened, StreamChanged
from capture.peers.sources import Source
from capture.raw_text import text_of
from capture.recording.session import RecordingSession, SessionStream, noted_on
from capture.sip.events import InviteReceived
from capture.sip.flow import transport_of

# What a client calls itself; longer ones are cut.
MAX_USER_AGENT_CHARS: Final = 128


def opened(
    event: InviteReceived,
    source: Source,
    node: str,
    mode: Literal["siprec", "network-based", "inline"],
    at_us: int,
) -> CallOpened:
    request = event.request
    return CallOpened(
        at_us=at_us,
        source=source.name,
        node=node,
        mode=mode,
        transport=transport_of(event.flow),
        peer=event.flow.remote.host,
        call_id=text_of(request.call_id),
        from_uri=text_of(request.from_address.uri),
        from_name=text_of(request.from_address.display),
        to_uri=text_of(request.to_address.uri),
        to_name=text_of(request.to_address.display),
        request_uri=text_of(request.uri),
        country=source.country,
        zone=source.zone,
        user_agent=text_of(request.value(b"user-agent") or b"")[:MAX_USER_AGENT_CHARS],
        marks=source.marks,
    )


def renegotiated(
    session: RecordingSession, known: SessionStream, stream: SessionStream, at_us: int
) -> RecordingSession:
    """A stream whose formats or direction are others than before."""
    if (stream.formats, stream.is_held) == (known.formats, known.is_held):
        return session
    event = StreamChanged(
        at_us=at_us,
        stream=stream.stream,
        formats=stream.formats,
        direction="inactive" if stream.is_held else "recvonly",
    )
    return noted_on(session, stream, event)
