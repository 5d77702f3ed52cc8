"""A recording client on a socket of its own: it says its acts at their seconds, and speaks.

Nothing waits: whoever plays calls `tick` again and again, for as many clients as there are. Knows
nothing of what its messages mean, nor of what is made of them.
"""

import re
import secrets
import socket
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tests.scenarios.server import HOST
from tests.support.clients.moments import moment
from tests.support.clients.voices import Packet
from tests.vendors.script import Message, placed, wire

TICK_S: Final = 0.005
OVER_WITHIN_S: Final = 60.0
_AGAIN_S: Final = 1.0
_AT_ONCE: Final = 8
_OK: Final = 200
_FINAL: Final = 200
_STATUS: Final = re.compile(rb"SIP/2\.0 (\d{3}) ")
_CSEQ: Final = re.compile(rb"(?im)^CSeq: *(\d+) (\w+)")
_TO_TAG: Final = re.compile(rb"(?im)^To:[^\r]*;tag=([^;\r]+)")
_CONTACT: Final = re.compile(rb"(?im)^Contact: *<([^>]*)>")
_ECHOED: Final = re.compile(rb"(?im)^(?:Via|From|To|Call-ID|CSeq):[^\r]*")
_AT: Final = re.compile(r"\{at:(\d+)\}")
_MEDIA: Final = re.compile(rb"(?m)^m=\w+ (\d+) ")


@dataclass(frozen=True, slots=True)
class Act:
    """A request and the second at which it is said; `answer` is what its ACK carries."""

    at_s: float
    message: Message
    answer: str = ""


class Client:
    """One recording session, until its BYE is answered."""

    def __init__(self, at: tuple[str, int], acts: Sequence[Act], speech: Iterable[Packet]) -> None:
        """Call from the address `at[0]` to the port `at[1]`; the last act ends it."""
        self.call_id = f"client-{secrets.token_hex(8)}"
        self.began_us = self.answered_us = self.ended_us = 0
        self.refused = 0
        self.ports: dict[int, int] = {}
        self.is_over = False
        self._host, self._acts, self._speech = at[0], deque(acts), deque(speech)
        self._wire, self._voice = (self._socket() for _ in range(2))
        self._wire.connect((HOST, at[1]))
        self._uri, self._tags = f"sip:recorder@{HOST}:{at[1]}", (secrets.token_hex(4), "")
        self._begun_s = float("inf")
        self._cseq = 0
        self._waiting: tuple[Act, bytes] | None = None
        self._said_s = 0.0

    def _socket(self) -> socket.socket:
        made = socket.socket(type=socket.SOCK_DGRAM)
        made.bind((self._host, 0))
        made.settimeout(0)
        return made

    def tick(self, now_s: float) -> None:
        """Hear what was said, say what is due, by word and by sound."""
        self._hear(now_s)
        if self._waiting is not None and now_s - self._said_s > _AGAIN_S:
            self._send(self._waiting[1], now_s)
        while self._speech and self._begun_s + self._speech[0].due_s <= now_s:
            packet = self._speech.popleft()
            if port := self.ports.get(packet.line):
                self._voice.sendto(packet.data, (HOST, port))
        if self._waiting is None and self._acts and self._is_due(self._acts[0], now_s):
            self._act(self._acts.popleft(), now_s)

    def _is_due(self, act: Act, now_s: float) -> bool:
        return self._cseq == 0 or self._begun_s + act.at_s <= now_s

    def _act(self, act: Act, now_s: float) -> None:
        self._cseq += 1
        self.began_us = self.began_us or _wall_us()
        if act.message.method == "BYE":
            self.ended_us = _wall_us()
        data = wire(self._placed(act.message))
        self._waiting = (act, data)
        self._send(data, now_s)

    def _send(self, data: bytes, now_s: float) -> None:
        self._said_s = now_s
        self._wire.send(data)

    def _placed(self, message: Message) -> Message:
        """With ids of its own, and the clock's word for each second of the call, in its body."""
        begun_us = self.answered_us or _wall_us()

        def told(found: re.Match[str]) -> str:
            return moment(begun_us + int(found[1]) * 1_000_000).isoformat()

        body = _AT.sub(told, message.body.replace("{own}", self.call_id))
        return placed(replace(message, body=body), self._places())

    def _places(self) -> dict[str, str]:
        ours, theirs = (":".join(map(str, each)) for each in self._names())
        return {
            "srs": theirs, "srs_host": HOST, "src": ours, "src_host": self._host,
            "transport": "UDP", "lower_transport": "udp",
            "branch": f"z9hG4bK{secrets.token_hex(8)}", "call_id": self.call_id,
            "tag": self._tags[0], "cseq": str(self._cseq), "target": self._uri,
            "to_tag": f";tag={self._tags[1]}" if self._tags[1] else "", "length": "{length}",
        }  # fmt: skip

    def _names(self) -> tuple[tuple[str, int], tuple[str, int]]:
        return self._wire.getsockname(), self._wire.getpeername()

    def _hear(self, now_s: float) -> None:
        while True:
            try:
                data = self._wire.recv(1 << 16)
            except BlockingIOError:
                return
            status = _STATUS.match(data)
            if status is None:
                self._take(data)
            elif int(status[1]) >= _FINAL:
                self._answered(data, int(status[1]), now_s)

    def _take(self, data: bytes) -> None:
        """What the recorder asks is granted; it asks nothing that needs more."""
        if data.strip() and not data.startswith(b"ACK "):
            head = b"\r\n".join([b"SIP/2.0 200 OK", *_ECHOED.findall(data), b"Content-Length: 0"])
            self._wire.send(head + b"\r\n\r\n")
        if data.startswith(b"BYE "):
            self.ended_us, self.is_over = _wall_us(), True

    def _answered(self, data: bytes, status: int, now_s: float) -> None:
        cseq = _CSEQ.search(data)
        if self._waiting is None or cseq is None or int(cseq[1]) != self._cseq:
            return
        (act, _), self._waiting = self._waiting, None
        tag, contact = _TO_TAG.search(data), _CONTACT.search(data)
        self._tags = (self._tags[0], tag[1].decode()) if tag else self._tags
        if contact and status == _OK:
            self._uri = contact[1].decode()
        if act.message.method == "INVITE":
            self._wire.send(wire(self._placed(_ack(act))))
        self.refused = self.refused or (status if status != _OK else 0)
        if act.message.method == "BYE" or (self.refused and not self.answered_us):
            self.is_over = True
            return
        if _MEDIA.search(data):
            found = map(int, _MEDIA.findall(data))
            self.ports = {line: port for line, port in enumerate(found) if port}
        if not self.answered_us:
            self.answered_us, self._begun_s = _wall_us(), now_s


def bye(first: Message) -> Message:
    """The end of the dialog that this message begins."""
    return _bare(first, "BYE")


def _ack(act: Act) -> Message:
    bare = _bare(act.message, "ACK")
    if not act.answer:
        return bare
    headers = tuple(each for each in bare.headers if not each.startswith("Content-"))
    own = ("Content-Type: application/sdp", "Content-Length: {length}")
    return Message("ack", bare.start, (*headers, *own), act.answer)


def _bare(of: Message, method: str) -> Message:
    named = {line.partition(":")[0].strip().lower(): line for line in of.headers}
    sender = next(named[name] for name in ("from", "f") if name in named)
    to = next(named[name] for name in ("to", "t") if name in named).replace("{to_tag}", "")
    headers = (
        "Via: SIP/2.0/{transport} {src};branch={branch}", "Max-Forwards: 70", sender,
        to + "{to_tag}", "Call-ID: {call_id}", f"CSeq: {{cseq}} {method}", "Content-Length: 0",
    )  # fmt: skip
    return Message(method, f"{method} {{target}} SIP/2.0", headers, "")


def play(clients: Sequence[Client]) -> None:
    """Let all of them call at once until the last is over; raises `AssertionError`.

    So few wait for their first answer at a time that no recorder takes them for a flood.
    """
    ends_s = time.monotonic() + OVER_WITHIN_S
    while going := [each for each in clients if not each.is_over]:
        now_s = time.monotonic()
        assert now_s < ends_s, [each.call_id for each in going]
        up = [each for each in going if each.answered_us]
        for each in (*up, *[each for each in going if not each.answered_us][:_AT_ONCE]):
            each.tick(now_s)
        time.sleep(max(0.0, TICK_S - (time.monotonic() - now_s)))


def _wall_us() -> int:
    return time.time_ns() // 1_000
