"""Which packets of a stream are heard where anybody can send to it, by the rule of ADR 29.

Pure. Knows packets' senders; knows nothing of what is in them, or of where they lie in time.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import msgspec
import numpy as np

from archive.call.events import Event, LatchRule, StreamHeard, StreamLatched
from archive.format.media_latch import Latch, Place, Sender, host_of
from archive.format.packets import Packets, Source
from archive.reading.packets.blocks import Block, packet_keys
from archive.reading.packets.origins import Origins, ssrcs_at
from archive.reading.packets.rtp import Column, Mask

# A stream changes its sender a few times in its life; a flood of senders is no speech.
MAX_TURNS: Final = 1_024


class SenderTurn(msgspec.Struct, frozen=True, kw_only=True):
    """From the packet `key` on this sender is heard (see `blocks.packet_keys`)."""

    key: int
    address: str
    port: int
    ssrc: int


class HeardSenders(msgspec.Struct, frozen=True, kw_only=True):
    """Who is heard on a stream in turn, and how many packets of others were kept aside."""

    turns: tuple[SenderTurn, ...] = ()
    aside: int = 0


@dataclass(slots=True)
class StreamSenders:
    """One stream's latch while a part is read; `take` gives the packets that are heard."""

    latch: Latch
    turns: list[tuple[int, Sender]] = field(default_factory=list)
    aside: int = 0
    _has_begun: bool = False
    _waiting: list[tuple[Block, Origins]] = field(default_factory=list)

    def take(self, block: Block, origins: Origins) -> Iterator[Block]:
        """The packets that are heard, in order; those that nobody knows yet wait for the next."""
        self._has_begun = True
        before = len(self.turns)
        self._judge(block.keys, origins)
        turns = self.turns[max(before - 1, 0) :]
        waiting, self._waiting = self._waiting, []
        for each, its in (*waiting, (block, origins)):
            heard = _heard(turns, each.keys, its)
            undecided = self._undecided(each.keys, its) & ~heard
            if undecided.any():
                self._waiting.append((_apart(each, undecided), its.pick(undecided)))
            self.aside += int(np.count_nonzero(its.is_media & ~heard & ~undecided))
            heard |= ~its.is_media
            if heard.all():
                yield each
            elif heard.any():
                yield each.pick(heard)

    def describe(self, rule: LatchRule, place: Place) -> None:
        """A description; one from before the part moves nobody any more."""
        if self._has_begun or self.latch.heard is None:
            self.latch = self.latch.describe(rule, place)
        else:
            self.latch = Latch.taken_over(rule, place, self.latch.heard.sender)

    def go_on(self, sender: Sender) -> None:
        """A part before has heard this sender; what this one has heard itself counts for more."""
        if not self._has_begun:
            self.latch = Latch.taken_over(self.latch.rule, self.latch.place, sender)
            self.turns = [(0, sender)]

    def told(self) -> HeardSenders:
        """Whom it has heard; who still waits has waited in vain."""
        waiting = sum(len(each.keys) for each, _ in self._waiting)
        turns = (
            SenderTurn(
                key=key, address=host_of(by.source.address), port=by.source.port, ssrc=by.ssrc
            )
            for key, by in self.turns
        )
        return HeardSenders(turns=tuple(turns), aside=self.aside + waiting)

    def _judge(self, keys: Column, origins: Origins) -> None:
        """Take the latch through the packets; stretches of who is heard alone at once."""
        at, of, others = 0, None, np.zeros(0, np.int64)
        while at < len(keys) and len(self.turns) < MAX_TURNS:
            heard = self.latch.heard
            if self.latch.is_settled and heard is not None:
                if heard.sender != of:
                    of = heard.sender
                    others = np.flatnonzero(origins.is_media & ~origins.sent_by(of))
                place = int(np.searchsorted(others, at))
                end = int(others[place]) if place < len(others) else len(keys)
                self._keep_on(origins, slice(at, end))
                at = end
            if at < len(keys):
                self._step(int(keys[at]), origins, at)
                at += 1

    def _keep_on(self, origins: Origins, own: slice) -> None:
        arrived_us = origins.arrived_us[own][origins.is_media[own]]
        if arrived_us.size:
            self.latch = self.latch.kept(int(arrived_us.max()), arrived_us.size)

    def _step(self, key: int, origins: Origins, at: int) -> None:
        if not origins.is_media[at]:
            return
        before = self.latch.heard
        sender = origins.sender(at)
        self.latch, _ = self.latch.hear(sender, key, int(origins.arrived_us[at]))
        heard = self.latch.heard
        if heard is not None and (before is None or heard.sender != before.sender):
            self.turns.append((heard.since, heard.sender))

    def _undecided(self, keys: Column, origins: Origins) -> Mask:
        undecided = np.zeros(len(keys), np.bool_)
        for each in self.latch.candidates:
            if each.has_waited:
                undecided |= (keys >= each.since) & origins.sent_by(each.sender)
        return undecided & origins.is_media


def _heard(turns: Iterable[tuple[int, Sender]], keys: Column, origins: Origins) -> Mask:
    heard = np.zeros(len(keys), np.bool_)
    for key, sender in turns:
        heard = np.where(keys >= key, origins.sent_by(sender), heard)
    return heard & origins.is_media


def _apart(block: Block, which: Mask) -> Block:
    """Some packets of a block in a data of their own, so that the block's can be let go."""
    few = block.pick(which)
    ends = np.cumsum(few.lengths)
    rows = zip(few.starts.tolist(), few.lengths.tolist(), strict=True)
    data = np.concatenate([few.data[start : start + length] for start, length in rows])
    return replace(few, starts=ends - few.lengths, data=data)


class SenderTable:
    """Streams whose packets anybody can send, as the events of a part tell of them."""

    def __init__(self) -> None:
        self._streams: dict[int, StreamSenders] = {}

    def of(self, stream: int) -> StreamSenders | None:
        """The latch of a stream; None where every packet is heard."""
        return self._streams.get(stream)

    def note(self, event: Event) -> None:
        """Take a rule, or whom the part before has left to be heard."""
        match event:
            case StreamLatched():
                known = self._streams.setdefault(
                    event.stream, StreamSenders(Latch(rule=event.rule))
                )
                known.describe(event.rule, Place.of(event.address, event.port))
            case StreamHeard(stream=stream) if stream in self._streams:
                self._streams[stream].go_on(_sender_of(event.address, event.port, event.ssrc))
            case _:
                pass


def _sender_of(address: str, port: int, ssrc: int) -> Sender:
    return Sender(Source(Place.of(address, port).address, port), ssrc)


def heard_of(senders: HeardSenders | msgspec.UnsetType, packets: Packets, position: int) -> Mask:
    """Which packets of a frame are heard; shape (n,). `position` is the frame's."""
    if senders is msgspec.UNSET:
        return np.ones(len(packets), np.bool_)
    return _heard_among(senders.turns, packets, position)


def _heard_among(turns: Sequence[SenderTurn], packets: Packets, position: int) -> Mask:
    keys = packet_keys(position, len(packets))
    begins = [turn.key for turn in turns]
    first = max(bisect_right(begins, int(keys[0])) - 1, 0)
    data = np.frombuffer(packets.data, np.uint8)
    ssrcs, is_media = ssrcs_at(data, packets.starts, packets.lengths)
    heard = np.zeros(len(packets), np.bool_)
    for turn in turns[first : bisect_right(begins, int(keys[-1]))]:
        sender = _sender_of(turn.address, turn.port, turn.ssrc)
        own = np.array([source == sender.source for source in packets.sources], np.bool_)
        its = own[packets.source_index] & (ssrcs == sender.ssrc)
        heard = np.where(keys >= turn.key, its, heard)
    heard |= ~is_media
    return heard
