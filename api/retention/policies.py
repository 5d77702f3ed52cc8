"""The retention policy: checked, taken over, called back, listed, compared.

What can only keep longer is taken over at once; all else is proposed, another person approves it,
and then it cools off. Knows nothing of the web, nor of what a rule means.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.access.approvals import Approvals
from api.access.authorization import Door
from api.access.two_persons import Wisher
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded, InForce
from api.permissions.verbs import Verb
from api.retention.policy_takeover import KIND, CheckedPolicy, PolicyWish, TakenOver, WantedPolicy
from api.simulations.policy_effect import NO_EFFECT, Effect, effect_of
from archive.catalog.database.engine import read, write
from archive.catalog.retention.revisions import append_call_back
from retention.policies.policy_difference import difference
from retention.runner.judgement.policy_history import KnownRevision, PolicyHistory


@dataclass(frozen=True, slots=True)
class RetentionPolicies:
    """The acts; each raises `Refused` where the actor may not, `PolicyRefused` for a wrong text."""

    door: Door
    approvals: Approvals

    async def check(self, actor: Actor, wish: PolicyWish) -> CheckedPolicy:
        """What taking it over now would mean; nothing is changed."""
        wanted = WantedPolicy.of(await Wisher.of(self.door, actor, Verb.POLICY_READ), wish)
        effect = await self._effect(wanted)
        return await read(self.door.engine, lambda c: wanted.checked(c, effect))

    async def take_over(self, actor: Actor, wish: PolicyWish) -> TakenOver:
        """Make it the latest revision; what may shorten is proposed first.

        Raises `ApprovalNeeded`; `PersonNeeded` where nobody proposes who counts.
        """
        wanted = WantedPolicy.of(await Wisher.of(self.door, actor, Verb.POLICY_MANAGE), wish)
        effect = await self._effect(wanted)
        done = await write(self.door.engine, lambda c: wanted.taken_over(c, effect))
        if isinstance(done, TakenOver):
            return done
        proposed = await self.approvals.propose(actor, KIND, wanted.digest, done.summary)
        raise ApprovalNeeded(proposed.number)

    async def call_back(self, actor: Actor, number: int) -> KnownRevision:
        """Take a revision back that does not decide yet; one person is enough.

        Again it changes nothing. Raises `UnknownRevision`, `InForce`.
        """
        wisher = await Wisher.of(self.door, actor, Verb.POLICY_MANAGE)
        access = wisher.author.access

        def called_back(connection: Connection) -> KnownRevision:
            history = PolicyHistory.read(connection, access.tenant, access.at_us)
            found = history.known(history.numbered(number))
            if found.state not in {"cooling_off", "called_back"}:
                raise InForce(f"revision {number} decides")
            if found.state == "called_back":
                return found
            append_call_back(connection, wisher.author, number)
            after = PolicyHistory.read(connection, access.tenant, access.at_us)
            return after.known(after.numbered(number))

        return await write(self.door.engine, called_back)

    async def listed(self, actor: Actor) -> tuple[KnownRevision, ...]:
        """Every revision, oldest first; the first is the shipped one."""
        history = await self._history(actor)
        return tuple(history.known(each) for each in history.stored)

    async def deciding(self, actor: Actor) -> KnownRevision:
        """The one that judges a call that is up now."""
        history = await self._history(actor)
        return history.known(history.deciding)

    async def show(self, actor: Actor, number: int | None) -> KnownRevision:
        """A revision; None: the latest. Raises `UnknownRevision`."""
        history = await self._history(actor)
        return history.known(history.numbered(number))

    async def difference(self, actor: Actor, older: int, newer: int) -> tuple[str, ...]:
        """How two revisions differ, line by line; raises `UnknownRevision`."""
        history = await self._history(actor)
        texts = [history.numbered(each).content.text for each in (older, newer)]
        return difference(*texts)

    async def _effect(self, wanted: WantedPolicy) -> Effect:
        """Whether many recordings go earlier, where the rules alone would let one person do it."""
        look = await read(self.door.engine, wanted.looked_into)
        if look is None:
            return NO_EFFECT
        tenant = wanted.wisher.author.access.tenant
        return await effect_of(self.door.engine, tenant, look.what, look.bulk)

    async def _history(self, actor: Actor) -> PolicyHistory:
        access = await self.door.access(actor, Verb.POLICY_READ)
        return await read(
            self.door.engine, lambda c: PolicyHistory.read(c, access.tenant, access.at_us)
        )
