"""What tests of render share."""

import struct
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np

from archive.format.frames import HEAD_BYTES, Frame
from archive.format.runs import run_of
from archive.reading.map_builder import MapBuilder
from archive.reading.render import Renderer
from archive.reading.timeline import build_timeline
from tests.archive.reading.scenes import SALT, Packet, frame_of, number


@dataclass(slots=True)
class Shown:
    """Frames as a part's reader gives them, and what was asked."""

    frames_held: list[Frame]
    asked: list[tuple[int, int | None]] = field(default_factory=list)

    def frames(self, start: int = 0, stop: int | None = None) -> Iterable[Frame]:
        self.asked.append((start, stop))
        assert stop is not None
        return [frame for frame in self.frames_held if start <= frame.position < stop]


def renderer(packets: list[Packet], per_frame: int = 20) -> tuple[Renderer, Shown]:
    builder, held, position = MapBuilder(SALT), list[Frame](), 0
    numbered = number(packets)
    for first in range(0, len(numbered), per_frame):
        frame = replace(frame_of(numbered[first : first + per_frame]), position=position)
        position += HEAD_BYTES + len(frame.payload)
        builder.add(run_of([frame]))
        held.append(frame)
    shown = Shown(held)
    return Renderer(build_timeline([builder.finish(position)]), [shown]), shown


def chaos(seed: int) -> list[Packet]:
    """Two sources that jump, repeat, reorder, restart and lie about lengths."""
    rng = np.random.default_rng(seed)
    clock, packets = 1_795_000_000_000_000, []
    sequence, stamp = 60_000, (1 << 32) - 40_000
    for _ in range(300):
        clock += int(rng.choice([1_000, 20_000, 20_000, 20_000, 700_000, 4_000_000], p=_ODDS))
        sequence += int(rng.choice([1, 1, 1, -3, 5_000, 0]))
        stamp += int(rng.choice([160, 160, 160, -480, 80_000, 400_000, 2_000]))
        head = struct.pack(
            ">BBHII", 0x80, 0, sequence % 65536, stamp % (1 << 32), int(rng.choice([1, 1, 1, 2]))
        )
        size = int(rng.choice([160, 160, 160, 0, 400]))
        body = rng.integers(0, 256, size).astype(np.uint8).tobytes()
        packets.append(Packet(arrival_us=clock, datagram=head + body))
    return packets


_ODDS = [0.1, 0.3, 0.3, 0.2, 0.08, 0.02]
