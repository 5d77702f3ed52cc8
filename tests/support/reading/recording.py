"""What tests of recording share."""

from dataclasses import replace

import msgspec

from archive.format.part_reader import PartReader
from archive.format.segments import FileSource, read_block
from archive.reading.mapfile import derive_map_key, seal_map
from archive.reading.recording import PartOnDisk
from tests.archive.reading.scenes import KEY, SALT
from tests.support.maps import build_map


def mapped(part: PartOnDisk, **changes: object) -> PartOnDisk:
    """The part with its map beside it, as the keeper leaves it, but for `changes` of its fields."""
    path = part.path.with_suffix(".rkm")
    with FileSource(part.path) as source, PartReader(source, KEY) as reader:
        key = derive_map_key(KEY, read_block(source))
        told = msgspec.structs.replace(build_map(reader, SALT), **changes)
        path.write_bytes(seal_map(told, key, reader.header))
    return replace(part, map_path=path)
