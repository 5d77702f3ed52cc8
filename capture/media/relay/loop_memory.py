"""What both loops of a relay look at of its ends: an entry for each pair, in one piece of memory.

`OutgoingNumbers` and `Arrivals` of an end are views of its entry, so neither loop has a copy. Knows
nothing of how packets move.
"""

import resource
import socket
from collections.abc import Sequence
from ctypes import Array, addressof, c_uint32
from typing import Final

from capture.media.relay.compiled_keys import Keys, NoKeys
from capture.media.relay.kernel_addresses import NO_KEY, Key
from capture.media.relay.live_calls import RelayEnd
from capture.media.relay.outgoing_stream import OutgoingNumbers
from capture.media.relay.payload_types import LOOK
from capture.native.layout import KINDS, LOOKED_AT, NO_END, Arrivals, LoopEnd, Turn

# Of a process whose limit is none; one beyond is Python's to read.
MAX_DESCRIPTORS: Final = 1 << 20


class LoopMemory:
    """The ends of `pairs` pairs, and by descriptor whose each is; unused ones cost no memory."""

    def __init__(self, pairs: int) -> None:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.descriptors = min(soft, MAX_DESCRIPTORS) if soft >= 0 else MAX_DESCRIPTORS
        self.by_pair: Array[LoopEnd] = (LoopEnd * pairs)()
        self.end_of: Array[c_uint32] = (c_uint32 * self.descriptors)()
        self.keys: Keys = NoKeys()

    def begin(self, pair: int, voice: OutgoingNumbers) -> tuple[OutgoingNumbers, Arrivals, Turn]:
        """The numbers of an end that begins with those of `voice`, in this memory."""
        at = addressof(self.by_pair[pair]) - addressof(self.by_pair)
        self.keys.forget(self.by_pair[pair])
        self.by_pair[pair] = LoopEnd(voice=voice)
        return (
            OutgoingNumbers.from_buffer(self.by_pair, at + LoopEnd.voice.offset),
            Arrivals.from_buffer(self.by_pair, at + LoopEnd.arrivals.offset),
            Turn.from_buffer(self.by_pair, at + LoopEnd.turn.offset),
        )

    def show(self, end: RelayEnd) -> None:
        """Have the compiled loop carry what is plain of this end as it is now, or nothing."""
        loop_end = self.by_pair[end.pair]
        loop_end.owner, loop_end.lands, loop_end.is_wide = end.owner, end.lands, end.places.is_wide
        loop_end.descriptor, loop_end.hearer = end.descriptor, end.other.wanted.pair
        loop_end.latched[:] = _words(end.latched)
        loop_end.kinds[:] = [LOOKED_AT if kind == LOOK else kind for kind in end.kinds[:KINDS]]
        name = b"" if end.target is None else end.places.target_name(end.target)
        loop_end.target_bytes, loop_end.target[: len(name)] = len(name), name
        loop_end.is_carried = end.passes and end.latched != NO_KEY
        loop_end.opens, loop_end.seals = end.opener is not None, end.sealer is not None
        self.keys.seal(loop_end, end.sealer)
        if end.descriptor < self.descriptors:
            self.end_of[end.descriptor] = end.pair + 1

    def follow(self, end: RelayEnd) -> None:
        """Python has taken packets of it: have the compiled loop go on with the key that fitted."""
        loop_end = self.by_pair[end.pair]
        if end.opener is not None and loop_end.opener_key != loop_end.turn.key:
            self.keys.open(loop_end, end.opener)

    def end(self, end: RelayEnd) -> None:
        """Its call is over: nothing of it is carried."""
        loop_end = self.by_pair[end.wanted.pair]
        loop_end.is_carried = 0
        self.keys.forget(loop_end)
        if end.rtp.fileno() < self.descriptors:
            self.end_of[end.rtp.fileno()] = NO_END


def _words(key: Key) -> Sequence[int]:
    """As `relay_loop.c` compares names: of IPv6 the family stands beside the port."""
    if isinstance(key, int):
        return (key, 0, 0)
    port, low, high = key
    return (port << 16 | socket.AF_INET6, low, high)
