"""What tests of heard share."""

import struct

LOUD, SILENT = bytes([0x00]) * 160, bytes([0xFF]) * 160


def rtp(timestamp: int, payload: bytes = LOUD, *, kind: int = 0, ssrc: int = 7) -> bytes:
    return struct.pack(">BBHII", 0x80, kind, 1, timestamp % (1 << 32), ssrc) + payload
