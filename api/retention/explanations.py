"""Why a recording is kept: what the policy in force makes of it.

Knows nothing of the web, nor of how a rule decides.
"""

from dataclasses import dataclass

from sqlalchemy import Connection

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.errors import NotFound
from api.retention.journal_text_periods import JudgedTexts, judged_texts
from archive.catalog.access.grants import ReadGrant, Target
from archive.catalog.database.engine import read
from archive.catalog.retention.retained import retained_of
from archive.catalog.search.calls import read_call
from archive.catalog.tables.tenants import tenant_row
from retention.decisions.recording_judgement import Judgement, judge_all
from retention.runner.judgement.policy_history import PolicyHistory
from retention.runner.judgement.protections import standing_of


@dataclass(frozen=True, slots=True)
class Explained:
    """What the policy makes of a recording, and of the journal's texts about it, if any."""

    judgement: Judgement
    texts: JudgedTexts | None


@dataclass(frozen=True, slots=True)
class Retention:
    """The questions."""

    door: Door

    async def explain(self, actor: Actor, target: Target) -> tuple[Explained, ...]:
        """Each recording of a call (or the one asked for), oldest first.

        Raises `Refused`, `NotFound`.
        """
        granted = await self.door.grant(actor, ReadGrant, target, {"what": "retention"})
        found = await read(self.door.engine, lambda c: _judged(c, target, granted))
        if not found:
            raise NotFound("no such call or recording")
        return found


def _judged(connection: Connection, target: Target, granted: ReadGrant) -> tuple[Explained, ...]:
    """Those within the reach; what keeps them may be a recording of the call that is not."""
    asked = [each.recording for each in read_call(connection, target, granted)]
    tenant = tenant_row(connection, granted.tenant)
    found = retained_of(connection, tenant, asked)
    standing = standing_of(connection, tenant, [each.recording for each in found])
    history = PolicyHistory.read(connection, granted.tenant, granted.access.at_us)
    judged = judge_all(found, history.revisions, history.now, standing)
    known = {each.found.recording: each for each in judged}
    return tuple(
        Explained(known[each], judged_texts(connection, tenant, known[each].found, history))
        for each in asked
    )
