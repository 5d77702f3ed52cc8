"""What tests of relay reports share."""

import struct


def report_about(ssrc: int, *, lost: int = 2, highest: int = 1_010) -> bytes:
    """A receiver report with one block."""
    block = struct.pack(">IIIIII", ssrc, lost, highest, 33, 0, 0)
    return struct.pack(">BBHI", 0x81, 201, 7, 99) + block
