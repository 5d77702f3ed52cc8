"""What tests ask of spans and lanes, and no reader does."""

from archive.reading.packets.alignment import Span, StreamAligner
from archive.reading.packets.anchor_clock import agreed_source
from archive.reading.timeline import Timeline


def anchored(aligner: StreamAligner) -> tuple[Span, ...]:
    """Every span of it, as if there were no other stream."""
    fits = aligner.fit()
    return aligner.anchor(fits, agreed_source(fits))


def uncertainty_us(line: Timeline, lane: int) -> int:
    """How far off the packets of a lane may lie at the most; 0 where nothing can be said."""
    streams = line.lanes[lane].streams
    spans = (placed for part in line.parts for placed in part.spans)
    return max((each.uncertainty_us for each in spans if each.stream in streams), default=0)
