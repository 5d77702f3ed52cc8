"""What both loops of a relay look at of its ends: a leg for each pair, in one piece of memory.

`Voice` and `Arrivals` of an end are views of its leg, so neither loop has a copy. Knows nothing of
how packets move.
"""

import resource
import socket
from collections.abc import Sequence
from ctypes import Array, addressof, c_uint32
from typing import Final

from capture.media.relay.compiled_keys import Keys, NoKeys
from capture.media.relay.kernel_addresses import NO_KEY, Key
from capture.media.relay.live_calls import RelayEnd
from capture.media.relay.outgoing_stream import Voice
from capture.media.relay.payload_types import LOOK
from capture.native.layout import KINDS, LOOKED_AT, NO_LEG, Arrivals, Leg, Turn

# Of a process whose limit is none; one beyond is Python's to read.
MAX_DESCRIPTORS: Final = 1 << 20


class Legs:
    """The legs of `pairs` pairs, and by descriptor whose each is; unused ones cost no memory."""

    def __init__(self, pairs: int) -> None:
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        self.descriptors = min(soft, MAX_DESCRIPTORS) if soft >= 0 else MAX_DESCRIPTORS
        self.by_pair: Array[Leg] = (Leg * pairs)()
        self.leg_of: Array[c_uint32] = (c_uint32 * self.descriptors)()
        self.keys: Keys = NoKeys()

    def begin(self, pair: int, voice: Voice) -> tuple[Voice, Arrivals, Turn]:
        """The numbers of an end that begins with those of `voice`, in this memory."""
        at = addressof(self.by_pair[pair]) - addressof(self.by_pair)
        self.keys.forget(self.by_pair[pair])
        self.by_pair[pair] = Leg(voice=voice)
        return (
            Voice.from_buffer(self.by_pair, at + Leg.voice.offset),
            Arrivals.from_buffer(self.by_pair, at + Leg.arrivals.offset),
            Turn.from_buffer(self.by_pair, at + Leg.turn.offset),
        )

    def show(self, end: RelayEnd) -> None:
        """Have the compiled loop carry what is plain of this end as it is now, or nothing."""
        leg = self.by_pair[end.pair]
        leg.owner, leg.lands, leg.is_wide = end.owner, end.lands, end.places.is_wide
        leg.descriptor, leg.hearer = end.descriptor, end.other.wanted.pair
        leg.latched[:] = _words(end.latched)
        leg.kinds[:] = [LOOKED_AT if kind == LOOK else kind for kind in end.kinds[:KINDS]]
        name = b"" if end.target is None else end.places.target_name(end.target)
        leg.target_bytes, leg.target[: len(name)] = len(name), name
        leg.is_carried = end.passes and end.latched != NO_KEY
        leg.opens, leg.seals = end.opening is not None, end.sealing is not None
        self.keys.seal(leg, end.sealing)
        if end.descriptor < self.descriptors:
            self.leg_of[end.descriptor] = end.pair + 1

    def follow(self, end: RelayEnd) -> None:
        """Python has taken packets of it: have the compiled loop go on with the key that fitted."""
        leg = self.by_pair[end.pair]
        if end.opening is not None and leg.opener_key != leg.turn.key:
            self.keys.open(leg, end.opening)

    def end(self, end: RelayEnd) -> None:
        """Its call is over: nothing of it is carried."""
        leg = self.by_pair[end.wanted.pair]
        leg.is_carried = 0
        self.keys.forget(leg)
        if end.rtp.fileno() < self.descriptors:
            self.leg_of[end.rtp.fileno()] = NO_LEG


def _words(key: Key) -> Sequence[int]:
    """As `relay_loop.c` compares names: of IPv6 the family stands beside the port."""
    if isinstance(key, int):
        return (key, 0, 0)
    port, low, high = key
    return (port << 16 | socket.AF_INET6, low, high)
