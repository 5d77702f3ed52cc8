"""Whether a call that nobody hangs up still is: its hold, and what its peers were asked.

Pure. Knows nothing of packets, nor of what a peer answers.
"""

from typing import Final

import msgspec

# A proxy that starts anew is back by then; a call that may be over waits no longer to be found out.
ASK_AGAIN_US: Final = 30_000_000


class Liveness(msgspec.Struct, frozen=True, kw_only=True):
    """Moments in µs since 1970, 0 for none."""

    held_since_us: int = 0
    resumed_us: int = 0  # silence counts from here on
    probed_at_us: int = 0  # when the peers were asked last
    ask_again_us: int = 0  # when who could not be reached is asked once more

    def held(self, now_us: int, *, is_held: bool, resumes: bool = False) -> "Liveness":
        """On hold or not; who is taken off one, or `resumes` otherwise, begins anew."""
        since_us = (self.held_since_us or now_us) if is_held else 0
        begins = resumes or (bool(self.held_since_us) and not is_held)
        resumed_us = now_us if begins else self.resumed_us
        return msgspec.structs.replace(self, held_since_us=since_us, resumed_us=resumed_us)

    def resumed(self, now_us: int) -> "Liveness":
        """Silence counts from now on."""
        return msgspec.structs.replace(self, resumed_us=now_us)

    def probed(self, now_us: int) -> "Liveness":
        """The peers are asked whether the call still is."""
        return msgspec.structs.replace(self, probed_at_us=now_us, ask_again_us=0)

    def unreached(self, now_us: int) -> "Liveness":
        """No connection leads to a peer that was asked just now, which says nothing of the call."""
        return msgspec.structs.replace(self, ask_again_us=now_us + ASK_AGAIN_US)
