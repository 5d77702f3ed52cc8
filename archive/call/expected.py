"""When a stream was to bring somebody's voice, as events tell it: answered, not held, not paused.

Pure, from events alone. A silence at any other time has its reason. Knows nothing of packets.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from archive.call.adoption import Interval
from archive.call.events import (
    CallOpened,
    Event,
    NoticePlayed,
    ParticipantChanged,
    PartiesJoined,
    PartiesParted,
    RecordingBegan,
    StreamAdded,
    StreamPartyKnown,
    StreamRemoved,
)
from archive.call.gaps import speaker_of, without
from archive.call.pauses import masked_in
from archive.call.signalled_holds import SignalledHold, holds_in

Expected = Mapping[int, tuple[Interval, ...]]
_COMES: Final = frozenset({"joined", "transferred"})


def expected_in(told: Iterable[Event], ended_us: int) -> Expected:
    """For each stream of a party the intervals (µs since 1970 UTC) until `ended_us` at the latest.

    `told` in order. Also of a stream on which nobody is known to speak.
    """
    events = list(told)
    lines = _Lines()
    for event in events:
        lines.feed(event)
    paused = [(each.from_us, each.until_us) for each in masked_in(events, ended_us)]
    holds, talks = holds_in(events, ended_us), talks_in(events, ended_us)
    found = {}
    for stream, intervals in lines.close(ended_us).items():
        held = [(h.from_us, h.until_us) for h in holds if _is_of(h, stream, events)]
        talking = [each for own in intervals for each in _within(own, talks)]
        found[stream] = without(talking, [*paused, *held])
    return found


def _within(own: Interval, others: Iterable[Interval]) -> Iterable[Interval]:
    for begin, end in others:
        first, until = max(own[0], begin), min(own[1], end)
        if first < until:
            yield first, until


def _is_of(hold: SignalledHold, stream: int, events: Sequence[Event]) -> bool:
    who = hold.participant
    return stream in hold.streams or bool(who and who == speaker_of(stream, hold.from_us, events))


class _Lines:
    """Since when each stream is there for somebody; nobody is where the last who spoke has left."""

    def __init__(self) -> None:
        self._since: dict[int, int | None] = {}
        self._speakers: dict[int, set[str]] = {}
        self._left: set[str] = set()
        # All streams on which each was said to speak at last, where that was said.
        self._own: dict[str, frozenset[int]] = {}
        self._over: dict[int, list[Interval]] = {}

    def feed(self, event: Event) -> None:
        match event:
            case StreamAdded(direction="sendonly"):
                pass
            case StreamAdded(stream=stream):
                self._since.setdefault(stream, event.at_us)
                self._over.setdefault(stream, [])
            case StreamRemoved(stream=stream) if stream in self._since:
                self._close(stream, event.at_us)
                del self._since[stream]
            case StreamPartyKnown():
                self._speak(event.stream, {event.participant, *event.also} - {""}, event.at_us)
            case ParticipantChanged(what="left"):
                self._leave(event.participant, event.at_us)
            case ParticipantChanged(what=what) if what in _COMES:
                self._come(event)
            case ParticipantChanged(what="resumed"):
                self._move(event)
            case _:
                pass

    def close(self, at_us: int) -> dict[int, list[Interval]]:
        for stream in list(self._since):
            self._close(stream, at_us)
        return self._over

    def _come(self, event: ParticipantChanged) -> None:
        self._left.discard(event.participant)
        self._move(event)
        for stream in event.speaks:
            speakers = self._speakers.get(stream, set())
            self._speak(stream, {event.participant, *speakers}, event.at_us)
        if event.what == "transferred":
            self._leave(event.instead_of, event.at_us)
            return
        for speakers in self._speakers.values():
            if event.instead_of in speakers:  # the same one by another id
                speakers ^= {event.instead_of, event.participant}

    def _move(self, event: ParticipantChanged) -> None:
        """Who speaks on other streams now has left those on which he spoke, though they stay."""
        if not event.speaks:
            return  # who is on hold sends nothing, and his streams are still his
        who = event.participant
        self._own[who] = frozenset(event.speaks)
        for stream in self._speakers.keys() - self._own[who]:
            self._quit(stream, who, event.at_us)

    def _speak(self, stream: int, who: set[str], at_us: int) -> None:
        """A client may name who has left until another one speaks there."""
        gone = {each for each in who if stream not in self._own.get(each, {stream})}
        speaking = who - self._left - gone
        if stream not in self._since or (who and not speaking):
            return
        self._speakers[stream] = speaking
        if speaking and self._since[stream] is None:
            self._since[stream] = at_us

    def _leave(self, who: str, at_us: int) -> None:
        self._left.add(who)
        for stream in self._speakers:
            self._quit(stream, who, at_us)

    def _quit(self, stream: int, who: str, at_us: int) -> None:
        speakers = self._speakers[stream]
        if who in speakers:
            speakers.discard(who)
            if not speakers and stream in self._since:
                self._close(stream, at_us)
                self._since[stream] = None

    def _close(self, stream: int, at_us: int) -> None:
        since_us, over = self._since.get(stream), self._over[stream]
        if since_us is None or since_us >= at_us:
            return
        if over and over[-1][1] == since_us:
            since_us = over.pop()[0]
        over.append((since_us, at_us))


def talks_in(events: Sequence[Event], ended_us: int) -> list[Interval]:
    """When parties may hear each other: of a call that others bridge, always."""
    opened = next((each for each in events if isinstance(each, CallOpened)), None)
    if opened is None or opened.mode != "inline":
        return [(0, ended_us)]
    began = (each.at_us for each in events if isinstance(each, RecordingBegan))
    begun_us = next(began, ended_us)
    if not any(isinstance(each, PartiesJoined) for each in events):
        return [(_notices_over_us(events, begun_us), ended_us)]
    found, since_us = [], None
    for event in events:
        if isinstance(event, PartiesJoined) and since_us is None:
            since_us = max(event.at_us, begun_us)
        elif isinstance(event, PartiesParted) and since_us is not None:
            found.append((since_us, event.at_us))
            since_us = None
    return found if since_us is None else [*found, (since_us, ended_us)]


def _notices_over_us(events: Sequence[Event], begun_us: int) -> int:
    """Of a recording that does not tell: with both streams there, and the first notices over."""
    added = [
        each.at_us
        for each in events
        if isinstance(each, StreamAdded) and each.direction != "sendonly"
    ]
    begun_us = max([begun_us, *added[:2]])
    notices = (each for each in events if isinstance(each, NoticePlayed))
    over = (each.until_us for each in notices if each.from_us <= begun_us)
    return max([begun_us, *over])
