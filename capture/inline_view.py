"""What others see of inline calls beside their recordings.

Pure. Knows nothing of how a call goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from archive.call_marks import UNMARKED, CallMarks


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineView:
    """Of an inline call, by its key: how far it is, may it be recorded, what its route says."""

    phase: Callable[[bytes], str] = lambda _key: ""
    is_startable: Callable[[bytes], bool] = lambda _key: False
    marks: Callable[[bytes], CallMarks] = lambda _key: UNMARKED


NO_INLINE: Final = InlineView()
