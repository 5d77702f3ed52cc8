"""How many log lines of one kind are written: the rest of a window is counted, and the count said.

Pure: time is an argument. Knows nothing of how a line is written.
"""

from dataclasses import dataclass, field
from typing import Final

# Enough to tell what happens and to whom; a flood of one kind writes some 3 KB a second.
MAX_LINES: Final = 60
WINDOW_S: Final = 10.0
# Kinds that are told apart; a text that is new each time makes a kind of its own.
MAX_KINDS: Final = 1024
OTHERS: Final = "others"


@dataclass(slots=True)
class _Window:
    """The lines of one kind since `began_s`: written, and left out."""

    began_s: float
    written: int = 0
    left_out: int = 0


@dataclass(slots=True)
class LogLimit:
    """Lets `MAX_LINES` lines of a kind through in `WINDOW_S` seconds."""

    _windows: dict[str, _Window] = field(default_factory=dict)

    def admit(self, kind: str, now_s: float) -> bool:
        """Return whether a line of this kind is to be written; one that is not is counted."""
        if kind not in self._windows and len(self._windows) >= MAX_KINDS:
            kind = OTHERS
        window = self._windows.setdefault(kind, _Window(now_s))
        if now_s - window.began_s >= WINDOW_S and not window.left_out:
            window = self._windows[kind] = _Window(now_s)
        if window.written < MAX_LINES:
            window.written += 1
            return True
        window.left_out += 1
        return False

    def take_left_out(self, now_s: float) -> dict[str, int]:
        """Return how many lines of each kind were left out in windows that are over, once."""
        over = {
            kind: window
            for kind, window in self._windows.items()
            if now_s - window.began_s >= WINDOW_S
        }
        for kind in over:
            del self._windows[kind]
        return {kind: window.left_out for kind, window in over.items() if window.left_out}
