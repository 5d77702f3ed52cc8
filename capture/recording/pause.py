"""A pause of a recording as a value, and the events that tell of it.

Pure. Knows nothing of who asks, nor of what a worker does.
"""

from typing import Final, Literal

import msgspec

from archive.call.events import RecordingPaused, RecordingResumed, ResumedBecause

_MICRO: Final = 1_000_000


class Pause(msgspec.Struct, frozen=True, kw_only=True):
    """A span of which nothing is kept, and who asked for it; it ends by itself unless `is_final`.

    One that is final lasts as long as its call, and nobody ends it.

    `began_us` and `ended_us` are the worker's, 0 until it has told them. `over` is why it is to
    end, "" while it lasts.
    """

    serial: int
    by: str
    reason: str
    asked_us: int
    is_final: bool = False
    began_us: int = 0
    over: ResumedBecause | Literal[""] = ""
    over_by: str = ""
    ended_us: int = 0

    def is_late(self, now_us: int, limit_s: int) -> bool:
        """Has it lasted as long as one may?"""
        lasts_us = now_us - (self.began_us or self.asked_us)
        return not self.is_final and lasts_us >= limit_s * _MICRO

    def begun(self, at_us: int) -> "Pause":
        """Nothing is kept from this moment on."""
        return msgspec.structs.replace(self, began_us=at_us)

    def asked_over(self, because: ResumedBecause, by: str) -> "Pause":
        """It is to end as soon as the worker hears of it."""
        return msgspec.structs.replace(self, over=because, over_by=by)

    def ended(self, because: ResumedBecause, at_us: int) -> "Pause":
        """What arrives from this moment on is kept again."""
        return msgspec.structs.replace(self, over=because, ended_us=at_us)

    def paused(self) -> RecordingPaused:
        """The event of its begin."""
        return RecordingPaused(
            at_us=self.began_us, serial=self.serial, by=self.by, reason=self.reason
        )

    def resumed(self) -> RecordingResumed:
        """The event of its end."""
        return RecordingResumed(
            at_us=self.ended_us, serial=self.serial, by=self.over_by, because=self.over or "asked"
        )
