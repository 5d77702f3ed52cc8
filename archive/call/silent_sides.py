"""Whether somebody is not heard in a recording that is whole: a side, an edge of one, or anybody.

Pure. Knows what parts and events tell. Knows nothing of rows or of who is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from archive.call.ends import played_in
from archive.call.events import Event, StreamAdded
from archive.call.expected import Expected, expected_in
from archive.call.gaps import LEAST_GAP_US, KnownGap, PartGaps, gaps_in, heard_in
from archive.call.legs import LegFacts

SILENT_EDGE: Final = "silent_edge"
SIDE_MISSING: Final = "side_missing"
NO_SOUND: Final = "no_sound"
EDGES_UNREAD: Final = "edges_unread"


def silence_flags(
    parts: Sequence[PartGaps], told: Sequence[Event], legs: Iterable[LegFacts], ended_us: int
) -> frozenset[str]:
    """What to flag; `parts` are all there are."""
    expected, heard = expected_in(told, ended_us), heard_in(parts)
    spoken = {
        each.stream
        for each in told
        if isinstance(each, StreamAdded) and each.direction != "sendonly"
    }
    missing = [side for side in _sides(legs, spoken) if _is_missing(side, expected, heard)]
    silent = {stream for side in missing for stream in side}
    found = {
        NO_SOUND: not heard - played_in(told),
        SIDE_MISSING: bool(missing),
        EDGES_UNREAD: bool(heard) and any(part.sounds is None for part in parts),
        SILENT_EDGE: any(
            _is_edge(gap, expected)
            for gap in gaps_in(parts, told, expected)
            if gap.stream not in silent
        ),
    }
    return frozenset(flag for flag, is_so in found.items() if is_so)


def _sides(legs: Iterable[LegFacts], spoken: set[int]) -> Iterator[set[int]]:
    of_nobody = set(spoken)
    for leg in legs:
        own = {each.stream for each in leg.streams if each.way == "sends"} & spoken
        of_nobody -= own
        if own:
            yield own
    yield from ({stream} for stream in of_nobody)


def _is_missing(side: set[int], expected: Expected, heard: set[int]) -> bool:
    lasting_us = sum(end - begin for stream in side for begin, end in expected.get(stream, ()))
    return lasting_us >= LEAST_GAP_US and not side & heard


def _is_edge(gap: KnownGap, expected: Expected) -> bool:
    """Whether nothing came before the first that was heard, or behind the last, for no reason."""
    wanted = expected.get(gap.stream, ())
    if not wanted or gap.packets or gap.because == "not_sent":
        return False
    return gap.from_us == wanted[0][0] or gap.until_us == wanted[-1][1]
