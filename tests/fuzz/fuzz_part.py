"""Fuzz target for part files: whatever the bytes, a named error or the truth, in bounded memory.

Run by hand: `python -m tests.fuzz.fuzz_part -max_total_time=600 -rss_limit_mb=512`.
The first byte chooses: bytes over a sealed part, a plaintext sealed as it comes, or a first block.
"""

import sys
from contextlib import suppress

import atheris

with atheris.instrument_imports(include=["archive"]):
    from archive.errors import RecordingDamaged
    from archive.format.floe import DEFAULT, FloeMessage, derive
    from archive.format.frames import SYNC_PURPOSE, Frame, FrameKind
    from archive.format.header import PLAIN_BYTES, HeaderBlock, aad_of, block_bytes
    from archive.format.intake import IntakePage
    from archive.format.packets import decode_packets
    from archive.format.part_reader import PartReader
    from tests.archive.examples import PARTS, data_key, header
    from tests.support.parts import MemorySource, read_plain

KEY = data_key()
SEALED = PARTS[0]
PLAIN = read_plain(PartReader(MemorySource(SEALED), KEY), 0, 4 * PLAIN_BYTES)
AAD = header().encode_aad()
IV = bytes(32)
SYNC = bytes(derive(KEY, DEFAULT, IV, SYNC_PURPOSE, AAD, 8))


def over_a_sealed_part(data: bytes) -> bytes:
    """The input laid over a valid part, from the offset that its first two bytes give."""
    at = int.from_bytes(data[:2], "big") % len(SEALED)
    return SEALED[:at] + data[2:] + SEALED[at + len(data) :]


def sealed_as_it_comes(data: bytes) -> bytes:
    """A part whose plaintext is the input, `S` at its places standing for the sync word."""
    plain = data.replace(b"S", SYNC)
    message = FloeMessage.create(KEY, IV, AAD)
    pieces = [plain[at : at + PLAIN_BYTES] for at in range(0, max(1, len(plain)), PLAIN_BYTES)]
    body = b""
    for position, piece in enumerate(pieces[:-1]):
        segment = bytearray(4096)
        message.seal_internal(position, piece, bytes(12), segment)
        body += segment
    final = message.seal_final(len(pieces) - 1, pieces[-1], bytes(12))
    return block_bytes(header(), message.header) + body + final


def read_all(sealed: bytes) -> None:
    """Every way to read; only `RecordingDamaged` may come out."""
    with suppress(RecordingDamaged):
        reader = PartReader(MemorySource(sealed), KEY)
        for item in reader.frames_with_damage():
            if isinstance(item, Frame) and item.kind is FrameKind.PACKETS:
                with suppress(RecordingDamaged):
                    packets = decode_packets(item)
                    assert sum(len(packets.datagram(i)) for i in range(len(packets))) == len(
                        packets.data
                    )
        with suppress(RecordingDamaged):
            reader.end()
        reader.verify()


def read_part(data: bytes) -> None:
    """One input."""
    match data[:1]:
        case b"\x00":
            changed = over_a_sealed_part(data[1:])
            read_all(changed)
            _check_truth(changed)
        case b"\x01":
            read_all(sealed_as_it_comes(data[1:]))
        case _:
            with suppress(RecordingDamaged):
                IntakePage.decode(data[1:])
            with suppress(RecordingDamaged):
                decoded = HeaderBlock.decode(data[1:])
                assert decoded.encode_aad() == aad_of(data[1:])


def _check_truth(changed: bytes) -> None:
    """What can be read of a changed part is what was written."""
    with suppress(RecordingDamaged):
        reader = PartReader(MemorySource(changed), KEY)
        for position in range(reader.segments):
            start = position * PLAIN_BYTES
            with suppress(RecordingDamaged):
                read = read_plain(reader, start, min(PLAIN_BYTES, reader.plain_bytes - start))
                assert PLAIN[start:].startswith(read) or position >= 4


if __name__ == "__main__":
    atheris.Setup(sys.argv, read_part)
    atheris.Fuzz()
