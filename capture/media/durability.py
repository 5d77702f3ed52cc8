"""When what was written is safe against power failure: syncs and last renames, beside the sweep.

One thread per worker; the sweep never waits for a disk's cache. Knows nothing of frames or keys.
"""

import errno
import os
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from capture.holder.kernel import syncfs
from capture.media.open_part import publish
from capture.media.spool_trial import SpoolTrial

SYNC_PERIOD_S: Final = 0.5
# Above this, one syncfs costs less than a sync per part, whatever else lies on the volume.
MAX_SINGLE_SYNCS: Final = 100


@dataclass(frozen=True, slots=True)
class FinishedPart:
    """A part whose final segment is written: sync it, give it its last name, say so."""

    descriptor: int
    path: Path
    token: object


class Syncer:
    """Syncs a spool every half second and publishes finished parts, in their order."""

    def __init__(
        self,
        volumes: Sequence[Path],
        *,
        whole_file_system: bool,
        open_parts: Callable[[], list[int]],
        trial: SpoolTrial | None = None,
    ) -> None:
        self._paths = tuple(volumes)
        self._volumes = [_opened(volume) for volume in volumes]
        self._trial = trial or SpoolTrial(self._paths)
        self._whole = whole_file_system
        self._open_parts = open_parts
        self._waiting: deque[FinishedPart] = deque()
        self._stop = threading.Event()
        self.published: deque[object] = deque()
        self.failure: OSError | None = None
        self._thread = threading.Thread(target=self._run, name="spool sync")

    def start(self) -> None:
        """Begin; the thread ends with `stop`."""
        self._thread.start()

    def finish(self, finished: FinishedPart) -> None:
        """Hand over a part that nobody writes any more."""
        self._waiting.append(finished)

    def stop(self) -> None:
        """Publish what waits and end."""
        self._stop.set()
        self._thread.join()
        for volume in self._volumes:
            os.close(volume)

    @property
    def trouble(self) -> str:
        """Why the spool takes nothing now; "" while it does."""
        return self._trial.trouble

    def _run(self) -> None:
        self._trial.make()
        while not self._stop.wait(SYNC_PERIOD_S):
            self._trial.begin()
            self._round()
            self._trial.make()
        self._round()

    def _round(self) -> None:
        try:
            self._publish_waiting()
            self._sync_open()
        except OSError as error:
            self.failure = error

    def _sync_open(self) -> None:
        """All at once where the file system is ours or parts are many, else one by one."""
        parts = self._open_parts()
        if self._whole or len(parts) > MAX_SINGLE_SYNCS:
            for at in range(len(self._volumes)):
                self._sync_volume(at)
            return
        for descriptor in parts:
            try:
                os.fdatasync(descriptor)
            except OSError as error:
                if error.errno != errno.EBADF:  # finished by the sweep in the meantime
                    raise

    def _sync_volume(self, at: int) -> None:
        """One file system; after a failure the one that lies at the path from now on.

        A descriptor holds on to a file system that was mounted anew, and fails for ever.
        """
        try:
            syncfs(self._volumes[at])
        except OSError:
            with suppress(OSError):
                fresh = _opened(self._paths[at])
                os.close(self._volumes[at])
                self._volumes[at] = fresh
            raise

    def _publish_waiting(self) -> None:
        while self._waiting:
            part = self._waiting.popleft()
            try:
                publish(part.descriptor, part.path)
            except OSError as error:
                self.failure = error  # the keeper takes the part as it is; the call is over
            self.published.append(part.token)


def _opened(volume: Path) -> int:
    return os.open(volume, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
