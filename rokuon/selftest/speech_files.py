"""The speech of the self-test calls, as it lies in the package: G.711 µ-law.

Knows nothing of packets, sockets or calls; `speech/README.md` says where the files come from.
"""

from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Final

# 20 ms at 8,000 samples a second, a byte each (RFC 3551 §4.5.14).
PACKET_SAMPLES: Final = 160


class Language(StrEnum):
    """In which language a self-test call is spoken."""

    JAPANESE = "ja"
    ENGLISH = "en"


class Side(StrEnum):
    CUSTOMER = "customer"
    AGENT = "agent"


@cache
def speech(language: Language, side: Side) -> bytes:
    """What one side of the call says, in whole packets of `PACKET_SAMPLES`."""
    file = resources.files("rokuon.selftest") / "speech" / f"{language}-{side}.ulaw"
    samples = file.read_bytes()
    assert len(samples) % PACKET_SAMPLES == 0
    return samples


@cache
def continuous_speech(language: Language, side: Side) -> bytes:
    """The packets in which something is said, without the turns of the other."""
    whole = speech(language, side)
    starts = range(0, len(whole), PACKET_SAMPLES)
    packets = (whole[start : start + PACKET_SAMPLES] for start in starts)
    return b"".join(packet for packet in packets if len(set(packet)) > 1)
