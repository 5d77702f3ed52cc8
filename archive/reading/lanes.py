"""Which streams are heard on which channel: customer left, agent right, others behind them.

What the node itself played lies last.

Pure, from events alone. Knows nothing of packets or time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from archive.events import Event, Side, StreamAdded, StreamPartyKnown

# A call has two sides; a one-way call is two lanes of which one is silent.
MIN_LANES: Final = 2
_LEFT, _RIGHT = 0, 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One channel: the streams heard there, and whose they are ("" and "unknown" if nobody's)."""

    streams: tuple[int, ...] = ()
    participant: str = ""
    side: Side = "unknown"


def arrange(events: Iterable[Event], heard: Iterable[int]) -> tuple[Lane, ...]:
    """Give every stream a lane. `events` in order, `heard` streams of which packets came.

    The last party known of a stream counts. Streams of one participant share a lane.
    """
    parties: dict[int, StreamPartyKnown] = {}
    streams = set(heard)
    for event in events:
        match event:
            case StreamAdded(stream=stream):
                streams.add(stream)
            case StreamPartyKnown(stream=stream):
                streams.add(stream)
                parties[stream] = event
            case _:
                pass
    return _seat(_by_party(sorted(streams), parties))


def _by_party(streams: list[int], parties: dict[int, StreamPartyKnown]) -> list[Lane]:
    groups: dict[str, list[int]] = {}
    for stream in streams:
        party = parties.get(stream)
        name = party.participant if party and party.participant else f"stream {stream}"
        groups.setdefault(name, []).append(stream)
    return [_lane(tuple(group), parties) for group in groups.values()]


def _lane(streams: tuple[int, ...], parties: dict[int, StreamPartyKnown]) -> Lane:
    party = parties.get(streams[-1])
    if party is None:
        return Lane(streams=streams)
    return Lane(streams=streams, participant=party.participant, side=party.side)


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
