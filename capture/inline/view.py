"""What others see of inline calls beside their recordings.

Pure. Knows nothing of how a call goes on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from archive.call.events import RouteTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineView:
    """Of an inline call, by its key: how far it is, may it be recorded, which route it took."""

    phase: Callable[[bytes], str] = lambda _key: ""
    is_startable: Callable[[bytes], bool] = lambda _key: False
    route: Callable[[bytes], RouteTaken | None] = lambda _key: None


NO_INLINE: Final = InlineView()
