"""Parts for the tests: written as a small writer would, held in memory."""

import random
import tempfile
from pathlib import Path

import msgspec
import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from archive.call.events import CallEnded, PartOpened, encode_event
from archive.format.frames import RTCP_FLAG, WHOLE_RECORDING, Frame, FrameKind
from archive.format.header import HeaderBlock
from archive.format.packets import PACKET_DTYPE, Source
from archive.ids import DEFAULT_TENANT, KeyId, NodeId, RecordingId
from tests.support.parts import PartWriter, encode_packets

NODE_KEY = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
START_US = 1_790_000_000_000_000
SOURCE = Source(bytes(10) + b"\xff\xff" + bytes([192, 0, 2, 1]), 10_000)


def data_key(part: int = 0) -> bytes:
    """The data key of an example part."""
    return bytes([part]) * 32


def header(part: int = 0) -> HeaderBlock:
    """The header of an example part."""
    return HeaderBlock(
        recording=RecordingId(bytes(range(16))),
        part=part,
        generation=0,
        key=KeyId(bytes([part]) * 16),
        node=NodeId(b"n" * 16),
        tenant=DEFAULT_TENANT,
        created_us=START_US,
        oldest_ms=900,
    )


def packets_frame(serial: int, count: int, length: int = 172, *, rtcp: bool = False) -> Frame:
    """A sweep of `count` datagrams of `length` bytes, each filled by its ring sequence."""
    columns = np.zeros(count, PACKET_DTYPE)
    columns["offset_us"] = np.arange(count) * 20_000
    columns["length"] = length
    data = b"".join(bytes([(serial + index) % 251]) * length for index in range(count))
    payload = encode_packets(columns, data, sources=[SOURCE], clock_offset_us=-5)
    at_us = START_US + serial * 20_000
    flags = RTCP_FLAG if rtcp else 0
    return Frame(FrameKind.PACKETS, flags, serial % 2, at_us, serial, payload)


def event_frame(part: int, serial: int) -> Frame:
    """An event of the recording."""
    event = PartOpened(at_us=START_US, part=part, because="length")
    if serial % 2:
        payload = encode_event(CallEnded(at_us=START_US, reason="bye"))
    else:
        payload = encode_event(event)
    return Frame(FrameKind.EVENT, 0, WHOLE_RECORDING, START_US, serial, payload)


def sealed_part(writes: list[list[Frame]], part: int = 0, *, last: bool = True) -> bytes:
    """The archive file of a part with these writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "part"
        entropy = random.Random(part).randbytes  # noqa: S311 - the same bytes in each run
        writer = PartWriter.create(path, header(part), data_key(part), entropy=entropy)
        for frames in writes:
            writer.append(frames)
        writer.finish(writer.end("bye", last=last), at_us=START_US, sign=NODE_KEY.sign)
        return path.read_bytes()


def long_writes(segments: int) -> list[list[Frame]]:
    """Writes of one segment or more, with frames that run over segments."""
    writes, serial, total = [], 0, 0
    while total < segments:
        count = 5 + serial % 40
        writes.append([event_frame(0, serial), packets_frame(serial, count)])
        total += 1 + count * 180 // 4064
        serial += count
    return writes


PARTS = [
    sealed_part([[event_frame(0, 0), packets_frame(0, 22)], [packets_frame(22, 40)]], last=False),
    sealed_part([[packets_frame(62, 45), packets_frame(107, 1, rtcp=True), event_frame(1, 1)]], 1),
]


def plain_of(frames: list[Frame]) -> bytes:
    """Frames as one comparable value."""
    return msgspec.json.encode([(f.kind, f.stream, f.serial, bytes(f.payload)) for f in frames])
