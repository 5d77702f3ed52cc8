"""Who sends RTP: ffmpeg, which nobody here wrote, and datagrams that it sent before, sent again.

Knows nothing of SIP or of who receives.
"""

import socket
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.scenarios.server import HOST

SPEECH: Final = Path(__file__).parents[2] / "rokuon/selftest/speech"
PACKET_S: Final = 0.02
PACKET_SAMPLES: Final = 160
HEADER_BYTES: Final = 12
_RTCP: Final = range(64, 96)
_PACKETS: Final = f"asetnsamples={PACKET_SAMPLES}"
_CODECS: Final = {"pcmu": "pcm_mulaw", "pcma": "pcm_alaw"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Speech:
    """A stretch of the self-test's speech in which somebody speaks."""

    file: str
    from_s: float
    seconds: float = 2.0


CUSTOMER_SAYS: Final = Speech(file="en-customer.ulaw", from_s=5.0)
AGENT_SAYS: Final = Speech(file="en-agent.ulaw", from_s=0.5)
# Both at length, in Japanese.
LONG_SAYS: Final = tuple(
    Speech(file=f"ja-{who}.ulaw", from_s=0.5, seconds=34.0) for who in ("customer", "agent")
)


@contextmanager
def speaking(
    said: Sequence[tuple[Speech, int]],
    codec: str = "pcmu",
    *,
    host: str = HOST,
    within: Sequence[str] = (),
) -> Iterator[None]:
    """Send each speech to its port, in real time, side by side; all are sent when the block ends.

    ffmpeg sends RTCP sender reports too, to the next port. `within` is a command line that runs
    another one in a network namespace.
    """
    with ExitStack() as stack:
        senders = [
            stack.enter_context(
                subprocess.Popen([*within, *_ffmpeg(speech, _place(port, host), codec)])
            )
            for speech, port in said
        ]
        try:
            yield
            codes = [
                sender.wait(speech.seconds + 20)
                for sender, (speech, _) in zip(senders, said, strict=True)
            ]
        finally:
            for sender in senders:
                sender.kill()
    assert codes == [0] * len(said)


def speak(said: Sequence[tuple[Speech, int]], codec: str = "pcmu") -> None:
    """The same, and wait for it."""
    with speaking(said, codec):
        pass


def _ffmpeg(speech: Speech, place: str, codec: str) -> list[str]:
    return [
        *_read(speech),
        # The filter's pace has no burst at the begin, which -re has in some versions.
        *("-af", f"{_PACKETS},arealtime", "-c:a", _CODECS[codec]),
        *("-f", "rtp", place),
    ]


def _place(port: int, host: str = HOST) -> str:
    where = f"[{host}]" if ":" in host else host
    return f"rtp://{where}:{port}?pkt_size={HEADER_BYTES + PACKET_SAMPLES}"


def _read(speech: Speech) -> list[str]:
    return [
        *("ffmpeg", "-nostdin", "-loglevel", "error"),
        *("-f", "mulaw", "-ar", "8000", "-ac", "1", "-ss", str(speech.from_s)),
        *("-i", str(SPEECH / speech.file), "-t", str(speech.seconds), "-sdp_file", "/dev/null"),
    ]


def recorded(speech: Speech) -> list[bytes]:
    """The RTP datagrams that ffmpeg makes of a speech.

    Through a pipe: at its full pace it is faster than a socket that is read beside other work.
    """
    size = ("-packetsize", str(HEADER_BYTES + PACKET_SAMPLES))
    command = [*_read(speech), "-af", _PACKETS, "-c:a", "pcm_mulaw", *size, "-f", "rtp", "pipe:1"]
    packets = list(
        _rtp(subprocess.run(command, check=True, capture_output=True, timeout=20).stdout)
    )
    assert len(packets) == round(speech.seconds / PACKET_S)
    return packets


def _rtp(stream: bytes) -> Iterator[bytes]:
    """The RTP packets of a stream of it and RTCP, which tells its length (RFC 3550 section 6.4.1).

    Packet types of RTCP are told from payload types as in RFC 5761 section 4.
    """
    while stream:
        words = int.from_bytes(stream[2:4]) + 1
        is_rtcp = (stream[1] & 0x7F) in _RTCP
        ends = 4 * words if is_rtcp else HEADER_BYTES + PACKET_SAMPLES
        if not is_rtcp:
            yield stream[:ends]
        stream = stream[ends:]


def replay(datagrams: Iterable[tuple[float, bytes]], port: int) -> None:
    """Send each datagram when it is due: seconds from now on, in order."""
    begin_s = time.monotonic()
    with socket.socket(type=socket.SOCK_DGRAM) as ours:
        for due_s, datagram in datagrams:
            time.sleep(max(0.0, begin_s + due_s - time.monotonic()))
            ours.sendto(datagram, (HOST, port))
