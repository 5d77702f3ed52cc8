"""Parts of live recordings on their volumes: opened, rolled over, ended.

Decides which file a recording is written to. Knows nothing of sockets or packets.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

from archive.format.end import End, Lost
from archive.ids import RecordingId
from capture.media.durability import FinishedPart, Syncer
from capture.media.live import LiveRecording
from capture.media.open_part import OpenPart, PartOf, SealingBench, WriteFailed, Writer, take_back

# END lists this many losses; its counts are complete all the same.
MAX_LISTED_LOSSES: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLimits:
    """When a part ends although its call goes on."""

    max_s: float
    max_bytes: int


class Parts:
    """The open parts of one worker; `volumes` are tried in order as they fail."""

    def __init__(
        self,
        volumes: tuple[Path, ...],
        writer: Writer,
        bench: SealingBench,
        limits: PartLimits,
        wall_us: Callable[[], int],
    ) -> None:
        self._volumes, self._writer, self._bench = volumes, writer, bench
        self._limits, self.wall_us = limits, wall_us
        self._volume = 0
        self.syncers: list[Syncer] = []
        # Tells signalling, which outlives this process, that a number is used up.
        self.announce: Callable[[RecordingId, int], None] = lambda _recording, _part: None

    def open(self, live: LiveRecording) -> OpenPart:
        """C1 of the next part of a recording; raises `WriteFailed` where no volume takes it."""
        what = PartOf(
            recording=live.recording,
            tenant=live.tenant,
            part=live.next_part,
            created_us=self.wall_us(),
        )
        part = self._create(self._taken_back(what))
        if part.what.part > 0:
            live.unwritten[:] = live.events
        live.part, live.next_part = part, part.what.part + 1
        return part

    def _create(self, what: PartOf) -> OpenPart:
        """Never reopen a part: where its name is taken, it is another writer's.

        While the trial write fails, no recording tries: a key for each of thousands of parts that
        cannot be begun, in every sweep, would take the time of those who only pass packets on.
        """
        if any(syncer.trouble for syncer in self.syncers):
            raise WriteFailed("no volume takes a trial write")
        for attempt in range(self._volume, len(self._volumes)):
            self._volume = attempt
            try:
                return self._create_on(self._volumes[attempt], what)
            except (OSError, WriteFailed):
                continue
        self._volume = 0
        raise WriteFailed("no volume takes a new part")

    def _taken_back(self, what: PartOf) -> PartOf:
        """With the number of a writer who died before his part held a key."""
        for part in range(max(0, what.part - 1), what.part + 1):
            name = replace(what, part=part).header(self._writer.node).relative_name()
            for path in (volume / name for volume in self._volumes):
                with suppress(OSError):
                    if take_back(path):
                        return replace(what, part=part)
        return what

    def _create_on(self, volume: Path, what: PartOf) -> OpenPart:
        while True:
            if not self._is_taken(what):
                # Said before a key is in it: whoever finds us dead must not use this number.
                use_up = partial(self.announce, what.recording, what.part)
                with suppress(FileExistsError):
                    return OpenPart(volume, what, self._writer, self._bench, use_up)
            what = replace(what, part=what.part + 1)

    def _is_taken(self, what: PartOf) -> bool:
        """Whether a part of this number is there, on any volume, finished or not."""
        open_name = what.header(self._writer.node).relative_name()
        names = (open_name, f"{open_name}.sealed")
        return any(_is_there(volume / name) for volume in self._volumes for name in names)

    def volume_failed(self, recordings: list[LiveRecording]) -> None:
        """A sync failed: what was written may be gone; go on elsewhere."""
        self._volume = min(self._volume + 1, len(self._volumes) - 1)
        for live in recordings:
            if live.part is not None:
                live.part.abandon()
                live.part = None
                live.forget_counts()
                live.unwritten[:] = live.events  # so that a silent call goes on as well

    def end(self, live: LiveRecording, reason: str, *, last: bool) -> bool:
        """C4: END, final segment; the syncer does the rest, then gives back the recording's id.

        False where nothing is left to publish.
        """
        part, live.part = live.part, None
        if part is None:
            return False
        lost = [Lost(m.stream, m.from_us, m.until_us, m.packets) for m in live.lost]
        end = End(
            reason=reason,
            segments=part.segments + 1,
            packets=live.take_counts(),
            lost=tuple(lost[:MAX_LISTED_LOSSES]),
            last=last,
        )
        live.lost.clear()
        try:
            part.finish(end, self.wall_us())
        except WriteFailed:
            os.close(part.descriptor)
            return False
        token = live.recording.raw if last else None
        self.syncers[0].finish(FinishedPart(part.descriptor, part.path, token))
        return True

    def discard(self, live: LiveRecording) -> bool:
        """Leave nothing of a recording of which no packet came; False where there is more.

        Of one that another process has begun too nobody knows what came.
        """
        part = live.part
        if live.is_evidence or live.waits or not live.is_silent:
            return False
        if part is None:
            return live.next_part == 0
        if part.what.part > 0:
            return False
        try:
            part.path.unlink()
        except OSError:
            return False
        part.abandon()
        live.part = None
        return True

    def roll_over(self, live: LiveRecording) -> None:
        """End a part that is old or large enough; the next sweep opens the next one.

        Not one that holds events alone: there may be nothing to keep of its recording.
        """
        part = live.part
        if part is None or live.is_silent:
            return
        age_s = (self.wall_us() - part.what.created_us) / 1e6
        if age_s > self._limits.max_s:
            self.end(live, "length", last=False)
        elif part.bytes_written >= self._limits.max_bytes:
            self.end(live, "size", last=False)


def _is_there(path: Path) -> bool:
    """False also on a volume that cannot be read: another one may take the part."""
    try:
        path.lstat()
    except OSError:
        return False
    return True
