"""Corrections, tags and notes: what somebody says of a recording after capture.

Knows nothing of the web. Each takes a grant of the door, whose entry is committed before.
"""

from dataclasses import dataclass

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.errors import Unfit
from archive.call.corrections import (
    Change,
    Correction,
    CorrectionRefused,
    PurposeCorrected,
    entry_of,
    require_sound,
)
from archive.catalog.access.grants import CorrectGrant
from archive.catalog.database.engine import write
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.amendment import correct
from archive.ids import RecordingId


@dataclass(frozen=True, slots=True)
class Corrections:
    """One use case for all kinds: what differs is the change."""

    door: Door
    holds: HoldMatcher = WITHOUT_KEYS

    async def write(
        self, actor: Actor, own: RecordingId, change: Change, reason: str
    ) -> Correction:
        """Say what is so; raises `Refused`, `NotFound`, `CorrectionRefused`, `KeyUnavailable`.

        What is refused only once the recording is known leaves its entry, and no correction.
        """
        require_sound(change, reason)
        granted = await self.door.grant(actor, CorrectGrant, own, entry_of(change))
        self._require_codes(change)
        return await write(
            self.door.engine, lambda c: correct(c, own, change, reason, granted, self.holds)
        )

    def _require_codes(self, change: Change) -> None:
        """A recording of a purpose that nobody can state would be lost to everybody."""
        if isinstance(change, PurposeCorrected) and not self.door.purposes.issuperset(
            change.purposes
        ):
            raise CorrectionRefused("value", Unfit.CODES)
