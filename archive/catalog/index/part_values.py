"""What the index says of a part: the columns of its row, made of its adoption.

Pure. The rows of recordings and of ledger pages are both made here. Knows nothing of what a
recording is.
"""

from collections.abc import Mapping

from archive.call.adoption import Adoption
from archive.call.archived_recording import Value as Value
from archive.call.continuity import (
    count_open_ends,
    encode_gaps,
    encode_replays,
    encode_sequences,
    encode_sounds,
)


def part_values(adoption: Adoption) -> Mapping[str, Value]:
    """Every column but those that name tenant and recording."""
    return {
        "part": adoption.part_name.part,
        "generation": adoption.part_name.generation,
        "node": adoption.node.raw,
        "key_id": adoption.key_id.raw,
        "path": adoption.path,
        "map_path": adoption.map_path,
        "size_bytes": adoption.size_bytes,
        "sha256": adoption.sha256,
        "segments": adoption.segments,
        "created_us": adoption.created_us,
        "first_us": adoption.first_us,
        "last_us": adoption.last_us,
        "packets": sum(stream.packets for stream in adoption.packets),
        "lost_ranges": len(adoption.lost),
        "open_ends": count_open_ends(adoption.lost),
        "sequences": encode_sequences(adoption.streams.sequences),
        "gaps": encode_gaps(adoption.streams.gaps),
        "replays": encode_replays(adoption.streams.replays),
        "sounds": encode_sounds(adoption.streams.sounds),
        "end_reason": adoption.end_reason,
        "is_last": int(adoption.is_last),
        "lost": "",
    }
