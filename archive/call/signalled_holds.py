"""When a party of a call was on hold, as its events tell it: by the metadata, or by SDP alone.

Pure. Silence in these intervals has its reason. Knows nothing of how they are heard or shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Literal, assert_never

from archive.call.events import (
    CallEnded,
    Event,
    ParticipantChanged,
    StreamAdded,
    StreamChanged,
    StreamPartyKnown,
    StreamRemoved,
)

ToldBy = Literal["metadata", "sdp"]
_INACTIVE: Final = "inactive"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalledHold:
    """Nothing was to come from `from_us` until before `until_us` (µs since 1970 UTC).

    Of these `streams`, () where no stream is known to be meant, and of this `participant`, "" where
    nobody is known to speak there.
    """

    from_us: int
    until_us: int
    told_by: ToldBy
    participant: str = ""
    streams: tuple[int, ...] = ()


class _Holds:
    """The holds being read; those that last are kept by stream, and by participant."""

    def __init__(self) -> None:
        self._over: list[SignalledHold] = []
        self._streams: dict[int, SignalledHold] = {}
        self._participants: dict[str, SignalledHold] = {}
        self._speakers: dict[int, str] = {}
        self._labels: dict[int, str] = {}
        self._taken: set[int] = set()
        # Also while nobody is there whose hold it would be.
        self._inactive: set[int] = set()
        # Lines of nobody known: that they come back is the only sign that they were on hold.
        self._vanished: dict[str, SignalledHold] = {}
        self._gone: set[str] = set()

    def feed(self, event: Event) -> None:
        match event:
            case StreamAdded(direction="sendonly"):
                pass
            case StreamAdded():
                self._added(event)
            case StreamChanged():
                self._directed(event.stream, event.direction, event.at_us)
            case StreamRemoved():
                self._removed(event)
            case StreamPartyKnown():
                self._spoken(event)
            case ParticipantChanged():
                self._participant(event)
            case _:
                pass

    def close(self, at_us: int) -> tuple[SignalledHold, ...]:
        """All holds, oldest first; what lasts ends at `at_us`."""
        for hold in (*self._streams.values(), *self._participants.values()):
            self._end(hold, at_us)
        own = [each for each in self._over if each.from_us < each.until_us]
        return tuple(sorted(own, key=lambda each: (each.from_us, each.streams)))

    def _added(self, event: StreamAdded) -> None:
        """A stream that comes back under its label ends the hold that took it away."""
        for stream, label in list(self._labels.items()):
            if label == event.label and label and stream in self._streams:
                self._end(self._streams.pop(stream), event.at_us)
        vanished = self._vanished.pop(event.label, None) if event.label else None
        if vanished is not None:
            self._end(vanished, event.at_us)
        self._labels[event.stream] = event.label
        self._directed(event.stream, event.direction, event.at_us)

    def _directed(self, stream: int, direction: str, at_us: int) -> None:
        (self._inactive.add if direction == _INACTIVE else self._inactive.discard)(stream)
        if direction == _INACTIVE and stream not in self._streams:
            self._streams[stream] = self._begun(stream, at_us)
        elif direction != _INACTIVE and stream in self._streams:
            self._end(self._streams.pop(stream), at_us)

    def _removed(self, event: StreamRemoved) -> None:
        """Port 0 is a hold of who is still there: his line is silent (RFC 3264 §8.2)."""
        self._inactive.discard(event.stream)
        if event.stream not in self._labels:
            return
        self._taken.add(event.stream)
        if not self._speakers.get(event.stream):
            self._vanished[self._labels[event.stream]] = self._begun(event.stream, event.at_us)
        speaker = self._speakers.get(event.stream)
        if speaker and speaker not in self._gone and event.stream not in self._streams:
            self._streams[event.stream] = self._begun(event.stream, event.at_us)

    def _begun(self, stream: int, at_us: int) -> SignalledHold:
        speaker = self._speakers.get(stream, "")
        return SignalledHold(
            from_us=at_us, until_us=at_us, told_by="sdp", participant=speaker, streams=(stream,)
        )

    def _spoken(self, event: StreamPartyKnown) -> None:
        if event.side == "node":
            return
        self._heard_elsewhere(event)
        self._speakers[event.stream] = event.participant
        if event.participant not in self._gone:
            self._comes_to(event.stream, event.participant, event.at_us)
        hold = self._streams.get(event.stream)
        if hold is not None and not hold.participant and hold.from_us == event.at_us:
            self._streams[event.stream] = replace(hold, participant=event.participant)

    def _comes_to(self, stream: int, participant: str, at_us: int) -> None:
        """Whoever comes to a line that is inactive is on hold there."""
        if participant and stream in self._inactive and stream not in self._streams:
            begun = self._begun(stream, at_us)
            self._streams[stream] = replace(begun, participant=participant)

    def _heard_elsewhere(self, event: StreamPartyKnown) -> None:
        """Who speaks on another stream now is back from the one that was taken away."""
        if not event.participant or event.stream in self._streams:
            return
        for stream in self._taken & self._streams.keys():
            if self._streams[stream].participant == event.participant:
                self._end(self._streams.pop(stream), event.at_us)

    def _participant(self, event: ParticipantChanged) -> None:
        match event.what:
            case "held":
                own = tuple(s for s, who in self._speakers.items() if who == event.participant)
                self._participants.setdefault(
                    event.participant,
                    SignalledHold(
                        from_us=event.at_us,
                        until_us=event.at_us,
                        told_by="metadata",
                        participant=event.participant,
                        streams=own,
                    ),
                )
            case "resumed" | "left":
                self._back(event)
            case "joined" | "transferred":
                self._gone.discard(event.participant)
                own = tuple(s for s, who in self._speakers.items() if who == event.participant)
                for stream in (*own, *event.speaks):
                    self._comes_to(stream, event.participant, event.at_us)
            case _:
                assert_never(event.what)

    def _back(self, event: ParticipantChanged) -> None:
        hold = self._participants.pop(event.participant, None)
        if hold is not None:
            self._end(hold, event.at_us)
        if event.what == "left":
            self._gone.add(event.participant)
            own = [s for s, each in self._streams.items() if each.participant == event.participant]
            for stream in own:
                self._end(self._streams.pop(stream), event.at_us)

    def _end(self, hold: SignalledHold, at_us: int) -> None:
        self._over.append(replace(hold, until_us=max(hold.from_us, at_us)))


def holds_in(events: Iterable[Event], ended_us: int) -> tuple[SignalledHold, ...]:
    """The holds that events in their order tell of, oldest first, until `ended_us` at the latest.

    One that metadata and SDP both tell of is one, as the metadata has it.
    """
    holds = _Holds()
    for event in events:
        if not isinstance(event, CallEnded):
            holds.feed(event)
    return _without_repetitions(holds.close(ended_us))


def _without_repetitions(found: tuple[SignalledHold, ...]) -> tuple[SignalledHold, ...]:
    told = [each for each in found if each.told_by == "metadata"]
    alone: list[SignalledHold] = []
    for each in found:
        if each.told_by == "metadata":
            continue
        same = next((n for n, other in enumerate(told) if _is_same(other, each)), None)
        if same is None:
            alone.append(each)
        else:
            told[same] = _with(told[same], each)
    return tuple(sorted((*told, *alone), key=lambda each: (each.from_us, each.streams)))


def _is_same(told: SignalledHold, other: SignalledHold) -> bool:
    own = bool(set(told.streams) & set(other.streams)) or told.participant == other.participant
    return own and told.from_us <= other.until_us and other.from_us <= told.until_us


def _with(told: SignalledHold, other: SignalledHold) -> SignalledHold:
    return replace(
        told,
        from_us=min(told.from_us, other.from_us),
        until_us=max(told.until_us, other.until_us),
        streams=tuple(sorted({*told.streams, *other.streams})),
    )
