"""A legal hold ends: released, or given up while it is placed; both take two persons.

Its keys go free when its time of grace is over. Knows nothing of the web.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from api.access.approvals import Approvals, ApprovalWord, Want, word_for
from api.access.authorization import Door
from api.access.use_case import AnyUseCase, use_case
from api.holds.overview import HeldSoFar, HoldNumber, hold_to_end, so_far
from api.holds.release_preview import ReleasePreview, preview_of
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded
from api.permissions.verbs import Verb
from api.words.proposal_summaries import SummaryLine, kept
from api.words.texts import said
from archive.access.approvals import Kind, digest_of
from archive.catalog.database.engine import read, write
from archive.catalog.journal.authors import Author
from archive.catalog.register.legal_holds import StoredHold, UnknownHold, cancel, release
from archive.lifecycle.legal_holds import HoldOver, State
from archive.moments import microseconds
from retention.rules.deadline import over_at
from retention.rules.period import Period
from retention.runner.judgement.policy_history import PolicyHistory

# In which state each may be asked for.
_RELEASE: Final = said("release legal hold {number} of matter {matter}")
_CANCEL: Final = said("give up placing legal hold {number} of matter {matter}")
_FROM: Final[Mapping[Kind, State]] = {
    Kind.RELEASE_HOLD: "active",
    Kind.CANCEL_HOLD: "placing",
}


@dataclass(frozen=True, slots=True)
class Releases:
    """The acts; each raises `Refused` where the actor may not, `UnknownHold`, `HoldOver`."""

    door: Door
    approvals: Approvals

    async def preview(self, actor: Actor, number: HoldNumber) -> ReleasePreview:
        """What falls due when a hold is let go of; nothing is changed."""
        access = await self.door.access(actor, PREVIEW)

        def previewed(connection: Connection) -> ReleasePreview:
            return preview_of(connection, access, hold_to_end(connection, access, number))

        return await read(self.door.engine, previewed)

    async def release(self, actor: Actor, number: HoldNumber) -> HeldSoFar:
        """Let go of a hold; it is proposed first, then asked for again."""
        return await self._ended(actor, number, Kind.RELEASE_HOLD, RELEASE)

    async def cancel(self, actor: Actor, number: HoldNumber) -> HeldSoFar:
        """Give up a placing that was cut off; it is proposed first, then asked for again."""
        return await self._ended(actor, number, Kind.CANCEL_HOLD, CANCEL)

    async def _ended(self, actor: Actor, number: int, kind: Kind, act: AnyUseCase) -> HeldSoFar:
        ending = _Ending(await self.door.author(actor, act), actor, kind)
        done = await write(self.door.engine, lambda c: ending.ended(c, number))
        if isinstance(done, HeldSoFar):
            return done
        proposed = await self.approvals.propose(actor, kind, done.digest, done.summary)
        raise ApprovalNeeded(proposed.number)


@dataclass(frozen=True, slots=True)
class _Ending:
    """Somebody wants a hold to end, in one of two ways."""

    author: Author
    actor: Actor
    kind: Kind

    def ended(self, connection: Connection, number: int) -> HeldSoFar | Want:
        """The hold as it stands then; or what is to be proposed."""
        known = hold_to_end(connection, self.author.access, number)
        if known.state != _FROM[self.kind]:
            raise HoldOver(known.state)
        want = self._want(connection, known)
        word = word_for(connection, self.author, self.actor, want)
        if word is ApprovalWord.MISSING:
            return want
        of_one = word is ApprovalWord.OF_ONE_PERSON
        if self.kind is Kind.RELEASE_HOLD:
            release(
                connection, self.author, known, self._kept_until_us(connection), one_person=of_one
            )
        else:
            cancel(connection, self.author, known, one_person=of_one)
        return so_far(connection, self.author.access, number)

    def _kept_until_us(self, connection: Connection) -> int:
        """The end of the grace that the policy in force gives: that of its last day."""
        access = self.author.access
        history = PolicyHistory.read(connection, access.tenant, access.at_us)
        own = history.in_force.policy
        grace = Period(days=own.limits.hold_grace_days)
        return microseconds(over_at(history.now, grace, "event", own.calendars.of("")))

    def _want(self, connection: Connection, known: StoredHold) -> Want:
        """The digest is of the hold alone: what is due changes from day to day."""
        source = _RELEASE if self.kind is Kind.RELEASE_HOLD else _CANCEL
        head = SummaryLine(source, {"number": known.number, "matter": known.terms.matter})
        told = preview_of(connection, self.author.access, known).summary
        return Want(
            kind=self.kind,
            digest=digest_of(self.kind, {"hold": str(known.id)}),
            summary=kept(head, *told),
        )


PREVIEW: Final = use_case(Releases.preview, Verb.HOLD_READ, refuses=(UnknownHold,))
RELEASE: Final = use_case(
    Releases.release,
    Verb.HOLD_PLACE,
    writes=("hold_released", "carried_out"),
    refuses=(UnknownHold, HoldOver, ApprovalNeeded),
)
CANCEL: Final = use_case(
    Releases.cancel,
    Verb.HOLD_PLACE,
    writes=("hold_cancelled", "carried_out"),
    refuses=(UnknownHold, HoldOver, ApprovalNeeded),
)
