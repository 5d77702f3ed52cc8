"""Where on its time line packets of a recording are missing, not sent, or came twice.

Pure, from the time line alone. Knows nothing of files or of who is told.
"""

from archive.call.gaps import KnownGap, KnownReplay, PartGaps, gaps_in, replays_in
from archive.reading.timeline import PlacedPart, Timeline
from archive.reading.timemap import gaps_of, replays_of, sequences_of


def gaps_on(line: Timeline) -> tuple[KnownGap, ...]:
    """All of them, µs UTC as the line has them."""
    return gaps_in([_part(each) for each in line.parts], line.events)


def replays_on(line: Timeline) -> tuple[KnownReplay, ...]:
    """Which packets came a second time, late, µs UTC as the line has them."""
    told = (each.moved(p.shift_us) for p in line.parts for each in replays_of(p.time_map))
    return replays_in(told, line.events)


def _part(part: PlacedPart) -> PartGaps:
    spans = [span for stream in part.time_map.streams for span in stream.spans]
    return PartGaps(
        gaps=[each.moved(part.shift_us) for each in gaps_of(part.time_map)],
        sequences=sequences_of(part.time_map),
        first_us=min((s.us_at(s.first_ticks) for s in spans), default=0) + part.shift_us,
        last_us=max((s.us_at(s.end_ticks) for s in spans), default=0) + part.shift_us,
    )
