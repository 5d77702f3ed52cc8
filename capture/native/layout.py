"""The memory that both loops of a relay work on: an end for each pair, and the loop around them.

Described here once; what the compiled loop says of itself is compared with `described` when it is
loaded. Knows nothing of what the values mean.
"""

import ctypes
from ctypes import (
    Structure,
    c_bool,
    c_double,
    c_int32,
    c_int64,
    c_uint8,
    c_uint32,
    c_uint64,
    c_void_p,
)
from typing import ClassVar, Final

# What the kernel is given for a source's name, and for what it says beside a datagram.
NAME_BYTES: Final = 28
CONTROL_BYTES: Final = 64
# A name in whole words.
NAME_ROOM: Final = 32
# 20 ms of G.711 with SRTP's tag and a long header extension.
SMALL_BYTES: Final = 256
# What one call reads of a socket; the rest of a backlog is read by the next one.
MAX_RUN: Final = 8
# RFC 3550 §5.1: a payload type has seven bits.
KINDS: Final = 128
# Of a `sockaddr_in6`, the longest that our sockets have.
TARGET_BYTES: Final = 28
# Sockets that one wake-up tells of; the others are told of by the next.
MAX_READY: Final = 256
NO_END: Final = 0
NO_KEY_NUMBER: Final = 0
# Session keys (RFC 3711 §4.3, RFC 6188 §4) and identifiers (RFC 3711 §9.5.1), at their longest.
KEY_BYTES: Final = 32
AUTH_KEY_BYTES: Final = 20
SALT_BYTES: Final = 14
MKI_BYTES: Final = 128
# A payload type that is not passed on without a closer look.
LOOKED_AT: Final = 0xFF


class VoiceNumbers(Structure):
    """What is counted of one party's hearing (`capture/media/relay/outgoing_stream.py`)."""

    ssrc: int
    source: int
    sequence_shift: int
    stamp_shift: int
    next_index: int
    stamp: int
    at_s: float
    packets: int
    octets: int
    failed: int
    floor: int
    clock_hz: int
    packet_ms: int
    secret: int
    source_index: int
    source_packets: int
    begun: bool
    _fields_: ClassVar = [
        ("ssrc", c_int64),
        ("source", c_int64),
        ("sequence_shift", c_int64),
        ("stamp_shift", c_int64),
        ("next_index", c_int64),
        ("stamp", c_int64),
        ("at_s", c_double),
        ("packets", c_int64),
        ("octets", c_int64),
        ("failed", c_int64),
        ("floor", c_int64),
        ("clock_hz", c_int64),
        ("packet_ms", c_int64),
        ("secret", c_int64),
        ("source_index", c_int64),
        ("source_packets", c_int64),
        ("begun", c_bool),
    ]


class Arrivals(Structure):
    """What is noted of packets as they arrive: when the last one did, the estimate of jitter."""

    heard_s: float
    jitter: float
    transit: float
    _fields_: ClassVar = [("heard_s", c_double), ("jitter", c_double), ("transit", c_double)]


class Turn(Structure):
    """Whose SRTP comes next: the source, its highest index, the number of the key that fits."""

    ssrc: int
    highest: int
    key: int
    _fields_: ClassVar = [("ssrc", c_int64), ("highest", c_int64), ("key", c_int64)]


class KeyMaterial(Structure):
    """Session keys of SRTP as the compiled loop takes them in; `is_clear`: nothing is encrypted."""

    _fields_: ClassVar = [
        ("is_gcm", c_uint32),
        ("is_clear", c_uint32),
        ("seals", c_uint32),
        ("key_bytes", c_uint32),
        ("tag_bytes", c_uint32),
        ("mki_bytes", c_uint32),
        ("encryption", c_uint8 * KEY_BYTES),
        ("salt", c_uint8 * SALT_BYTES),
        ("authentication", c_uint8 * AUTH_KEY_BYTES),
        ("mki", c_uint8 * MKI_BYTES),
    ]


class LoopEnd(Structure):
    """One pair's: where its packets come from and go to.

    `is_carried`: the compiled loop may read its socket. What comes is SRTP where it `opens`, what
    goes to its party where it `seals`; the keys are the compiled loop's own, `opener_key` is the
    number of what it opens with. `latched` is the source's name in words of
    64 bits, of which an IPv4 name has one. `hearer` is the pair of the other end, `target` where
    packets to this one's party go. `kinds` are payload types as they go on, `LOOKED_AT` stays.
    """

    is_carried: int
    lands: int
    is_wide: int
    owner: int
    descriptor: int
    hearer: int
    opens: int
    seals: int
    opener: int | None
    sealer: int | None
    opener_key: int
    target_bytes: int
    _fields_: ClassVar = [
        ("is_carried", c_uint32),
        ("lands", c_uint32),
        ("is_wide", c_uint32),
        ("owner", c_uint32),
        ("descriptor", c_int32),
        ("hearer", c_uint32),
        ("opens", c_uint32),
        ("seals", c_uint32),
        ("opener", c_void_p),
        ("sealer", c_void_p),
        ("opener_key", c_int64),
        ("turn", Turn),
        ("latched", c_uint64 * 3),
        ("arrivals", Arrivals),
        ("voice", VoiceNumbers),
        ("target_bytes", c_uint32),
        ("target", c_uint8 * TARGET_BYTES),
        ("kinds", c_uint8 * KINDS),
    ]


class Loop(Structure):
    """One relay's: where its ring and ends lie, what is ready, and what was handed back.

    `end_of` is by descriptor, the pair + 1 or `NO_END`. Handed back is a `descriptor`, and where it
    `is_read` the packet that was read from it into `slot`.
    """

    ready_count: int
    next: int
    descriptor: int
    slot: int
    is_read: int
    now_s: float
    waited_s: float
    _fields_: ClassVar = [
        ("words", c_void_p),
        ("owners", c_void_p),
        ("headers", c_void_p),
        ("names", c_void_p),
        ("controls", c_void_p),
        ("small", c_void_p),
        ("next_index", c_void_p),
        ("ends", c_void_p),
        ("end_of", c_void_p),
        ("slots", c_uint32),
        ("end_count", c_uint32),
        ("descriptors", c_uint32),
        ("epoll", c_int32),
        ("ready_count", c_uint32),
        ("next", c_uint32),
        ("descriptor", c_int32),
        ("slot", c_uint32),
        ("is_read", c_uint32),
        ("now_s", c_double),
        ("waited_s", c_double),
        ("ready", c_int32 * MAX_READY),
    ]


STRUCTURES: Final[tuple[type[Structure], ...]] = (
    VoiceNumbers,
    Arrivals,
    Turn,
    KeyMaterial,
    LoopEnd,
    Loop,
)


def described() -> list[int]:
    """The bounds; then of each structure its size, and of each field its offset and size."""
    numbers = [KINDS, TARGET_BYTES, MAX_READY, SMALL_BYTES, NAME_ROOM, NAME_BYTES, CONTROL_BYTES]
    numbers.append(MAX_RUN)
    for structure in STRUCTURES:
        numbers.append(ctypes.sizeof(structure))
        for name, *_ in structure._fields_:
            field = getattr(structure, name)
            numbers += (field.offset, field.size)
    return numbers
