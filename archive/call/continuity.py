"""Whether one part of a recording goes on where the one before it broke off.

Pure. Knows nothing of rows; a part is told by the sequence numbers of its sources.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from archive.call.adoption import LostRange, SequenceRange, StreamGap, StreamReplay, StreamSound
from archive.call.pauses import Masked, lies_between

_HALF: Final = 1 << 15
_WHOLE: Final = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSeam:
    """What is known of a part's edges: `open_ends` of its `lost_ranges` have no end.

    Its packets arrived from `first_us` to `last_us`.
    """

    lost_ranges: int
    open_ends: int
    sequences: str
    first_us: int = 0
    last_us: int = 0


def encode_sequences(sequences: Iterable[SequenceRange]) -> str:
    """As one value of a column."""
    rows = [(each.stream, each.ssrc, each.first, each.last) for each in sequences]
    return msgspec.json.encode(rows).decode()


def decode_sequences(column: str) -> tuple[SequenceRange, ...]:
    """What `encode_sequences` made."""
    rows = _decode(column)
    return tuple(SequenceRange(stream=s, ssrc=o, first=a, last=b) for s, o, a, b in rows)


def encode_gaps(gaps: Iterable[StreamGap]) -> str:
    """As one value of a column."""
    return msgspec.json.encode(list(gaps)).decode()


def decode_gaps(column: str) -> tuple[StreamGap, ...]:
    """What `encode_gaps` made."""
    return msgspec.json.decode(column, type=tuple[StreamGap, ...])


def encode_replays(replays: Sequence[StreamReplay]) -> str | None:
    """As one value of a column; None where there are none."""
    return msgspec.json.encode(list(replays)).decode() if replays else None


def decode_replays(column: str | None) -> tuple[StreamReplay, ...]:
    """What `encode_replays` made."""
    return () if column is None else msgspec.json.decode(column, type=tuple[StreamReplay, ...])


def encode_sounds(sounds: Sequence[StreamSound] | None) -> str | None:
    """As one value of a column; None where they were not read."""
    return None if sounds is None else msgspec.json.encode(list(sounds)).decode()


def decode_sounds(column: str | None) -> tuple[StreamSound, ...] | None:
    """What `encode_sounds` made."""
    return None if column is None else msgspec.json.decode(column, type=tuple[StreamSound, ...])


def count_open_ends(lost: Iterable[LostRange]) -> int:
    """How many of these ranges have no end that is known."""
    return sum(each.is_open for each in lost)


def has_lost(parts: Sequence[PartSeam], masked: Sequence[Masked] = ()) -> bool:
    """Whether packets are known to be missing, judged over all parts, in their order.

    What a pause between two parts has left out is not missing.

    A part that its writer left open lost nothing where the next one goes on: its successor wrote
    what was landed. Where no part follows, nobody knows what was lost.
    """
    if any(part.lost_ranges > part.open_ends for part in parts):
        return True
    following = [*parts[1:], None]
    return any(
        part.open_ends
        and (
            after is None
            or not (_goes_on(part, after) or lies_between(masked, part.last_us, after.first_us))
        )
        for part, after in zip(parts, following, strict=True)
    )


def _goes_on(before: PartSeam, after: PartSeam) -> bool:
    """No source that both parts hold has a number missing between them (RFC 3550 section 5.1)."""
    lasts = {(stream, ssrc): last for stream, ssrc, _, last in _decode(before.sequences)}
    return all(
        ahead(first, lasts[stream, ssrc]) <= 1
        for stream, ssrc, first, _ in _decode(after.sequences)
        if (stream, ssrc) in lasts
    )


def ahead(value: int, of: int) -> int:
    """How far one sequence number is behind another, the shorter way round."""
    return (value - of + _HALF) % _WHOLE - _HALF


def _decode(sequences: str) -> list[tuple[int, int, int, int]]:
    return msgspec.json.decode(sequences, type=list[tuple[int, int, int, int]])
