"""Where on its time line packets of a recording are missing, came twice, or are no party's voice.

Pure, from the time line alone. Knows nothing of files or of who is told.
"""

from archive.call.ends import ended_us, last_heard_us
from archive.call.expected import expected_in
from archive.call.gaps import KnownGap, KnownReplay, PartGaps, gaps_in, replays_in
from archive.call.other_sounds import OtherSound, other_sounds_in
from archive.reading.timeline import PlacedPart, Timeline
from archive.reading.timemap import gaps_of, replays_of, sequences_of, sounds_of


def gaps_on(line: Timeline) -> tuple[KnownGap, ...]:
    """All of them, µs UTC as the line has them."""
    parts = [_part(each) for each in line.parts]
    sounds = [sound for part in parts for sound in part.sounds or ()]
    last_us = max((part.last_us for part in parts), default=line.start_us)
    last_us = last_heard_us(sounds, line.events, last_us)
    return gaps_in(parts, line.events, expected_in(line.events, ended_us(line.events, last_us)))


def replays_on(line: Timeline) -> tuple[KnownReplay, ...]:
    """Which packets came a second time, late, µs UTC as the line has them."""
    told = (each.moved(p.shift_us) for p in line.parts for each in replays_of(p.time_map))
    return replays_in(told, line.events)


def other_sounds_on(line: Timeline) -> tuple[OtherSound, ...]:
    """What sounds before the answer, and in a party's place, µs UTC as the line has them."""
    parts = [_part(each) for each in line.parts]
    sounds = [sound for part in parts for sound in part.sounds or ()]
    last_us = max((part.last_us for part in parts), default=line.start_us)
    return other_sounds_in(line.events, sounds, ended_us(line.events, last_us))


def has_sound(line: Timeline) -> bool:
    """Whether any packet of a party came that can be placed."""
    spoken = {each for lane in line.lanes if lane.side != "node" for each in lane.streams}
    return any(placed.stream in spoken for part in line.parts for placed in part.spans)


def _part(part: PlacedPart) -> PartGaps:
    spans = [span for stream in part.time_map.streams for span in stream.spans]
    return PartGaps(
        gaps=[each.moved(part.shift_us) for each in gaps_of(part.time_map)],
        sequences=sequences_of(part.time_map),
        first_us=min((s.us_at(s.first_ticks) for s in spans), default=0) + part.shift_us,
        last_us=max((s.us_at(s.end_ticks) for s in spans), default=0) + part.shift_us,
        sounds=[each.moved(part.shift_us) for each in sounds_of(part.time_map)],
    )
