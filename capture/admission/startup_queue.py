"""Requests that come before a node that starts knows what room it has: they wait until it does.

Pure. Knows nothing of what they ask but whether room is part of the answer.
"""

from dataclasses import dataclass, field
from typing import Final

from capture.sip.flow import Flow

# A start takes seconds; calls that begin meanwhile, and what takes them back, fit many times over.
MAX_WAITING: Final = 1024
MAX_WAITING_BYTES: Final = 16 << 20
_OF_ROOM: Final = (b"INVITE ", b"CANCEL ", b"OPTIONS ")


@dataclass(slots=True)
class StartupQueue:
    """What waits, repetitions once; nothing does any more once it is opened."""

    is_open: bool = False
    _waiting: dict[tuple[bytes, Flow], None] = field(default_factory=dict)
    _waiting_bytes: int = 0

    def keeps(self, data: bytes, flow: Flow) -> bool:
        """Does this one wait? What is too much is answered at once, as a node without room does."""
        if self.is_open or not data.startswith(_OF_ROOM):
            return False
        if (data, flow) in self._waiting:
            return True
        waiting_bytes = self._waiting_bytes + len(data)
        if len(self._waiting) >= MAX_WAITING or waiting_bytes > MAX_WAITING_BYTES:
            return False
        self._waiting[data, flow] = None
        self._waiting_bytes = waiting_bytes
        return True

    def open(self) -> list[tuple[bytes, Flow]]:
        """Whatever waited, in the order in which it came; nothing waits from now on."""
        self.is_open, waiting = True, list(self._waiting)
        self._waiting, self._waiting_bytes = {}, 0
        return waiting
