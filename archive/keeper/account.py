"""What a part amounts to: every tag verified in one pass, its adoption and its time map drawn up.

Knows nothing of the spool, of the order of steps, or of who keeps the data key.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from archive.call.adoption import Adoption, LostRange, PartStreams, StreamPackets
from archive.call.events import Event
from archive.disk.store import StoredObject
from archive.errors import RecordingCut, RecordingDamaged
from archive.format.end import RECOVERED, UNKNOWN_PACKETS, End, Gap, GapCause
from archive.format.frames import RTCP_FLAG, WHOLE_RECORDING, Frame, FrameKind
from archive.format.packets import PacketsHeads, decode_packets
from archive.format.part_reader import PartReader
from archive.format.runs import FrameRun
from archive.reading.map_builder import build_map_of_what_is_left, read_event
from archive.reading.timemap import TimeMap, streams_of


class PartAccount:
    """Counts a part's frames as they pass on their way to the map.

    Damage is counted too where the keeper itself closed the part: a power cut may leave holes
    before the last segment that reached the disk. Any other damage is raised.
    """

    def __init__(self, reader: PartReader) -> None:
        self._reader = reader
        self.events: Final[list[tuple[int, Event]]] = []
        self.damages: Final[list[RecordingDamaged]] = []
        self.streams = PartStreams()
        self._packets: dict[int, int] = {}
        self._rtp: dict[int, int] = {}
        self._gaps: list[LostRange] = []
        self._first_us: int | None = None
        self._latest: dict[int, Frame] = {}
        self._is_counted = False

    @property
    def plain_bytes(self) -> int:
        """Length of the plaintext."""
        return self._reader.plain_bytes

    def runs_with_damage(self) -> Iterator[FrameRun | RecordingDamaged]:
        """The part's frames, counted as they pass; once, however often they are read."""
        is_counted, self._is_counted = self._is_counted, True
        for item in self._reader.runs_with_damage():
            yield item  # The map checks a payload before it is counted.
            if is_counted:
                continue
            if isinstance(item, FrameRun):
                self._take(item)
            else:
                self.damages.append(item)

    def _take(self, run: FrameRun) -> None:
        for index in np.flatnonzero(run.kinds == FrameKind.EVENT).tolist():
            frame = run.frame(index)
            self.events.append((frame.serial, read_event(frame)))
        for index in np.flatnonzero(run.kinds == FrameKind.GAP).tolist():
            frame = run.frame(index)
            gap = Gap.decode(frame.payload, frame.position)
            if gap.cause is not GapCause.PAUSED:  # what nobody wanted to keep is not lost
                self._gaps.append(_lost(frame.stream, gap.from_us, gap.until_us, gap.packets))
        packets = run.pick(run.kinds == FrameKind.PACKETS)
        if len(packets):
            self._take_packets(packets)

    def _take_packets(self, run: FrameRun) -> None:
        counts = PacketsHeads.read(run).packets
        series = 2 * run.streams + (run.flags & RTCP_FLAG)
        for one in np.unique(series).tolist():
            own, (stream, is_rtcp) = np.flatnonzero(series == one), divmod(one, 2)
            count = int(counts[own].sum())
            self._packets[stream] = self._packets.get(stream, 0) + count
            if not is_rtcp:
                self._rtp[stream] = self._rtp.get(stream, 0) + count
            self._latest[one] = run.frame(int(own[-1]))
        first_us = int(run.at_us.min())
        self._first_us = min(first_us, self._first_us or first_us)

    def check(self) -> End:
        """END, and that it tells the truth; raises the part's damage where it is not excused."""
        end = self._reader.end()
        if end is None:
            raise RecordingCut("the part has no end")
        if self.damages and end.reason != RECOVERED:
            raise self.damages[0]
        if end.segments != self._reader.segments:
            raise RecordingCut("the end counts other segments than there are")
        told = {stream: count for stream, count in end.packets.items() if count}
        if not self.damages and told != self._rtp:
            raise RecordingCut("the end counts other packets than there are")
        return end

    def adoption(self, end: End, stored: StoredObject, map_path: str) -> Adoption:
        """What the catalog is told; `end` is what `check` gave."""
        header = self._reader.header
        first_us = header.created_us if self._first_us is None else self._first_us
        last_us = max([first_us, *self._last_arrivals_us()])
        return Adoption(
            part_name=header.part_name,
            tenant=header.tenant,
            node=header.node,
            key_id=header.key,
            path=stored.name,
            map_path=map_path,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            segments=self._reader.segments,
            created_us=header.created_us,
            first_us=first_us,
            last_us=last_us,
            events=tuple(self.events),
            packets=tuple(
                StreamPackets(stream=stream, packets=count)
                for stream, count in sorted(self._packets.items())
            ),
            lost=self._lost(end, _somewhere(first_us, last_us)),
            end_reason=end.reason,
            is_last=end.last,
            streams=self.streams,
        )

    def _last_arrivals_us(self) -> Iterator[int]:
        """Frames of a stream follow one another in time, so its latest one holds the last."""
        for frame in self._latest.values():
            yield int(decode_packets(frame).arrivals_us.max())

    def _lost(self, end: End, within: LostRange) -> tuple[LostRange, ...]:
        """END lists its writer's gaps; the keeper's END only the one behind the last frame.

        What damage took with it lay somewhere `within` the part.
        """
        told = tuple(
            _lost(lost.stream, lost.from_us, lost.until_us, lost.count) for lost in end.lost
        )
        holes = (within,) if self.damages else ()
        return (*self._gaps, *holes, *told) if end.reason == RECOVERED else told


def read_account(reader: PartReader, leaf_salt: bytes) -> tuple[PartAccount, TimeMap]:
    """Read a part once: open all of it, count it, map it. Raises `RecordingDamaged`.

    What it amounts to is to be believed after `check`.
    """
    account = PartAccount(reader)
    time_map = build_map_of_what_is_left(account, leaf_salt)
    account.streams = streams_of(time_map)
    return account, time_map


def _lost(stream: int, from_us: int, until_us: int, packets: int) -> LostRange:
    known = None if packets == UNKNOWN_PACKETS else packets
    return LostRange(stream=stream, from_us=from_us, until_us=until_us, packets=known)


def _somewhere(first_us: int, last_us: int) -> LostRange:
    """A range that has an end, however short."""
    return LostRange(
        stream=WHOLE_RECORDING, from_us=first_us, until_us=max(last_us, first_us + 1), packets=None
    )
