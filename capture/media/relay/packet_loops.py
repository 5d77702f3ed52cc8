"""The two loops of a relay: who waits for packets, and takes those that are plain.

Both leave to `other` what is no end's audio. Know nothing of what packets are.
"""

import ctypes
import time
from collections.abc import Callable
from ctypes import CDLL, c_bool, c_double
from typing import Final, Protocol

from capture.holder.relay_buffer import RELAY_SLOTS, RelayRing
from capture.holder.relay_table import RelayTable
from capture.media.relay.compiled_keys import keys_of
from capture.media.relay.packet_forwarder import PacketForwarder
from capture.media.relay.roster import RelayRoster
from capture.native.choice import LoopChoice
from capture.native.layout import MAX_READY, Loop

# After packets the next ones may gather for so long: half of the work of a wake-up is the waking.
GATHER_S: Final = 0.001
Ready = list[tuple[int, int]]
Other = Callable[[int], None]


class PacketLoop(Protocol):
    """What a relay waits in; `waited_s` is how long it has, so far."""

    @property
    def waited_s(self) -> float:
        """Seconds without work, ever."""

    def turn(self, until_s: float) -> float:
        """Take packets, and wait for them until `until_s` at most; the time it is then."""

    def hear(self, ready: Ready, now_s: float) -> None:
        """Take what the sockets hold that are ready."""


class PythonLoop:
    """Every packet in Python; what comes in a millisecond is taken together."""

    def __init__(self, roster: RelayRoster, forwarder: PacketForwarder, other: Other) -> None:
        self._roster, self._forwarder, self._other = roster, forwarder, other
        self._gathers = False
        self.waited_s = 0.0

    def turn(self, until_s: float) -> float:
        """Take packets, and wait for them until `until_s` at most; the time it is then."""
        began_s = time.monotonic()
        if self._gathers:
            time.sleep(GATHER_S)
        ready = self._roster.epoll.poll(max(0.0, until_s - time.monotonic()))
        self._gathers = bool(ready)
        now_s = time.monotonic()
        self.waited_s += now_s - began_s
        self.hear(ready, now_s)
        return now_s

    def hear(self, ready: Ready, now_s: float) -> None:
        """Take what the sockets hold that are ready."""
        self._roster.now_s = now_s
        by_rtp, hear = self._roster.by_rtp, self._forwarder.hear
        for descriptor, _ in ready:
            end = by_rtp.get(descriptor)
            if end is not None:
                hear(end, now_s)
            else:
                self._other(descriptor)


class NativeLoop:
    """Plain packets in C, each as soon as it is there; a call ends with what is Python's."""

    def __init__(
        self, library: CDLL, roster: RelayRoster, forwarder: PacketForwarder, other: Other
    ) -> None:
        self._roster, self._forwarder, self._other = roster, forwarder, other
        self._loop = _loop_on(forwarder.ring, forwarder.table, roster)
        self._at = ctypes.byref(self._loop)
        roster.memory.keys = keys_of(library)
        self._run, self._carry = library.rokuon_run, library.rokuon_carry
        for function in (self._run, self._carry):
            function.restype, function.argtypes = c_bool, (ctypes.POINTER(Loop), c_double)

    @property
    def waited_s(self) -> float:
        """Seconds without work, ever."""
        return self._loop.waited_s

    def turn(self, until_s: float) -> float:
        """Take packets, and wait for them until `until_s` at most; the time it is then."""
        is_handed = self._run(self._at, until_s)
        now_s = self._loop.now_s
        self._roster.now_s = now_s
        if is_handed:
            self._take(now_s)
        return now_s

    def hear(self, ready: Ready, now_s: float) -> None:
        """Take what the sockets hold that are ready."""
        self._roster.now_s = now_s
        loop = self._loop
        for first in range(0, len(ready), MAX_READY):
            descriptors = [descriptor for descriptor, _ in ready[first : first + MAX_READY]]
            loop.ready[: len(descriptors)] = descriptors
            loop.next, loop.ready_count = 0, len(descriptors)
            while self._carry(self._at, now_s):
                self._take(now_s)

    def _take(self, now_s: float) -> None:
        """What was handed back: a packet that was read, or a socket that was not."""
        loop = self._loop
        end = self._roster.by_rtp.get(loop.descriptor)
        if end is None:
            self._other(loop.descriptor)
            return
        if loop.is_read:
            self._forwarder.go_on(end, loop.slot, 1, now_s)
        else:
            self._forwarder.hear(end, now_s)
        self._roster.memory.follow(end)


def _loop_on(ring: RelayRing, table: RelayTable, roster: RelayRoster) -> Loop:
    """The loop's memory, with where everything lies; who has made it keeps all of it alive."""
    memory = roster.memory
    return Loop(
        **{name: ring.address(name) for name in ("words", "headers", "names", "controls", "small")},
        owners=ring.address("owner"),
        next_index=table.next_index_address,
        ends=ctypes.addressof(memory.by_pair),
        end_of=ctypes.addressof(memory.end_of),
        slots=RELAY_SLOTS,
        end_count=len(memory.by_pair),
        descriptors=memory.descriptors,
        epoll=roster.epoll.fileno(),
    )


def loop_of(
    choice: LoopChoice, roster: RelayRoster, forwarder: PacketForwarder, other: Other
) -> PacketLoop:
    if choice.library is None:
        return PythonLoop(roster, forwarder, other)
    return NativeLoop(choice.library, roster, forwarder, other)
