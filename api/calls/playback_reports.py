"""What a browser says it has played of a call: stretches of its time line, put into the journal.

It is what a browser says of itself: that bytes were sent is `listened`. Knows nothing of the web.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.errors import NotFound, TermsRefused, Unfit
from archive.catalog.access.grants import PlayedGrant
from archive.catalog.database.engine import read
from archive.catalog.journal.entries import Detail
from archive.catalog.search.calls import lasted_ms
from archive.ids import ConversationId

# Half a minute of jumping about has fewer.
MAX_STRETCHES: Final = 200
# As many as a recording may have; a browser plays fewer.
MAX_CHANNELS: Final = 64
# A player does not know to the ms when its loudspeaker fell silent.
_ROUNDED_MS: Final = 100

Stretch = tuple[int, int]


class StretchesRefused(TermsRefused):
    """What is said to have been played cannot have been."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Stretches in ms of the call's audio, and the channels that were not muted (from 1)."""

    stretches: Sequence[Stretch]
    channels: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Played:
    """One use case: to say it."""

    door: Door

    async def report(self, actor: Actor, call: ConversationId, report: Report) -> None:
        """Write it down; raises `Refused`, `NotFound`, `StretchesRefused`."""
        if not 0 < len(report.stretches) <= MAX_STRETCHES or not _are_channels(report.channels):
            raise StretchesRefused("stretches", Unfit.STRETCHES, most=MAX_STRETCHES)
        access = await self.door.access(actor, PlayedGrant)
        length_ms = await read(
            self.door.engine, lambda c: lasted_ms(c, access.tenant, access.within, call)
        )
        if length_ms is None:
            raise NotFound("no such call")
        heard = merged(report.stretches, length_ms)
        if not heard:
            raise StretchesRefused("stretches", Unfit.STRETCHES_OUTSIDE)
        told: dict[str, Detail] = {
            "ms": [f"{first}-{until}" for first, until in heard],
            "channels": [str(each) for each in sorted(set(report.channels))],
        }
        await self.door.grant(actor, PlayedGrant, call, told)


def _are_channels(named: Sequence[int]) -> bool:
    return len(named) <= MAX_CHANNELS and all(0 < each <= MAX_CHANNELS for each in named)


def merged(stretches: Iterable[Stretch], length_ms: int) -> list[Stretch]:
    """The same within a call, in order, rounded outwards, one where they touch.

    Pure.
    """
    most = -(-length_ms // _ROUNDED_MS) * _ROUNDED_MS
    found: list[Stretch] = []
    for first, until in sorted(stretches):
        low = max(0, first // _ROUNDED_MS * _ROUNDED_MS)
        high = min(-(-until // _ROUNDED_MS) * _ROUNDED_MS, most)
        if first >= until or low >= high:
            continue
        if found and low <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found
