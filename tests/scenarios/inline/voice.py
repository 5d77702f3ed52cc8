"""A voice for a SIPp: says what ffmpeg made of a speech, over and over, and keeps what it hears.

G.711 over RTP, from the address and port that the SDP names. Knows nothing of SIP.
"""

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from tests.scenarios.hearing import RATE, Place, Signal, find, spoken
from tests.scenarios.inline import speaker
from tests.scenarios.phones.ports import media
from tests.scenarios.senders import HEADER_BYTES, Speech, recorded
from tests.scenarios.waiting import until

_LAWS: Final = {0: "ULAW", 8: "ALAW"}


@cache
def _packets(said: Speech | bytes) -> bytes:
    packets = [bytes(HEADER_BYTES) + said] if isinstance(said, bytes) else recorded(said)
    return b"".join(speaker.LENGTH.pack(len(packet)) + packet for packet in packets)


@dataclass(frozen=True, slots=True)
class Voice:
    """One that listens, and speaks once it knows to where."""

    said: Speech | bytes
    host: str
    port: int
    process: subprocess.Popen[bytes]
    file: Path

    def speak_to(self, port: int, host: str) -> None:
        """Speak to this port of the node from now on, or to another place than before."""
        self._order(f"{host} {port}\n")

    def hush(self) -> None:
        """Say nothing from now on."""
        self._order("\n")

    def _order(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line.encode())
        self.process.stdin.flush()

    def datagrams(self) -> list[bytes]:
        """What has come so far."""
        return speaker.datagrams(self.file)

    def spoken(self, since: int = 0) -> list[bytes]:
        """What of it holds sound."""
        return [packet for packet in self.datagrams()[since:] if packet[1] & 0x7F in _LAWS]

    def heard(self, since: int = 0) -> Signal:
        """Everything after so many packets, one after the other, as if none came late."""
        parts = self.spoken(since)
        if not parts:
            return np.zeros(0)
        sound = io.BytesIO(b"".join(packet[HEADER_BYTES:] for packet in parts))
        samples, _ = soundfile.read(
            sound, samplerate=RATE, channels=1, format="RAW", subtype=_LAWS[parts[0][1] & 0x7F]
        )
        return np.asarray(samples, np.float64)

    def hears(self, said: Speech | Signal, *, since: int = 0, within_s: float = 10.0) -> Place:
        """Wait until it has heard this, after so many packets. Raises `NeverCame`."""
        wanted, what = _signal(said), str(said) if isinstance(said, Speech) else "a sound"
        return until(lambda: find(self.heard(since), wanted) or None, what, within_s=within_s)

    def never_heard(self, said: Speech | Signal) -> None:
        """It is not in what was heard so far."""
        assert not find(self.heard(), _signal(said))


def _signal(said: Speech | Signal) -> Signal:
    return spoken(said) if isinstance(said, Speech) else said


@contextmanager
def voice(
    host: str, said: Speech | bytes, *, port: int = 0, within: Sequence[str] = ()
) -> Iterator[Voice]:
    """One at this address while the block lasts, who says a speech, or one payload.

    `within` is a command line that runs another one in a network namespace.
    """
    port = port or media(host)[0]
    with tempfile.TemporaryDirectory(prefix="rkv") as folder:
        says, heard = Path(folder, "says"), Path(folder, "heard")
        says.write_bytes(_packets(said))
        command = [sys.executable, speaker.__file__, host, str(port), str(says), str(heard)]
        with subprocess.Popen(
            [*within, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            try:
                yield Voice(said, host, port, process, heard)
            finally:
                process.stdin.close()
