"""What the map of a part says of its sources: their numbers, their gaps."""

import msgspec

from archive.call.adoption import SequenceRange, StreamGap, StreamReplay, StreamSound
from archive.reading.timemap import (
    MAX_SOURCES,
    CodecUse,
    gaps_of,
    replays_of,
    sequences_of,
    sounds_of,
)
from tests.archive.reading.scenes import START_US
from tests.support.reading.timemap import example, span

LOSS = StreamGap(0, 1, 2, 1, 1, "lost")


def test_the_gaps_of_all_streams_are_told() -> None:
    """Whichever of them lacks something."""
    whole = example(3, span())
    torn = msgspec.structs.replace(
        whole, streams=tuple(msgspec.structs.replace(each, gaps=(LOSS,)) for each in whole.streams)
    )

    assert gaps_of(torn) == (LOSS,) * len(torn.streams)


def test_the_catalog_is_told_with_which_numbers_sources_begin_and_end() -> None:
    """What shows whether the next part goes on; of a flood of sources only some are told."""
    spans = [
        span(ssrc=5, key=0, first_sequence=65_000, last_sequence=65_535),
        span(ssrc=6, key=1, first_sequence=7, last_sequence=9),
        span(ssrc=5, key=2, first_sequence=0, last_sequence=80),
    ]
    flood = [span(ssrc=ssrc) for ssrc in range(MAX_SOURCES + 9)]

    assert sequences_of(example(3, *spans)) == (
        SequenceRange(stream=0, ssrc=5, first=65_000, last=80),
        SequenceRange(stream=0, ssrc=6, first=7, last=9),
    )
    assert len(sequences_of(example(3, *flood))) == MAX_SOURCES


def test_replays_are_those_of_the_streams_that_have_any() -> None:
    """A map from before they were told has none."""
    plain = example(3, span())
    told = StreamReplay(0, 1, 2, 3)
    streams = tuple(msgspec.structs.replace(each, replay=told) for each in plain.streams)

    assert replays_of(plain) == ()
    assert replays_of(msgspec.structs.replace(plain, streams=streams)) == (told,) * len(streams)


def test_of_a_map_from_before_the_spans_say_where_a_stream_sounds() -> None:
    """In its only encoding; of several nobody knows which, where."""
    plain = example(3, span())
    (stream,) = plain.streams
    gsm = CodecUse(payload_type=3, encoding="gsm", clock_rate_hz=8000, packets=1)
    both = msgspec.structs.replace(stream, codecs=(*stream.codecs, gsm))
    second = ((START_US, START_US + 1_000_000),)

    assert sounds_of(plain) == (StreamSound(0, "PCMU", second),)
    assert sounds_of(msgspec.structs.replace(plain, streams=(both,))) == (
        StreamSound(0, "", second),
    )
    assert sounds_of(msgspec.structs.replace(plain, sounds=())) == ()
