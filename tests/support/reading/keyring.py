"""What tests of keyring share."""

from base64 import b64encode
from dataclasses import replace

from archive.call.events import Event, StreamKeyed
from archive.srtp.keys import MasterKey, parse_crypto
from tests.archive.reading.scenes import START_US, Packet, added, ended, party
from tests.archive.srtp.sender import secure

SUITE = "AES_CM_128_HMAC_SHA1_80"


def crypto(seed: int = 1, suite: str = SUITE) -> str:
    """An `a=crypto` that is told from others by its seed."""
    size = {SUITE: 30, "AEAD_AES_256_GCM": 44}[suite]
    return f"1 {suite} inline:{b64encode(bytes([seed]) * size).decode()}"


def keyed(line: str, stream: int = 0, at_us: int = START_US) -> StreamKeyed:
    return StreamKeyed(at_us=at_us, stream=stream, crypto=line)


def key_of(line: str) -> MasterKey:
    (key,) = parse_crypto(line).keys
    return key


def sealed(packets: list[Packet], line: str, rollover: int = 0) -> list[Packet]:
    """The packets as SRTP; each is one rollover further where its number has begun anew."""
    made, last = [], 0
    for packet in packets:
        sequence = int.from_bytes(packet.datagram[2:4], "big")
        rollover += sequence < last
        last = sequence
        datagram = secure(packet.datagram, key_of(line), rollover)
        made.append(replace(packet, datagram=datagram))
    return made


def opening(*events: Event) -> list[Event]:
    return [added(0), party(0, "customer"), *events, ended(START_US + 3_000_000)]
