"""One packet of SRTP: µs of CPU to open and to seal it, ours and libsrtp's, and the ways there.

Run `python -m bench.srtp`. The least of many short turns counts: what else the machine does takes
longer, never shorter. Knows nothing of sockets or calls.
"""

import base64
import hashlib
import hmac
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from itertools import count
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from pylibsrtp import Policy, Session

from archive.srtp.directions import Tagger
from archive.srtp.suites import SUITES
from bench.report import table
from capture.media.relay.srtp import SrtpOpener, SrtpSealer

SSRC: Final = 7
PAYLOAD_BYTES: Final = 160
# libsrtp through its Python package knows these of our suites.
PROFILES: Final = {
    "AES_CM_128_HMAC_SHA1_80": Policy.SRTP_PROFILE_AES128_CM_SHA1_80,
    "AES_CM_128_HMAC_SHA1_32": Policy.SRTP_PROFILE_AES128_CM_SHA1_32,
    "AEAD_AES_128_GCM": Policy.SRTP_PROFILE_AEAD_AES_128_GCM,
    "AEAD_AES_256_GCM": Policy.SRTP_PROFILE_AEAD_AES_256_GCM,
}
SUITE_HEADS: Final = ("suite", "we open", "we seal", "libsrtp opens", "libsrtp seals")
WAY_HEADS: Final = ("of a packet", "way", "µs")
TURNS: Final = 100
TURN_PACKETS: Final = 500
BATCH_PACKETS: Final = 32
_BLOCK_BYTES: Final = 16
_PAYLOAD: Final = secrets.token_bytes(PAYLOAD_BYTES)
_HMAC_BLOCK_BYTES: Final = 64

Work = Callable[[], object]


def packet(index: int) -> bytes:
    """An RTP packet with 20 ms of G.711."""
    numbers = (index & 0xFFFF).to_bytes(2, "big") + (160 * index & 0xFFFFFFFF).to_bytes(4, "big")
    return b"\x80\0" + numbers + SSRC.to_bytes(4, "big") + _PAYLOAD


def least_us(work: Work, turns: int, packets: int = 1) -> float:
    """The least that one of the `packets` of a call of `work` took, in any turn."""
    least_s = float("inf")
    for _ in range(turns):
        begun_s = time.thread_time()
        for _ in range(TURN_PACKETS):
            work()
        least_s = min(least_s, time.thread_time() - begun_s)
    return 1e6 * least_s / TURN_PACKETS / packets


def suite_row(name: str, turns: int) -> list[object]:
    """What a suite costs; a dash where libsrtp has it not."""
    master = secrets.token_bytes(SUITES[name].master_bytes)
    line = f"1 {name} inline:{base64.b64encode(master).decode()}"
    sealer, opener, numbers = SrtpSealer(line, 0), SrtpOpener(), count()
    opener.learn([line])
    plain = packet(0)
    sealed = [sealer.seal(packet(at), SSRC, at) for at in range(turns * TURN_PACKETS)]
    following = iter(sealed)
    ours = [
        least_us(lambda: opener.open(next(following)), turns),
        least_us(lambda: sealer.seal(plain, SSRC, next(numbers)), turns),
    ]
    if name not in PROFILES:
        return [name, *ours, "–", "–"]
    begin = iter(sealed)
    to_open, to_seal = (
        Session(Policy(master, kind, srtp_profile=PROFILES[name]))
        for kind in (Policy.SSRC_ANY_INBOUND, Policy.SSRC_ANY_OUTBOUND)
    )
    packets = map(packet, count())
    seals = least_us(lambda: to_seal.protect(next(packets)), turns)
    making = least_us(lambda: next(packets), turns)
    opens = least_us(lambda: to_open.unprotect(next(begin)), turns)
    return [name, *ours, opens, seals - making]


def _sha1_twice(key: bytes) -> Work:
    block = key.ljust(_HMAC_BLOCK_BYTES, b"\0")
    inner, outer = (
        hashlib.sha1(bytes(byte ^ pad for byte in block), usedforsecurity=False)
        for pad in (0x36, 0x5C)
    )
    content = packet(0)

    def work() -> bytes:
        first, second = inner.copy(), outer.copy()
        first.update(content)
        second.update(first.digest())
        return second.digest()

    return work


def tag_ways() -> list[tuple[str, Work, int]]:
    """Ways to the tag of a packet (RFC 3711 §4.2)."""
    key, content, rollovers = secrets.token_bytes(20), packet(0), bytes(4)
    tagger, keyed = Tagger(key), hmac.new(key, digestmod="sha1")

    def copied() -> bytes:
        begun = keyed.copy()
        begun.update(content)
        return begun.digest()

    return [
        ("hmac.digest at once", lambda: hmac.digest(key, content, "sha1"), 1),
        ("hmac.new, copied", copied, 1),
        ("two hashlib.sha1, copied", _sha1_twice(key), 1),
        ("cryptography's HMAC, copied (ours)", lambda: tagger.tag(content, rollovers), 1),
    ]


def cipher_ways() -> list[tuple[str, Work, int]]:
    """Ways to counter mode (RFC 3711 §4.1.1): anew, kept, and many packets of a stream at once."""
    key = algorithms.AES(secrets.token_bytes(16))
    nonce, blocks = bytes(_BLOCK_BYTES), PAYLOAD_BYTES // _BLOCK_BYTES
    kept = Cipher(key, modes.CTR(nonce)).encryptor()
    ecb = Cipher(key, modes.ECB()).encryptor()  # noqa: S305 — counters are enciphered: counter mode
    every = int.from_bytes((bytes(_BLOCK_BYTES - 1) + b"\1") * blocks, "big")
    steps = int.from_bytes(
        b"".join(at.to_bytes(_BLOCK_BYTES, "big") for at in range(blocks)), "big"
    )

    def anew() -> bytes:
        return Cipher(key, modes.CTR(nonce)).encryptor().update(_PAYLOAD)

    def renewed() -> bytes:
        kept.reset_nonce((SSRC << 64).to_bytes(_BLOCK_BYTES, "big"))
        return kept.update(_PAYLOAD)

    def batch() -> list[bytes]:
        firsts = ((SSRC << 64) ^ (index << 16) for index in range(BATCH_PACKETS))
        counters = [(first * every + steps).to_bytes(PAYLOAD_BYTES, "big") for first in firsts]
        stream, content = ecb.update(b"".join(counters)), int.from_bytes(_PAYLOAD, "big")
        return [
            (content ^ int.from_bytes(stream[at : at + PAYLOAD_BYTES], "big")).to_bytes(
                PAYLOAD_BYTES, "big"
            )
            for at in range(0, len(stream), PAYLOAD_BYTES)
        ]

    return [
        ("cipher made anew", anew, 1),
        ("cipher kept, counter set (ours)", renewed, 1),
        (f"AES over the counters of {BATCH_PACKETS} packets, XOR by int", batch, BATCH_PACKETS),
    ]


def tables(turns: int) -> str:
    """Both tables."""
    ways: Sequence[tuple[str, list[tuple[str, Work, int]]]] = (
        ("tag", tag_ways()),
        ("counter mode", cipher_ways()),
    )
    rows = [
        (what, name, least_us(work, turns, packets))
        for what, each in ways
        for name, work, packets in each
    ]
    suites = [suite_row(name, turns) for name in SUITES]
    return table(SUITE_HEADS, suites) + "\n" + table(WAY_HEADS, rows)


def main() -> int:
    """Measure and print."""
    print(tables(TURNS))
    return 0


if __name__ == "__main__":
    sys.exit(main())
