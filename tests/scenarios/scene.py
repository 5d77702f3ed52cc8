"""One call as the witness saw it: its SIP messages, the answered ports, the media of its life.

Reads SIP with a few patterns of its own. Knows nothing of what the recorder made of it.
"""

import re
from dataclasses import dataclass
from typing import Final

from tests.scenarios.server import Server
from tests.scenarios.waiting import until
from tests.scenarios.witness import Datagram, Witness

_CALL_ID: Final = re.compile(rb"\r\nCall-ID:[ \t]*(\S+)", re.IGNORECASE)
_CSEQ: Final = re.compile(rb"\r\nCSeq:[ \t]*(\d+) (\w+)", re.IGNORECASE)
_MEDIA: Final = re.compile(rb"^m=audio (\d+) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class SipMessage:
    """A message on the wire: when, from whom, its first line, CSeq and whole text."""

    at_us: int
    from_server: bool
    start: bytes
    number: int
    method: bytes
    text: bytes

    @property
    def status(self) -> int:
        """The status of a response, 0 of a request."""
        return int(self.start.split()[1]) if self.start.startswith(b"SIP/2.0 ") else 0


@dataclass(frozen=True, slots=True)
class Scene:
    """A call, found on the wire by its Call-ID."""

    server: Server
    witness: Witness
    call_id: str

    def messages(self) -> list[SipMessage]:
        """Every SIP message of this call between the client and the server, in order."""
        port = self.server.sip_port
        wire = [d for d in self.witness.seen() if port in {d.source.port, d.target.port}]
        # What has no Call-ID is a keep-alive of another test.
        found = [
            _parse(d, from_server=d.source.port == port) for d in wire if _CALL_ID.search(d.payload)
        ]
        return [message for call_id, message in found if call_id == self.call_id.encode()]

    def answered(self, number: int = 1) -> SipMessage:
        """The first 200 to the INVITE of that CSeq; waits for it."""
        return until(lambda: self._first(b"INVITE", number, status=200), "the 200")

    def acknowledged(self, number: int = 1) -> SipMessage:
        """The first ACK of that CSeq; waits for it."""
        return until(lambda: self._first(b"ACK", number), "the ACK")

    def invited(self) -> SipMessage:
        """The first INVITE."""
        return until(lambda: self._first(b"INVITE", 1), "the INVITE")

    def bye(self) -> SipMessage | None:
        """The BYE, where there was one."""
        return next((m for m in self.messages() if m.start.startswith(b"BYE ")), None)

    def bye_answered(self) -> SipMessage | None:
        """The answer to the BYE, where there was one."""
        bye = self.bye()
        return None if bye is None else self._first(b"BYE", bye.number, 200)

    def _first(self, method: bytes, number: int, status: int = 0) -> SipMessage | None:
        same = (
            m for m in self.messages() if (m.method, m.number, m.status) == (method, number, status)
        )
        return next(same, None)

    def ports(self) -> tuple[int, ...]:
        """The RTP ports that the server answered or offered, in the order of the m-lines."""
        return tuple(int(port) for port in _MEDIA.findall(self.answered().text))

    def media(self) -> list[Datagram]:
        """Every datagram to these ports or their RTCP ports from the 200 until the BYE."""
        ports = {port + rtcp for port in self.ports() for rtcp in (0, 1)}
        begin_us, bye = self.answered().at_us, self.bye()
        seen = [d for d in self.witness.seen() if d.is_udp and d.target.port in ports]
        return [d for d in seen if d.at_us >= begin_us and (bye is None or d.at_us <= bye.at_us)]


def _parse(datagram: Datagram, *, from_server: bool) -> tuple[bytes, SipMessage]:
    text = datagram.payload
    call_id, cseq = _CALL_ID.search(text), _CSEQ.search(text)
    assert call_id is not None, text
    assert cseq is not None, text
    start = text.partition(b"\r\n")[0]
    message = SipMessage(datagram.at_us, from_server, start, int(cseq[1]), cseq[2], text)
    return call_id[1], message
