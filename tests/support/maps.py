"""The map of a whole part that a test has. Knows nothing of where it is kept."""

from archive.errors import RecordingDamaged
from archive.reading.map_builder import FrameReader, MapBuilder
from archive.reading.timemap import TimeMap


def build_map(reader: FrameReader, salt: bytes) -> TimeMap:
    """Map a whole part. Raises `RecordingDamaged` at the first damage. `salt`: 32 secret bytes."""
    builder = MapBuilder(salt)
    plain_bytes = reader.plain_bytes
    for step in reader.runs_with_damage():
        if isinstance(step, RecordingDamaged):
            raise step
        builder.add(step)
    return builder.finish(plain_bytes)
