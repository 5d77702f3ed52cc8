"""A file beside the calls that others read, written whole where it says something new.

Best effort: no call waits for it, or ends for it. What cannot be written is said once and tried
again. Knows nothing of what it says.
"""

from pathlib import Path

import structlog

log = structlog.get_logger("capture.signalling")


class PublishedFile:
    """One file; `content` is what it says, as far as we know."""

    def __init__(self, path: Path, content: bytes = b"") -> None:
        self._path, self._content = path, content
        self._is_late = False

    def left(self) -> bytes:
        """What a predecessor has left; b"" where there is nothing, or it cannot be read."""
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            log.error("a file cannot be read", name=self._path.name, reason=error.strerror)
            return b""

    def says(self, content: bytes) -> bool:
        """Whether it says this, as far as we know."""
        return content == self._content

    def show(self, content: bytes) -> bool:
        if self.says(content):
            return True
        try:
            draft = self._path.with_name(f".{self._path.name}.draft")
            draft.write_bytes(content)
            draft.rename(self._path)
        except OSError as error:
            if not self._is_late:
                log.error("a file cannot be written", name=self._path.name, reason=error.strerror)
            self._is_late = True
            return False
        if self._is_late:
            log.info("a file is written again", name=self._path.name)
        self._content, self._is_late = content, False
        return True
