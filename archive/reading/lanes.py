"""Which streams are heard on which channel: customer left, agent right, others behind them.

What the node itself played lies last, each stream of it on a channel of its own: it may play to
both parties at once.

Pure, from events alone. Knows nothing of packets or time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Final

from archive.call.events import (
    Event,
    ParticipantChanged,
    Side,
    StreamAdded,
    StreamPartyKnown,
    Tolerated,
)
from archive.call.legs import Decided

# A call has two sides; a one-way call is two lanes of which one is silent.
MIN_LANES: Final = 2
_LEFT, _RIGHT = 0, 1
_MIXED_STREAM: Final = "TOL-012"
# Nothing is known better than by events.
NO_SIDES: Final[Mapping[int, Decided]] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One channel: the streams heard there, and whose they are ("" and "unknown" if nobody's).

    `label` is the first stream's own: of what the node played, to whom. `is_guessed`: nothing says
    that it is that side's. On a lane that is `mixed`
    several speak, `also` are those beside `participant` who are known.
    """

    streams: tuple[int, ...] = ()
    participant: str = ""
    side: Side = "unknown"
    is_guessed: bool = False
    label: str = ""
    is_mixed: bool = False
    also: tuple[str, ...] = ()


def arrange(
    events: Iterable[Event], heard: Iterable[int], sides: Mapping[int, Decided] = NO_SIDES
) -> tuple[Lane, ...]:
    """Give every stream a lane. `events` in order, `heard` streams of which packets came.

    The last party known of a stream counts; `sides` of streams are known better than by events.
    Streams of one participant share a lane, but for those that the node played: one party hears its
    notice while the other one hears ringback.
    """
    known = _Known(sides=dict(sides))
    streams = set(heard)
    for event in events:
        match event:
            case StreamAdded(stream=stream):
                known.labels[stream] = event.label
                if event.direction == "sendonly":
                    known.played.add(stream)
            case StreamPartyKnown(stream=stream):
                known.parties[stream] = event
                if event.also:
                    known.mixed.setdefault(stream, {}).update(
                        dict.fromkeys((event.participant, *event.also))
                    )
            case Tolerated(code=code) if code == _MIXED_STREAM:
                known.has_mixed = True
            case ParticipantChanged(what="joined"):
                known.joined[event.participant] = None
            case _:
                pass
    streams |= known.labels.keys() | known.parties.keys()
    return _seat(known.lone_mixed(known.grouped(sorted(streams))))


def channels_of(lanes: Sequence[Lane]) -> tuple[int, ...]:
    """The lanes that are heard, left to right: a lone mixed one on both sides."""
    every = tuple(range(len(lanes)))
    spoken = [lane for lane in lanes if lane.side != "node"]
    return (0, *every) if len(spoken) == 1 and spoken[0].is_mixed else every


@dataclass(slots=True)
class _Known:
    """What events say of streams: their labels, who speaks, and which the node itself plays.

    `has_mixed`: one of them holds several voices. `joined` are participants, in their order;
    `mixed` those who spoke on one stream at once, at any time.
    """

    labels: dict[int, str] = field(default_factory=dict)
    parties: dict[int, StreamPartyKnown] = field(default_factory=dict)
    played: set[int] = field(default_factory=set)
    sides: dict[int, Decided] = field(default_factory=dict)
    joined: dict[str, None] = field(default_factory=dict)
    mixed: dict[int, dict[str, None]] = field(default_factory=dict)
    has_mixed: bool = False

    def lone_mixed(self, lanes: list[Lane]) -> list[Lane]:
        """The only lane on which anybody speaks, where it is known that several do."""
        spoken = [n for n, lane in enumerate(lanes) if lane.side != "node"]
        if not self.has_mixed or len(spoken) != 1 or lanes[spoken[0]].is_mixed:
            return lanes
        lane = lanes[spoken[0]]
        also = tuple(each for each in self.joined if each != lane.participant)
        side: Side = "unknown" if also else lane.side
        is_guessed = lane.is_guessed and not also
        mixed = replace(lane, is_mixed=True, also=also, side=side, is_guessed=is_guessed)
        return [mixed if n == spoken[0] else each for n, each in enumerate(lanes)]

    def grouped(self, streams: list[int]) -> list[Lane]:
        groups: dict[str, list[int]] = {}
        for stream in streams:
            groups.setdefault(self._name(stream), []).append(stream)
        return [self._lane(tuple(group)) for group in groups.values()]

    def _name(self, stream: int) -> str:
        """By what a stream finds those with which it shares a lane; its own, where with none."""
        party = self.parties.get(stream)
        if party is None or not party.participant or self._is_played(stream):
            return f"stream {stream}"
        return f"participant {party.participant}"

    def _is_played(self, stream: int) -> bool:
        party = self.parties.get(stream)
        return stream in self.played or (party is not None and party.side == "node")

    def _lane(self, streams: tuple[int, ...]) -> Lane:
        party, label = self.parties.get(streams[-1]), self.labels.get(streams[0], "")
        own = party.participant if party is not None else ""
        together = {who: None for stream in streams for who in self.mixed.get(stream, {})}
        also = tuple(who for who in together if who != own)
        decided = Decided() if also else self._decided(streams[-1])
        is_played = self._is_played(streams[0])
        return Lane(
            streams=streams,
            participant=own,
            side="node" if is_played else decided.side,
            is_guessed=not is_played and decided.is_guessed,
            label=label,
            is_mixed=bool(also),
            also=also,
        )

    def _decided(self, stream: int) -> Decided:
        """By the index, else as the events have it."""
        party = self.parties.get(stream)
        told = Decided() if party is None else Decided(side=party.side, because=party.because)
        return self.sides.get(stream, told)


def _seat(lanes: list[Lane]) -> tuple[Lane, ...]:
    """The first customer left, the first agent right, who is left over in order of appearance.

    What the node played takes nobody's seat.
    """
    played = [lane for lane in lanes if lane.side == "node"]
    lanes = [lane for lane in lanes if lane.side != "node"]
    if len(lanes) == 1 and lanes[0].is_mixed:
        return (*lanes, *played)
    seats: dict[int, Lane] = {}
    for seat, side in ((_LEFT, "customer"), (_RIGHT, "agent")):
        first = next((lane for lane in lanes if lane.side == side), None)
        if first is not None:
            seats[seat] = first
            lanes = [lane for lane in lanes if lane is not first]
    for seat in (_LEFT, _RIGHT):
        if seat not in seats:
            seats[seat] = lanes.pop(0) if lanes else Lane()
    return (*(seats[seat] for seat in range(MIN_LANES)), *lanes, *played)
