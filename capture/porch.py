"""Requests that come before a node that starts knows what room it has: they wait until it does.

Pure. Knows nothing of what they ask but whether room is part of the answer.
"""

from dataclasses import dataclass, field
from typing import Final

from capture.sip.flow import Flow

# A start takes seconds; calls that begin meanwhile, and what takes them back, fit many times over.
MAX_WAITING: Final = 1024
_OF_ROOM: Final = (b"INVITE ", b"CANCEL ", b"OPTIONS ")


@dataclass(slots=True)
class Porch:
    """What waits; nothing does any more once it is opened."""

    is_open: bool = False
    _waiting: list[tuple[bytes, Flow]] = field(default_factory=list)

    def keeps(self, data: bytes, flow: Flow) -> bool:
        """Does this one wait? What is too much is answered at once, as a node without room does."""
        waits = not self.is_open and data.startswith(_OF_ROOM) and len(self._waiting) < MAX_WAITING
        if waits:
            self._waiting.append((data, flow))
        return waits

    def open(self) -> list[tuple[bytes, Flow]]:
        """Whatever waited, in the order in which it came; nothing waits from now on."""
        self.is_open, waiting = True, self._waiting
        self._waiting = []
        return waiting
