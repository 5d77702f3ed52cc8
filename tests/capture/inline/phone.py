"""A party of its own on the stage: it is called or calls, and speaks in its dialog.

Knows no network; what it sends goes into the node at once.
"""

from typing import Final

from capture.sip.build import Header
from capture.sip.flow import Address, Flow
from capture.sip.message import Request, Response
from tests.capture.inline.stage import HERE, LETTERS, Stage, sdp

HOSTS: Final = {letter: host for host, letter in LETTERS.items()}


class Phone:
    """One party, by the letter under which the stage shows what it gets."""

    def __init__(self, stage: Stage, letter: str) -> None:
        self.stage, self.letter, self.host = stage, letter, HOSTS[letter]
        self.flow = Flow(transport="udp", local=HERE, remote=Address(self.host, 5060))
        self.tag = b"tag-" + letter.encode()
        self.own_id = b"own@" + letter.encode()

    def heard(self) -> list[Request | Response]:
        """What it got."""
        return [message for to, message in self.stage.sent() if to == self.letter]

    def request(self, method: bytes = b"INVITE") -> Request:
        """The last request of this method that it got."""
        asked = [each for each in self.heard() if isinstance(each, Request)]
        return next(each for each in reversed(asked) if each.method == method)

    def response(self, method: bytes = b"INVITE") -> Response:
        """The last response to a request of this method that it got."""
        told = [each for each in self.heard() if isinstance(each, Response)]
        return next(each for each in reversed(told) if each.cseq.method == method)

    def speech(self, formats: str = "0 101", *lines: str, version: int = 1) -> bytes:
        """Its description of one audio line."""
        return sdp(self.host, 7000, *lines, version=version, formats=formats)

    def answers(
        self, status: int, *headers: Header, method: bytes = b"INVITE", body: bytes = b""
    ) -> Stage:
        """It answers the last request of this method."""
        sent = self.request(method)
        lines = [b"SIP/2.0 %d Whatever" % status]
        for line in sent.lines:
            if line.name in {b"via", b"from", b"call-id", b"cseq"}:
                lines.append(line.raw)
            if line.name == b"to":
                lines.append(line.raw if sent.has_to_tag else line.raw + b";tag=" + self.tag)
        return self._says(lines, headers, body)

    def calls(self, *headers: Header, body: bytes = b"", number: bytes = b"201") -> Stage:
        """Its INVITE."""
        to = b"<sip:%s@192.0.2.9>" % number
        return self._asks((b"INVITE", 1), (self.own_id, self._address, to), headers, body)

    def inside(self, method: bytes, cseq: int, *headers: Header, body: bytes = b"") -> Stage:
        """Its request in its dialog: in that of its own INVITE, else in that of ours."""
        told = [each for each in self.heard() if each.call_id == self.own_id]
        if told:
            to = next(each.to_address.raw for each in told if each.has_to_tag)
            return self._asks((method, cseq), (self.own_id, self._address, to), headers, body)
        invite = self.request()
        own = invite.to_address.raw
        own = own if invite.has_to_tag else own + b";tag=" + self.tag
        return self._asks(
            (method, cseq), (invite.call_id, own, invite.from_address.raw), headers, body
        )

    @property
    def _address(self) -> bytes:
        return b"<sip:%s@%s>;tag=%s" % (self.letter.encode(), self.host.encode(), self.tag)

    def _asks(
        self,
        what: tuple[bytes, int],
        dialog: tuple[bytes, bytes, bytes],
        headers: tuple[Header, ...],
        body: bytes,
    ) -> Stage:
        (method, cseq), (call_id, own, to) = what, dialog
        branch = b"z9hG4bK%s%s%d" % (self.letter.encode(), method, cseq)
        lines = [
            method + b" %s SIP/2.0" % (b"sip:n1@192.0.2.9" if b";tag=" in to else to[1:-1]),
            b"Via: SIP/2.0/UDP %s;branch=%s" % (self.host.encode(), branch),
            b"Max-Forwards: 70",
            b"From: " + own,
            b"To: " + to,
            b"Call-ID: " + call_id,
            b"CSeq: %d %s" % (cseq, method),
        ]
        return self._says(lines, headers, body)

    def _says(self, lines: list[bytes], headers: tuple[Header, ...], body: bytes) -> Stage:
        contact = b"Contact: <sip:%s@%s:5060>" % (self.letter.encode(), self.host.encode())
        said = {name.lower() for name, _ in headers}
        typed = body and b"content-type" not in said
        lines = [
            *lines,
            contact,
            *(name + b": " + value for name, value in headers),
            *([b"Content-Type: application/sdp"] if typed else []),
            b"Content-Length: %d" % len(body),
        ]
        return self.stage.hears(b"\r\n".join(lines) + b"\r\n\r\n" + body, self.flow)
