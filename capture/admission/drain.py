"""Whether new calls are refused until an operator says otherwise; a file, so that it outlives us.

Knows nothing of calls.
"""

from pathlib import Path
from typing import Final

import structlog

DRAIN_FILE: Final = "draining"

log = structlog.get_logger("capture.signalling")


class Drain:
    """The wish to take no new calls. Its file goes when capture is started anew."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / DRAIN_FILE
        self.wanted = self._is_there()

    def want(self, *, wanted: bool) -> None:
        """Drain from now on, or no longer; on a disk that takes nothing, as long as we live."""
        self.wanted = wanted
        try:
            if wanted:
                self._path.touch()
            else:
                self._path.unlink(missing_ok=True)
        except OSError as error:
            log.error("a restart will not know of the drain", reason=error.strerror)

    def _is_there(self) -> bool:
        try:
            return self._path.exists()
        except OSError as error:
            log.error("whether to drain cannot be read", reason=error.strerror)
            return False
