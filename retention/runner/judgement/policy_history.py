"""The revisions of the retention policy as one reads them: each with its policy and its state.

Knows nothing of who may see them, nor of what takes one over.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final, Literal, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from archive.catalog.retention.revisions import NewRevision, StoredRevision, stored_revisions
from archive.catalog.tables.tenants import tenant_row
from archive.ids import TenantId
from archive.moments import moment
from retention.policies.policy import RetentionPolicy
from retention.policies.policy_file import read_policy
from retention.policies.policy_text import policy_text
from retention.policies.revision import Revision, judging, still_judging
from retention.policies.shipped_policy import SHIPPED
from retention.rules.errors import UnknownRevision

State = Literal[
    "called_back",  # it was, before it was in force, and never will be
    "cooling_off",  # it is not in force yet
    "in_force",  # recordings are judged by it
    "replaced",  # none is any more
]
# As many revisions as an installation has in years; each is read whenever something is judged.
_POLICIES_KEPT: Final = 128
# As one that was taken over: the first of every history.
_SHIPPED: Final = StoredRevision(
    number=SHIPPED.number,
    content=NewRevision(
        text=policy_text(SHIPPED.policy),
        in_force_us=0,
        is_retroactive=SHIPPED.is_retroactive,
    ),
    author="",
    taken_us=0,
    journal=0,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRevision:
    """A revision, what has become of it, and the zone in which it counts days."""

    stored: StoredRevision
    state: State
    zone: ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHistory:
    """All revisions at a moment, oldest first; the shipped policy is the first of them.

    `revisions` are those of them that decide, or will: none that was called back.
    """

    stored: tuple[StoredRevision, ...]
    revisions: tuple[Revision, ...]
    now: datetime

    @classmethod
    def read(cls, connection: Connection, tenant: TenantId, now_us: int) -> Self:
        stored = stored_revisions(connection, tenant_row(connection, tenant))
        stands = (each for each in stored if not each.called_back)
        return cls(
            stored=(_SHIPPED, *stored),
            revisions=(SHIPPED, *(_revision(each) for each in stands)),
            now=moment(now_us),
        )

    @property
    def latest(self) -> StoredRevision:
        """The one that was taken over last and not called back; it may still cool off."""
        return self.numbered(self.revisions[-1].number)

    @property
    def next_number(self) -> int:
        return self.stored[-1].number + 1

    @property
    def in_force(self) -> Revision:
        """The one that judges a call that is up now."""
        found = judging(self.revisions, None, self.now)
        assert found is not None, "the shipped one is always in force"
        return found

    @property
    def deciding(self) -> StoredRevision:
        return self.numbered(self.in_force.number)

    @property
    def deciding_policy(self) -> RetentionPolicy:
        """Its rules and limits."""
        number = self.deciding.number
        return next(each.policy for each in self.revisions if each.number == number)

    def numbered(self, number: int | None) -> StoredRevision:
        """A revision; None: the latest. Raises `UnknownRevision`."""
        if number is None:
            return self.latest
        found = next((each for each in self.stored if each.number == number), None)
        if found is None:
            raise UnknownRevision(f"no revision {number}")
        return found

    def known(self, stored: StoredRevision) -> KnownRevision:
        zone = read_policy(stored.content.text).calendars.zone
        return KnownRevision(stored=stored, state=self._state(stored), zone=zone)

    def _state(self, stored: StoredRevision) -> State:
        if stored.called_back:
            return "called_back"
        if moment(stored.content.in_force_us) > self.now:
            return "cooling_off"
        judges = {each.number for each in still_judging(self.revisions, self.now)}
        return "in_force" if stored.number in judges else "replaced"


def _revision(stored: StoredRevision) -> Revision:
    return Revision(
        number=stored.number,
        policy=_policy(stored.content.text),
        in_force_at=moment(stored.content.in_force_us),
        is_retroactive=stored.content.is_retroactive,
    )


@lru_cache(_POLICIES_KEPT)
def _policy(text: str) -> RetentionPolicy:
    """Read once: the same text is always the same policy."""
    return read_policy(text)
