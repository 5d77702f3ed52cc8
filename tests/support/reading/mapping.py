"""What tests of mapping share."""

from pathlib import Path

from archive.part import PartReader
from archive.reading.timemap import TimeMap
from archive.segments import FileSource
from tests.archive.reading.scenes import KEY, SALT
from tests.support.maps import build_map


def mapped(path: Path, salt: bytes = SALT) -> TimeMap:
    with FileSource(path) as source, PartReader(source, KEY) as reader:
        return build_map(reader, salt)
