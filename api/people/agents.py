"""The table of agents: seen, and replaced whole.

Knows nothing of the web, nor of how agents are matched to calls.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from api.access.authorization import Door
from api.permissions.actor import Actor
from api.permissions.verbs import Verb
from archive.access.reach import Reach
from archive.agent_assignment import Assignment
from archive.agent_table import AgentPeriod
from archive.catalog.database.engine import read, run
from archive.catalog.holds.hold_matches import WITHOUT_KEYS, HoldMatcher
from archive.catalog.index.agents import AgentImport, agents_in_force, assign_agent, import_agents
from archive.folded_names import fold, fold_name


def by_reading(periods: Iterable[AgentPeriod]) -> tuple[AgentPeriod, ...]:
    """Each agent once, as it was named last, in the order of readings (五十音順); pure."""
    last = {each.agent_id: each for each in periods}
    return tuple(sorted(last.values(), key=_reading))


def _reading(agent: AgentPeriod) -> tuple[str, str]:
    return fold(agent.kana or agent.romaji or agent.name), agent.agent_id


def _is_near(reach: Reach, agent: AgentPeriod) -> bool:
    """Who is of a team that the reach names, or may be in any call of it."""
    return any(not rule.teams or fold_name(agent.team) in rule.teams for rule in reach)


@dataclass(frozen=True, slots=True)
class Agents:
    """What may be asked of the table, and done to it."""

    door: Door
    holds: HoldMatcher = WITHOUT_KEYS

    async def list(self, actor: Actor) -> tuple[AgentPeriod, ...]:
        """Every period in force within the reach, by agent and time; raises `Refused`."""
        access = await self.door.access(actor, Verb.AGENTS_READ)
        found = await read(self.door.engine, lambda c: agents_in_force(c, access.tenant))
        return tuple(each for each in found if _is_near(access.within.reach, each))

    async def assign(self, actor: Actor, said: Assignment) -> AgentImport:
        """Let a stretch of an extension be an agent's; what it was before is found as well.

        Raises `Refused`, `AssignmentRefused`, `KeyUnavailable` (nothing is changed).
        """
        access = await self.door.access(actor, Verb.AGENTS_WRITE)
        return await run(
            self.door.engine, lambda engine: assign_agent(engine, said, access, self.holds)
        )

    async def replace(self, actor: Actor, content: bytes, zone: ZoneInfo) -> AgentImport:
        """Make a CSV the table in force; times without offset are of `zone`.

        Raises `Refused`, `AgentTableRefused`, `KeyUnavailable` (nothing is changed).
        """
        access = await self.door.access(actor, Verb.AGENTS_WRITE)
        return await run(
            self.door.engine,
            lambda engine: import_agents(engine, content, zone, access, self.holds),
        )
