"""The prepared prompt: one file for a prompt and a codec, which the relay plays as it lies there.

Pure bytes. Knows nothing of audio, of files or of who plays them.

A head of 64 bytes, numbers in little-endian order as in all that processes here share: magic,
version, clock of the RTP timestamps in Hz, milliseconds of a packet, step of the timestamp from
packet to packet, number of packets, bytes of a payload. Where payloads differ in length that is
0, and as many lengths of 16 bits follow. Then come the payloads, back to back.
"""

import struct
from typing import Final

from capture.prompts.encoding import PACKET_MS, EncodedPrompt

HEAD: Final = struct.Struct("<4sBIHIIH43x")
MAGIC: Final = b"RKNP"
VERSION: Final = 1
HEAD_BYTES: Final = 64
# A payload has a length of 16 bits; an Ethernet packet ends long before.
MAX_PAYLOAD_BYTES: Final = 1_400


def pack(prompt: EncodedPrompt) -> bytes:
    """The whole file."""
    lengths = [len(frame) for frame in prompt.frames]
    assert max(lengths) <= MAX_PAYLOAD_BYTES
    same = lengths[0] if len(set(lengths)) == 1 else 0
    head = HEAD.pack(
        MAGIC,
        VERSION,
        prompt.clock_hz,
        PACKET_MS,
        prompt.timestamp_step,
        len(lengths),
        same,
    )
    table = b"" if same else struct.pack(f"<{len(lengths)}H", *lengths)
    return head + table + b"".join(prompt.frames)


def is_whole(content: bytes) -> bool:
    """Whether this is a prepared prompt of our version with nothing missing and nothing behind."""
    if len(content) < HEAD_BYTES:
        return False
    magic, version, _, packet_ms, _, count, same = HEAD.unpack_from(content)
    if (magic, version, packet_ms) != (MAGIC, VERSION, PACKET_MS) or not count:
        return False
    table = 0 if same else 2 * int(count)
    if len(content) < HEAD_BYTES + table:
        return False
    lengths = struct.unpack_from(f"<{table // 2}H", content, HEAD_BYTES)
    payloads = int(count) * int(same) if same else sum(lengths)
    return len(content) == HEAD_BYTES + table + payloads
