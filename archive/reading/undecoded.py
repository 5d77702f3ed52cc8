"""What of a recording nobody here can decode: which stream, when, in which codec, what would help.

From where streams sound and what events name. Knows nothing of packets, files or of who is told.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from msgspec import UnsetType

from archive.call.adoption import Interval, StreamSound
from archive.call.events import Event, Format
from archive.call.gaps import LEAST_GAP_US, speaker_of, without
from archive.reading.sound.decoders import can_decode, refusal
from archive.reading.sound.formats import CodecUnavailable, FormatTable, is_silent
from archive.reading.timeline import Timeline
from archive.reading.timemap import CodecUse, TimeMap, sounds_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecoded:
    """From one moment to another (µs since 1970 UTC) a stream came in a codec of no decoder here.

    `extra` is the optional dependency that decodes it, "" where there is none that does.
    `participant` is who speaks there, "" where nobody is known.
    """

    from_us: int
    until_us: int
    stream: int
    codec: str
    extra: str = ""
    participant: str = ""


@dataclass(frozen=True, slots=True)
class _Spoken:
    """Where a stream came in one codec; `refused` is None where it is heard."""

    stream: int
    where: Interval
    refused: CodecUnavailable | None


def undecoded_in(sounds: Iterable[StreamSound], told: Iterable[Event]) -> tuple[Undecoded, ...]:
    """All of it, in the order in which it begins; `told` in order.

    What is shorter than a gap is none where the stream is heard otherwise: a stray packet.
    """
    events = list(told)
    spoken = list(_spoken(sounds, events))
    found = []
    for each in spoken:
        if each.refused is None:
            continue
        heard = [s.where for s in spoken if s.stream == each.stream and s.refused is None]
        for begin, end in without([each.where], heard):
            if end - begin >= LEAST_GAP_US or not heard:
                found.append(_told(each.refused, each.stream, (begin, end), events))
    return tuple(sorted(found, key=lambda each: (each.from_us, each.stream)))


def is_unheard_in(sounds: Iterable[StreamSound], told: Iterable[Event]) -> bool:
    """Whether sound came, and none of it can be decoded; `told` in order."""
    spoken = list(_spoken(sounds, list(told)))
    return bool(spoken) and all(each.refused is not None for each in spoken)


def undecoded_on(line: Timeline) -> tuple[Undecoded, ...]:
    return undecoded_in(_sounds(line), line.events)


def refuse_unheard(heard: Iterable[tuple[Timeline, Sequence[int]]]) -> None:
    """Raise `CodecUnavailable` where sound came on these lanes, and none of it can be decoded."""
    spoken = [
        each
        for line, lanes in heard
        for each in _spoken(_sounds(line), line.events)
        if any(each.stream in line.lanes[lane].streams for lane in lanes or line.channels)
    ]
    refused = [each.refused for each in spoken if each.refused is not None]
    if refused and len(refused) == len(spoken):
        raise refused[0]


def tells_codecs(time_map: TimeMap) -> bool:
    """Whether a map says where it is that a stream cannot be decoded: some of before do not."""
    if not isinstance(time_map.sounds, UnsetType):
        return True
    mixed = (stream.codecs for stream in time_map.streams if len(stream.codecs) > 1)
    return all(_is_decoded(use) for codecs in mixed for use in codecs)


def _is_decoded(use: CodecUse) -> bool:
    form = Format(
        payload_type=use.payload_type, encoding=use.encoding, clock_rate_hz=use.clock_rate_hz
    )
    return is_silent(form) or can_decode(form)


def _sounds(line: Timeline) -> list[StreamSound]:
    return [s.moved(part.shift_us) for part in line.parts for s in sounds_of(part.time_map)]


def _spoken(sounds: Iterable[StreamSound], events: Iterable[Event]) -> Iterator[_Spoken]:
    """Each stretch but pauses; one that old maps tell of several codecs at once counts as heard."""
    table = FormatTable()
    for event in events:
        table.note(event)
    for sound in sounds:
        for where in sound.stretches:
            form = table.named(sound.stream, sound.encoding, where[0])
            if form is not None and is_silent(form):
                continue
            if form is None and sound.encoding:
                name = sound.encoding.replace("PAYLOAD TYPE", "payload type")  # `name_of`'s own
                yield _Spoken(sound.stream, where, CodecUnavailable(name, ""))
            elif form is None or can_decode(form):
                yield _Spoken(sound.stream, where, None)
            else:
                yield _Spoken(sound.stream, where, refusal(form))


def _told(
    refused: CodecUnavailable, stream: int, where: Interval, events: Sequence[Event]
) -> Undecoded:
    return Undecoded(
        from_us=where[0],
        until_us=where[1],
        stream=stream,
        codec=refused.encoding,
        extra=refused.extra,
        participant=speaker_of(stream, where[0], events),
    )
