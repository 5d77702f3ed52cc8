"""What the key daemon must know of the spool before an epoch ends: what only its keys could open.

Knows nothing of epochs. A report is of everything that lies in the spool, never of a part of it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from archive.errors import HeaderDamaged
from archive.format.intake import PAGE_BYTES, IntakePage
from archive.ids import IntakeKeyId
from archive.keeper.spool import SpoolFile

# The daemon wants a report after each turn; what has not changed is told this often.
TELL_US: Final = 600_000_000

Tell = Callable[[Iterable[tuple[IntakeKeyId, int]]], None]


def _tell_nobody(_sealed: Iterable[tuple[IntakeKeyId, int]]) -> None:
    """Nobody wants to know."""


@dataclass(slots=True)
class SpoolReporter:
    """Tells when something changed, or it is time. `tell` raises `KeyUnavailable`."""

    tell: Tell = _tell_nobody
    _told: Mapping[IntakeKeyId, int] | None = None
    _told_us: int = 0
    _keys: dict[str, IntakeKeyId | None] = field(default_factory=dict)

    def note(self, waiting: Iterable[SpoolFile], now_us: int) -> None:
        """`waiting`: every part in the spools whose key is not adopted."""
        files = list(waiting)
        self._keys = {file.path: self._keys.get(file.path) or _key_of(file) for file in files}
        sealed = Counter(key for key in self._keys.values() if key is not None)
        if sealed == self._told and 0 <= now_us - self._told_us < TELL_US:
            return
        self.tell(sorted(sealed.items()))
        self._told, self._told_us = sealed, now_us


def _key_of(file: SpoolFile) -> IntakeKeyId | None:
    """The intake key of a part's page; None where no key opens it, or it is gone."""
    try:
        with Path(file.path).open("rb") as opened:
            return IntakePage.decode(opened.read(PAGE_BYTES)).intake_key
    except (HeaderDamaged, OSError):
        return None
