"""What tests of policies share."""

import pytest

from api.access.approvals import Approvals
from api.permissions.actor import Actor
from api.permissions.errors import ApprovalNeeded
from api.permissions.roles import Role
from api.retention.policies import RetentionPolicies
from api.retention.policy_takeover import PolicyWish
from archive.catalog.database.engine import reading
from archive.catalog.retention.revisions import read_revisions
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from retention.policies.policy_text import policy_text
from retention.rules.rule import Rank
from tests.api.register import Registered
from tests.retention.examples import policy, rule

DEFAULT = rule("default", after="never")


LAW = rule("law", at_least="P10Y", rank=Rank.LAW, queue="loans")


LONGER = PolicyWish(text=policy_text(policy(DEFAULT, LAW)))


class Acts:
    """The use cases over a register that has two retention owners and an approver."""

    def __init__(self, it: Registered) -> None:
        self.it = it
        self.owner = it.person("owner", Role.RETENTION_OWNER)
        self.other = it.person("other", Role.RETENTION_OWNER)

    @property
    def approvals(self) -> Approvals:
        """As of now."""
        return Approvals(self.it.door)

    @property
    def policies(self) -> RetentionPolicies:
        """As of now."""
        return RetentionPolicies(self.it.door, self.approvals)

    async def proposed(self, wish: PolicyWish, by: Actor | None = None) -> int:
        """The proposal that another person is to approve."""
        with pytest.raises(ApprovalNeeded) as needed:
            await self.policies.take_over(by or self.owner, wish)
        return needed.value.number

    async def agreed(self, wish: PolicyWish) -> None:
        """Proposed, approved by the other one, and taken over."""
        await self.approvals.give(self.other, await self.proposed(wish))
        await self.policies.take_over(self.owner, wish)

    async def deciding(self) -> list[int]:
        """The revisions by which recordings are judged now."""
        found = await self.policies.listed(self.owner)
        return [each.stored.number for each in found if each.state == "in_force"]

    def kept(self) -> list[tuple[int, str, int, bool]]:
        """What the register has."""
        with reading(self.it.engine) as connection:
            return read_revisions(connection, tenant_row(connection, DEFAULT_TENANT))
