"""Two relays that hear the same, one with each loop, and what there is to compare of them.

Sockets are real, each relay has its own; places are told apart by whose they are.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec

from capture.links.relay_messages import RelayCall, RelayHello
from capture.media.relay.kernel_addresses import NO_KEY, Key
from capture.media.relay.live_calls import RelayEnd
from capture.media.relay.srtp import SrtpOpener
from capture.native.choice import LoopWord
from capture.native.layout import VoiceNumbers
from tests.capture.media import scene
from tests.capture.media.relay_scene import Party, Stage, stage_on

LOOPS: Final[tuple[LoopWord, ...]] = ("python", "native")
CALLER, CALLEE, STRANGER = range(3)
PAIR_OF: Final = (0, 1, 0)
BEGUN_S: Final = 1_000.0
BEGUN_US: Final = 1_795_564_800_000_000


@dataclass
class Twin:
    """One of the two: its stage, a stranger, and what it has said and sent since it was asked."""

    stage: Stage
    stranger: Party
    seen: int = 0

    @property
    def parties(self) -> tuple[Party, Party, Party]:
        return (self.stage.caller, self.stage.callee, self.stranger)

    def begin(self, wanted: RelayCall) -> None:
        """A call, beside no other one, at the same moment as ever."""
        self.stage.now_s, self.stage.wall_us = BEGUN_S, BEGUN_US
        for live in list(self.stage.relay.roster.calls.values()):
            self.stage.relay.roster.gone(live.wanted.call)
        self.stage.relay.roster.now_s = BEGUN_S
        self.stage.relay.roster.call(wanted)
        self.sent()
        self.seen = self.stage.ring.head

    def hear(self, who: int, datagrams: list[bytes]) -> None:
        """What one of the three says at once."""
        address = (self.stage.node.plan.rtp_bind, self.stage.node.port(PAIR_OF[who]))
        for datagram in datagrams:
            self.parties[who].rtp.sendto(datagram, address)
        self.stage.turn()

    def sent(self) -> list[list[bytes]]:
        """What each of the three was sent."""
        return [list(_received(party.rtp)) for party in self.parties]

    def landed(self) -> list[tuple[int, int, int, bytes, str]]:
        """What is new in the ring: owner, flags, length, datagram, and whose it is."""
        ring, found = self.stage.ring, []
        for at in range(self.seen, ring.head):
            slot = at % len(ring.owners[: 1 << 17])
            owner, flags = int(ring.owners[slot]), int(ring.headers[slot, 12])
            length = int(ring.headers[slot, 14])
            key = self.ends[0].places.key_of(ring.name_rows[slot].tobytes())
            whose = self.whose(key) if owner else ""
            found.append((owner, flags, length, ring.datagram(slot, length), whose))
        self.seen = ring.head
        return found

    @property
    def ends(self) -> tuple[RelayEnd, RelayEnd]:
        by_pair = self.stage.relay.roster.by_pair
        return (by_pair[0], by_pair[1])

    def whose(self, key: Key) -> str:
        """The name of a place."""
        names = ("caller", "callee", "stranger")
        places = self.ends[0].places
        known = {
            places.key(party.place): name for party, name in zip(self.parties, names, strict=True)
        }
        return "nobody" if key == NO_KEY else known.get(key, "elsewhere")

    def state(self) -> list[dict[str, object]]:
        """Of both ends all that packets change, but for jitter: the kernel's times differ."""
        return [self._state_of(end) for end in self.ends]

    def _state_of(self, end: RelayEnd) -> dict[str, object]:
        source_latch, sealer = end.source_latch, end.sealer
        return {
            "voice": {name: getattr(end.voice, name) for name, *_ in VoiceNumbers._fields_},
            "heard": end.arrivals.heard_s,
            "latched": self.whose(source_latch.key),
            "strangers": {self.whose(key): count for key, count in source_latch.strangers.items()},
            "next": self.stage.table.next_index[end.pair],
            "missed": int(self.stage.table.missed[end.pair]),
            "restless": end.is_restless,
            "opened": None if end.opener is None else opened(end.opener),
            "left out": None if sealer is None else sorted(sealer._passed_over._indices),
        }

    def says(self) -> list[msgspec.Struct]:
        """What signalling is told, without places and loops, which are each one's own."""
        return [
            msgspec.structs.replace(each, place=None) if hasattr(each, "place") else each
            for each in self.stage.says()
            if not isinstance(each, RelayHello)
        ]


def opened(opening: SrtpOpener) -> list[tuple[object, ...]]:
    """Of each key in order, of each source: the highest index and what was left out."""
    last = None if opening._last is None else opening._last[1]
    return [
        (
            key.direction.master.key,
            {
                ssrc: (
                    opening.turn.highest if heard is last else heard.highest,
                    sorted(heard._passed_over._indices),
                )
                for ssrc, heard in key._heard.items()
            },
        )
        for key in opening._keys
    ]


@contextmanager
def twins(folder: Path) -> Iterator[tuple[Twin, Twin]]:
    """One with each loop."""
    with ExitStack() as stack:
        made = []
        for loop in LOOPS:
            (folder / loop).mkdir()
            node = stack.enter_context(_node(folder / loop))
            stage = stack.enter_context(stage_on(node, folder / loop, loop))
            stage.connect()
            made.append(Twin(stage, stage.party()))
        yield made[0], made[1]


@contextmanager
def _node(folder: Path) -> Iterator[scene.Node]:
    made = scene.node(folder)
    try:
        yield made
    finally:
        made.close()


def _received(sock: socket.socket) -> Iterator[bytes]:
    while scene.readable(sock, 0.0):
        yield sock.recv(4096)
