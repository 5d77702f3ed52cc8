"""Which streams are heard on which channel: customer left, agent right, others behind them.

What the node itself played lies last, each stream of it on a channel of its own: it may play to
both parties at once.

Pure, from events alone. Knows nothing of packets or time.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from archive.events import Event, Side, StreamAdded, StreamPartyKnown

# A call has two sides; a one-way call is two lanes of which one is silent.
MIN_LANES: Final = 2
_LEFT, _RIGHT = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One channel: the streams heard there, and whose they are ("" and "unknown" if nobody's).

    `label` is the first stream's own: of what the node played, to whom.
    """

    streams: tuple[int, ...] = ()
    participant: str = ""
    side: Side = "unknown"
    label: str = ""


def arrange(events: Iterable[Event], heard: Iterable[int]) -> tuple[Lane, ...]:
    """Give every stream a lane. `events` in order, `heard` streams of which packets came.

    The last party known of a stream counts. Streams of one participant share a lane, but for those
    that the node played: one party hears its notice while the other one hears ringback.
    """
    known = _Known()
    streams = set(heard)
    for event in events:
        match event:
            case StreamAdded(stream=stream):
                known.labels[stream] = event.label
                if event.direction == "sendonly":
                    known.played.add(stream)
            case StreamPartyKnown(stream=stream):
                known.parties[stream] = event
            case _:
                pass
    streams |= known.labels.keys() | known.parties.keys()
    return _seat(known.grouped(sorted(streams)))


@dataclass(frozen=True, slots=True)
class _Known:
    """What events say of streams: their labels, who speaks, and which the node itself plays."""

    labels: dict[int, str] = field(default_factory=dict)
    parties: dict[int, StreamPartyKnown] = field(default_factory=dict)
    played: set[int] = field(default_factory=set)

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
        side: Side = party.side if party is not None else "unknown"
        return Lane(
            streams=streams,
            participant=party.participant if party is not None else "",
            side="node" if self._is_played(streams[0]) else side,
            label=label,
        )


def _seat(lanes: list[Lane]) -> tuple[Lane, ...]:
    """The first customer left, the first agent right, who is left over in order of appearance.

    What the node played takes nobody's seat.
    """
    played = [lane for lane in lanes if lane.side == "node"]
    lanes = [lane for lane in lanes if lane.side != "node"]
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
