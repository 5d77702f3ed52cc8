"""A recording session on a stage: its values go through bytes, its new events are named."""

from ipaddress import ip_network
from itertools import count
from typing import Self

import msgspec

from archive.call.events import (
    CallOpened,
    EndReason,
    Event,
    Mentioned,
    ParticipantChanged,
    Tolerated,
    decode_event,
)
from capture.links.recorder_messages import SenderAside, SenderHeard
from capture.metadata.message_bodies import Bodies
from capture.peers.sources import Source
from capture.recording.outputs import Now
from capture.recording.session import (
    RecordingSession,
    SessionRecording,
    SessionStream,
    flagged,
    over,
)
from capture.recording.srtp_policy import doubted
from capture.sdp.answer import MediaPorts
from capture.sdp.crypto import SRTP_SECRET_BYTES
from capture.sdp.description import MediaDescription
from capture.sdp.offer import make_offer
from capture.sip.identity import DialogId
from capture.siprec import media_streams
from capture.siprec.media_senders import sender_told
from capture.siprec.media_streams import StreamPort
from capture.siprec.metadata_intake import people_known, told
from capture.siprec.stream_assignment import assigned, home_of
from tests.capture.sdp.offers import HEAD, offered, stream

PBX = Source(
    name="pbx", tenant=b"t" * 16, networks=(ip_network("192.0.2.0/24"),),
    internal_domains=("pbx.example.com",), internal_numbers=("40*", "0300"),
)  # fmt: skip
CALL = CallOpened(
    at_us=1, source="pbx", node="n1", mode="siprec", transport="udp", peer="192.0.2.1",
    call_id="c", from_uri="", from_name="", to_uri="", to_name="", request_uri="",
)  # fmt: skip
NEW = RecordingSession(
    key=b"k" * 16, tenant=b"t" * 16, source="pbx", worker=0, created_us=1, call=CALL,
    dialog=DialogId(call_id=b"c", local_tag=b"l", remote_tag=b"r"), address="192.0.2.99",
)  # fmt: skip
ONE, TWO = stream(label=b"96"), stream(label=b"97", port=6002)
INACTIVE = b"inactive"
NOWHERE = HEAD.replace(b"c=IN IP4 192.0.2.10", b"c=IN IP4 0.0.0.0")
ALICE = (
    '<participant participant_id="a"><nameID aor="sip:4021@elsewhere"/></participant>'
    '<participantstreamassoc participant_id="a"><send>s</send></participantstreamassoc>'
    '<stream stream_id="s"><label>97</label></stream>'
)


def seats_from(first: int, count: int) -> list[StreamPort]:
    secret = bytes(SRTP_SECRET_BYTES)
    return [StreamPort(pair, 10_000 + 2 * pair, secret) for pair in range(first, first + count)]


class Call:
    """One recording session; `then` states which events the last step added, by recording."""

    def __init__(self, source: Source = PBX, session: RecordingSession = NEW) -> None:
        self.source = source
        self.now_us = 1
        self.session = session
        self.seen: dict[bytes, int] = {}
        self._ids = count(1)

    def _took(self, session: RecordingSession) -> Self:
        again = msgspec.msgpack.decode(msgspec.msgpack.encode(session), type=RecordingSession)
        assert again == session
        self.seen = {each.recording: len(each.events) for each in self.session.recordings}
        self.session = again
        self.now_us += 10
        return self

    def offer(self, *sections: bytes, head: bytes | None = None) -> Self:
        offer = offered(*sections) if head is None else offered(*sections, head=head)
        first = max(self.session.pairs, default=-1) + 1
        seats = seats_from(first, media_streams.needed_pairs(self.session, offer))
        return self._took(
            media_streams.offered(self.session, offer, seats, self._home, self.now_us)
        )

    def own_offer(self, number: int = 2) -> Self:
        seats = seats_from(0, number)
        ports = [MediaPorts(seat.port, seat.port + 1, seat.secret) for seat in seats]
        ours = make_offer(session_id=1, version=1, address="192.0.2.99", ports=ports)
        return self._took(
            media_streams.own_offer(self.session, ours, seats, self._home, self.now_us)
        )

    def answer(self, *sections: bytes) -> Self:
        return self._took(media_streams.answered(self.session, offered(*sections), self.now_us))

    def metadata(self, body: bytes | None) -> Self:
        kind = "" if body is None else "application/rs-metadata+xml"
        bodies = Bodies(metadata=body, metadata_type=kind)
        session = assigned(told(self.session, bodies, self.now_us), self._id, self.now_us)
        return self._took(people_known(session, self.source, self.now_us))

    def told(self, body: bytes) -> Self:
        """Metadata that comes with an offer is read before it."""
        bodies = Bodies(metadata=body, metadata_type="application/rs-metadata+xml")
        return self._took(told(self.session, bodies, self.now_us))

    def without_metadata(self) -> Self:
        return self._took(flagged(self.session, "metadata_missing", self.now_us))

    def doubted(self) -> Self:
        """The packets of the first stream are not sealed with its keys."""
        line, now = self.session.streams[0], Now(us=self.now_us, s=0.0)
        return self._took(doubted(self.session, line.recording, line.stream, now))

    def said(self, said: SenderHeard | SenderAside) -> Self:
        """What a worker says of who sends."""
        return self._took(sender_told(self.session, said, self.now_us))

    def over(self, reason: EndReason) -> Self:
        return self._took(over(self.session, reason, self.now_us))

    def _id(self, _now_us: int) -> bytes:
        return b"recording-%06d" % next(self._ids)

    def _home(self, session: RecordingSession, label: str) -> tuple[RecordingSession, bytes]:
        return home_of(session, label, self._id, self.now_us)

    def then(self, *wanted: str) -> Self:
        """Every event of the last step; peculiarities, people, mentions are told elsewhere."""
        aside = (Tolerated, ParticipantChanged, Mentioned)
        found = [event for event in self.new_events() if not isinstance(event, aside)]
        assert [named(event) for event in found] == list(wanted)
        return self

    @property
    def tolerated(self) -> list[str]:
        """The codes of what is tolerated of the client."""
        return list(self.session.tolerated)

    def new_events(self) -> list[Event]:
        return [
            decode_event(event.payload)
            for each in self.session.recordings
            for event in each.events[self.seen.get(each.recording, 0) :]
        ]

    @property
    def recording(self) -> SessionRecording:
        """The only recording there is."""
        (only,) = self.session.recordings
        return only

    def streams(self) -> list[SessionStream]:
        return list(self.session.streams)

    def ours(self) -> tuple[MediaDescription, ...]:
        assert self.session.ours is not None
        return self.session.ours.media


def named(event: Event) -> str:
    """An event in a few words: "added 0 recvonly", "flagged no_bye"."""
    words = [type(event).__name__]
    words += [
        str(getattr(event, field))
        for field in ("stream", "direction", "side", "because", "flag", "reason")
        if hasattr(event, field)
    ]
    return " ".join(words)


def up() -> Call:
    """A call of two streams."""
    return Call().offer(ONE, TWO)
