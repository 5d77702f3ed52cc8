"""What tests of mapping share."""

from pathlib import Path

from archive.format.part_reader import PartReader
from archive.format.segments import FileSource
from archive.reading.timemap import TimeMap
from tests.archive.reading.scenes import KEY, SALT
from tests.support.maps import build_map


def mapped(path: Path, salt: bytes = SALT) -> TimeMap:
    with FileSource(path) as source, PartReader(source, KEY) as reader:
        return build_map(reader, salt)
