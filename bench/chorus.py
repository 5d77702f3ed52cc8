"""The load of relayed calls: one packet a beat and voice, the same bytes to everybody who hears it.

So SRTP is sealed once a beat and not once a call, and every server under test is sent the same at
the same price. Knows nothing of SIP or of who receives.
"""

import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pylibsrtp import Policy, Session

from capture.holder.kernel import close_filter
from rokuon.machine.clock import monotonic_s
from rokuon.selftest.engine import MediaReport
from rokuon.selftest.sender import BEAT_S, MAX_LATE_MS, SLOTS
from rokuon.selftest.sendmmsg import IOVEC, MMSGHDR, SOCKADDR_IN, Transmit, transmit_from
from rokuon.selftest.sources import open_source
from rokuon.selftest.speech_files import PACKET_SAMPLES, Language, Side, speech

HOST: Final = "127.0.0.1"
# The caller's voice and the callee's.
SIDES: Final = (Side.CUSTOMER, Side.AGENT)
SSRCS: Final = (0x5000_0001, 0x5000_0002)
# Of `bench.inline_sdp.SUITES`.
PROFILES: Final = {
    Side.CUSTOMER: Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
    Side.AGENT: Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
}
# Beyond what SRTP adds to a packet (RFC 3711 §3.1).
_BUFFER_BYTES: Final = 256
_JOIN_S: Final = 10.0
_RTP_VERSION: Final = 0x80
_SEQUENCES: Final = 1 << 16
_STAMPS: Final = 1 << 32


class ChorusFull(Exception):
    """It was made for fewer streams."""


class Voice:
    """One party's packets in their order, sealed under `key` where there is one."""

    def __init__(self, side: Side, ssrc: int, key: bytes) -> None:
        self._speech, self._ssrc = speech(Language.JAPANESE, side), ssrc
        self._sealing = _sealing(side, key)
        self._packets = 0
        self.buffer: NDArray[np.uint8] = np.zeros(_BUFFER_BYTES, np.uint8)
        self.length = 0
        self.advance()

    def advance(self) -> None:
        """Have the next packet in the buffer."""
        packet = self.next()
        self.length = len(packet)
        self.buffer[: self.length] = np.frombuffer(packet, np.uint8)

    def next(self) -> bytes:
        """The next packet."""
        plain = self.next_plain()
        return self._sealing.protect(plain) if self._sealing is not None else plain

    def next_plain(self) -> bytes:
        """The next packet before it is sealed."""
        number, self._packets = self._packets, self._packets + 1
        at = number * PACKET_SAMPLES % len(self._speech)
        head = b"".join((
            bytes((_RTP_VERSION, 0)),
            (number % _SEQUENCES).to_bytes(2, "big"),
            (number * PACKET_SAMPLES % _STAMPS).to_bytes(4, "big"),
            self._ssrc.to_bytes(4, "big"),
        ))  # fmt: skip
        return head + self._speech[at : at + PACKET_SAMPLES]


def _sealing(side: Side, key: bytes) -> Session | None:
    """libsrtp and not our own code: a peer that shares our mistakes would prove nothing."""
    if not key:
        return None
    kind, profile = Policy.SSRC_ANY_OUTBOUND, PROFILES[side]
    return Session(Policy(key=key, ssrc_type=kind, srtp_profile=profile))


def opening(side: Side, key: bytes) -> Session:
    """What opens the packets that this side hears under `key`."""
    kind, profile = Policy.SSRC_ANY_INBOUND, PROFILES[side]
    return Session(Policy(key=key, ssrc_type=kind, srtp_profile=profile))


class _Row:
    """The hearers of one moment of the beat: row *i* of every column belongs to the same one."""

    def __init__(self, capacity: int) -> None:
        self.ids: list[int] = []
        self.names = np.zeros(capacity, SOCKADDR_IN)
        self.vectors = np.zeros(capacity, IOVEC)
        self.messages = np.zeros(capacity, MMSGHDR)
        rows = np.arange(capacity, dtype=np.uint64)
        self.messages["name"] = self.names.ctypes.data + rows * np.uint64(SOCKADDR_IN.itemsize)
        self.messages["name_length"] = SOCKADDR_IN.itemsize
        self.messages["vectors"] = self.vectors.ctypes.data + rows * np.uint64(IOVEC.itemsize)
        self.messages["vector_count"] = 1

    def add(self, number: int, voice: Voice, host: str, port: int) -> None:
        row = len(self.ids)
        if row == len(self.messages):
            raise ChorusFull
        self.names[row] = (socket.AF_INET, port, list(socket.inet_aton(host)), 0)
        self.vectors[row] = (voice.buffer.ctypes.data, voice.length)
        self.ids.append(number)

    def remove(self, number: int) -> None:
        row, last = self.ids.index(number), len(self.ids) - 1
        self.names[row], self.vectors[row] = self.names[last], self.vectors[last]
        self.ids[row] = self.ids[last]
        self.ids.pop()


class Chorus:
    """Sends each voice's packet of this beat to all its hearers, at `SLOTS` moments of the beat."""

    def __init__(
        self, transmit: Transmit, voices: Sequence[Voice], *, max_streams: int, start_s: float
    ) -> None:
        self._transmit, self._voices, self._start_s = transmit, voices, start_s
        self._rows = [_Row(-(-max_streams // SLOTS)) for _ in range(SLOTS)]
        self._row_of: dict[int, _Row] = {}
        self._turn = 0
        self.late_ms: NDArray[np.int64] = np.zeros(MAX_LATE_MS + 1, np.int64)
        self.sent_packets = self.failed_packets = 0

    def add(self, number: int, voice: int, host: str, port: int) -> None:
        """Let a voice be heard there from its next packet on; raises `ChorusFull`."""
        row = min(self._rows, key=lambda each: len(each.ids))
        row.add(number, self._voices[voice], host, port)
        self._row_of[number] = row

    def remove(self, number: int) -> None:
        """Be silent there."""
        self._row_of.pop(number).remove(number)

    def step(self, now_s: float) -> float:
        """Send what is due at `now_s`; when it wants to be called again."""
        while (due_s := self._start_s + self._turn * BEAT_S / SLOTS) <= now_s:
            slot = self._turn % SLOTS
            self._turn += 1
            self.late_ms[min(int(1_000 * (now_s - due_s)), MAX_LATE_MS)] += 1
            if slot == 0:
                for voice in self._voices:
                    voice.advance()
            self._send(self._rows[slot])
        return due_s

    def _send(self, row: _Row) -> None:
        done, wanted = 0, len(row.ids)
        while done < wanted:
            address = row.messages.ctypes.data + done * MMSGHDR.itemsize
            taken, _errno = self._transmit(address, wanted - done)
            self.sent_packets += taken
            self.failed_packets += taken == 0
            done += max(taken, 1)


class ChorusEngine:
    """A thread and a socket for a chorus; any thread may ask it. Both parties are at `port`."""

    def __init__(self, sock: socket.socket, keys: Sequence[bytes], *, max_streams: int) -> None:
        self.port = int(sock.getsockname()[1])
        self.keys = tuple(keys)
        voices = [
            Voice(side, ssrc, key) for side, ssrc, key in zip(SIDES, SSRCS, keys, strict=True)
        ]
        self._chorus = Chorus(
            transmit_from(sock.fileno()), voices, max_streams=max_streams, start_s=monotonic_s()
        )
        self._asked: deque[Callable[[], None]] = deque()
        self._ids, self._stop = count(1), threading.Event()
        self._thread = threading.Thread(target=self._run, name="chorus", daemon=True)
        self._thread.start()

    def add(self, voice: int, host: str, port: int) -> int:
        """Let a voice be heard there within a beat; the number by which it is removed."""
        number = next(self._ids)
        self._asked.append(lambda: self._chorus.add(number, voice, host, port))
        return number

    def remove(self, number: int) -> None:
        """Be silent there within a beat."""
        self._asked.append(lambda: self._chorus.remove(number))

    def report(self) -> MediaReport:
        """The figures of this instant."""
        chorus, ident = self._chorus, self._thread.ident
        assert ident is not None
        cpu_s = time.clock_gettime(time.pthread_getcpuclockid(ident))
        return MediaReport(
            monotonic_s(), chorus.sent_packets, chorus.failed_packets, cpu_s, chorus.late_ms.copy()
        )

    def stop(self) -> None:
        """Send no more once this returns."""
        self._stop.set()
        self._thread.join(_JOIN_S)

    def _run(self) -> None:
        while not self._stop.is_set():
            while self._asked:
                self._asked.popleft()()
            wait_s = self._chorus.step(monotonic_s()) - monotonic_s()
            if wait_s > 0:
                time.sleep(wait_s)


@contextmanager
def singing(keys: Sequence[bytes], *, max_streams: int) -> Iterator[ChorusEngine]:
    """An engine for as long as the block lasts; what comes back to its socket the kernel drops."""
    source = open_source(HOST)
    with source.rtp, source.rtcp:
        for sock in (source.rtp, source.rtcp):
            close_filter(sock.fileno())
        engine = ChorusEngine(source.rtp, keys, max_streams=max_streams)
        try:
            yield engine
        finally:
            engine.stop()
