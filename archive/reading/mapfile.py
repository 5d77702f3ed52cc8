"""The `.rkm` file beside an archived part: its time map, sealed under a key of the part's own.

Pure bytes (docs/format.md section 7). Knows nothing of folders or of who keeps the data key.
"""

import hmac
import os
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from archive.errors import MapDamaged, RecordingDamaged
from archive.format.floe import DEFAULT, Buffer, FloeMessage, claimed_bytes, derive, is_final
from archive.format.header import (
    BLOCK_BYTES,
    MAP_MAGIC,
    PLAIN_BYTES,
    SEGMENT_BYTES,
    HeaderBlock,
    aad_of,
    block_bytes,
    floe_header_of,
)
from archive.reading.timemap import MAX_MAP_BYTES, TimeMap, decode_map, encode_map

MAP_PURPOSE: Final = b"ROKUON_MAP_KEY:"
MAP_KEY_BYTES: Final = 32
_SALT_PURPOSE: Final = b"rokuon leaf salt 1"
_IV_AT: Final = 10
# Segments carry 32 bytes more than their plaintext: a file larger than this is no map of ours.
MAX_FILE_BYTES: Final = MAX_MAP_BYTES + MAX_MAP_BYTES // 64


def derive_map_key(data_key: Buffer, part_block: bytes) -> bytearray:
    """Key of the map of the part with this header block of 4,096 bytes; zero it after use."""
    iv = floe_header_of(part_block)[_IV_AT : _IV_AT + DEFAULT.iv_bytes]
    return derive(data_key, DEFAULT, iv, MAP_PURPOSE, aad_of(part_block), MAP_KEY_BYTES)


def leaf_salt_of(map_key: Buffer) -> bytes:
    """Salt of the part's Merkle leaves, 32 bytes."""
    return hmac.digest(bytes(map_key), _SALT_PURPOSE, "sha256")


def seal_map(
    time_map: TimeMap,
    map_key: Buffer,
    header: HeaderBlock,
    entropy: Callable[[int], bytes] = os.urandom,
) -> bytes:
    """Build the whole file; `header` is the part's."""
    block_header = replace(header, magic=MAP_MAGIC)
    message = FloeMessage.create(map_key, entropy(DEFAULT.iv_bytes), block_header.encode_aad())
    plain = encode_map(time_map)
    assert len(plain) <= MAX_MAP_BYTES
    sealed = [block_bytes(block_header, message.header)]
    last = len(plain) // PLAIN_BYTES
    for position in range(last):
        into = bytearray(SEGMENT_BYTES)
        piece = plain[position * PLAIN_BYTES : (position + 1) * PLAIN_BYTES]
        message.seal_internal(position, piece, entropy(12), into)
        sealed.append(bytes(into))
    sealed.append(message.seal_final(last, plain[last * PLAIN_BYTES :], entropy(12)))
    message.close()
    return b"".join(sealed)


def open_map(file: bytes, map_key: Buffer, header: HeaderBlock) -> TimeMap:
    """Read a whole file; `MapDamaged` where it is not the map of the part with this header."""
    try:
        if HeaderBlock.decode(file[:BLOCK_BYTES]) != replace(header, magic=MAP_MAGIC):
            raise MapDamaged("the map belongs to another part")
        return decode_map(_plaintext(file, map_key))
    except MapDamaged:
        raise
    except RecordingDamaged as damage:
        raise MapDamaged("the map does not verify") from damage


def is_whole(file: bytes, header: HeaderBlock) -> bool:
    """Whether a file may be the map of the part with this header, as far as it shows unopened."""
    try:
        if HeaderBlock.decode(file[:BLOCK_BYTES]) != replace(header, magic=MAP_MAGIC):
            return False
    except RecordingDamaged:
        return False
    last = file[BLOCK_BYTES:][-((len(file) - BLOCK_BYTES - 1) % SEGMENT_BYTES + 1) :]
    return len(file) > BLOCK_BYTES and is_final(last) and claimed_bytes(last) == len(last)


def _plaintext(file: bytes, map_key: Buffer) -> bytes:
    block, body = file[:BLOCK_BYTES], memoryview(file)[BLOCK_BYTES:]
    message = FloeMessage.open(map_key, floe_header_of(block), aad_of(block))
    pieces = [body[at : at + SEGMENT_BYTES] for at in range(0, len(body), SEGMENT_BYTES)]
    if not pieces or not is_final(pieces[-1]):
        raise MapDamaged("the map is cut")
    plain = b"".join(message.open_segment(n, piece) for n, piece in enumerate(pieces))
    message.close()
    return plain
