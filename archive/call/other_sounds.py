"""What sounds in a party's lane and is not its voice: before the answer, or music on hold.

Music is a guess. Pure. Knows nothing of packets, nor of how it is shown.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from archive.call.adoption import Interval, StreamSound
from archive.call.ends import played_in
from archive.call.events import (
    Attempted,
    CallOpened,
    Event,
    RecordingBegan,
    StreamAdded,
    StreamPartyKnown,
)
from archive.call.expected import talks_in
from archive.call.gaps import LEAST_GAP_US, speaker_of, without
from archive.call.signalled_holds import holds_in

# What a called side plays before it answers: ringing, an announcement, a queue.
OtherSoundKind = Literal["early_media", "hold_music"]
_COMFORT: Final = "CN"
_CALLEE: Final = "callee"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherSound:
    """From one moment to another (µs since 1970 UTC) this sounds on a stream, if anything does.

    `participant` is whose lane it is in, "" where nobody is known.
    """

    from_us: int
    until_us: int
    kind: OtherSoundKind
    stream: int
    participant: str = ""

    @property
    def is_guess(self) -> bool:
        return self.kind == "hold_music"


def other_sounds_in(
    told: Iterable[Event], sounds: Iterable[StreamSound], ended_us: int
) -> tuple[OtherSound, ...]:
    """All of an inline call, in the order in which they begin; `told` in its order.

    Who sends a recording session names its holds, and mixes what it will.
    """
    events = list(told)
    opened = next((each for each in events if isinstance(each, CallOpened)), None)
    if opened is None or opened.mode != "inline":
        return ()
    found = [*_early_media(events, ended_us), *_hold_music(events, sounds, ended_us)]
    return tuple(sorted(found, key=lambda each: (each.from_us, each.stream)))


def _early_media(events: Sequence[Event], ended_us: int) -> Iterator[OtherSound]:
    """From when a called side is heard until that attempt has come to something."""
    began = (each.at_us for each in events if isinstance(each, RecordingBegan))
    begun_us = next(began, ended_us)
    attempts = [each for each in events if isinstance(each, Attempted)]
    for number, each in enumerate(attempts):
        if each.outcome == "sounded":
            until_us = min([ended_us, *(later.at_us for later in attempts[number + 1 :])])
            from_us, stream = max(each.at_us, begun_us), _callees(events, until_us)
            if stream is not None and from_us < until_us:
                yield _sound(events, stream, (from_us, until_us), "early_media")


def _callees(events: Iterable[Event], until_us: int) -> int | None:
    added = [
        each.stream
        for each in events
        if isinstance(each, StreamAdded) and each.label == _CALLEE and each.at_us <= until_us
    ]
    return added[-1] if added else None


def _hold_music(
    events: Sequence[Event], sounds: Iterable[StreamSound], ended_us: int
) -> Iterator[OtherSound]:
    """Another source in the place of one that came back, while nobody says why or who it is."""
    played, talks = played_in(events), talks_in(events, ended_us)
    held = [(each.from_us, each.until_us) for each in holds_in(events, ended_us)]
    for sound in sounds:
        if sound.encoding == _COMFORT or sound.stream in played:
            continue
        silent = without([(0, ended_us)], talks)
        for own in without(sound.others, [*held, *silent]):
            is_long = own[1] - own[0] >= LEAST_GAP_US
            if is_long and not _is_anothers(events, sound.stream, own):
                yield _sound(events, sound.stream, own, "hold_music")


def _is_anothers(events: Iterable[Event], stream: int, own: Interval) -> bool:
    known = (e.at_us for e in events if isinstance(e, StreamPartyKnown) and e.stream == stream)
    return any(own[0] - LEAST_GAP_US <= at_us <= own[1] for at_us in known)


def _sound(events: Iterable[Event], stream: int, own: Interval, kind: OtherSoundKind) -> OtherSound:
    return OtherSound(
        from_us=own[0],
        until_us=own[1],
        kind=kind,
        stream=stream,
        participant=speaker_of(stream, own[0], events),
    )
