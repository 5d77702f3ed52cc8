"""Routes of the table of agents.

Each is three moves: read, ask, show. Knows nothing of CSV.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Final, Self

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field, StrictStr

from api.permissions.verbs import Verb
from api.web.http.api_routes import needing
from api.web.http.problems import documented
from api.web.http.requester import CurrentActor, CurrentApplication
from api.web.http.times import Moment, shown
from archive.access.query import zone_named
from archive.agent_assignment import MAX_REASON_CHARS, Assignment
from archive.agent_table import FOREVER_US, AgentPeriod
from archive.catalog.index.agents import AgentImport
from archive.moments import microseconds

CSV: Final = "text/csv"
_TABLE: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {CSV: {"schema": {"type": "string"}}},
        "description": (
            "agent_id, name, kana, romaji, aliases, extension, valid_from, valid_to, team"
        ),
    }
}
Zone = Annotated[str, Query(max_length=200, description="Zone of times without offset")]

router = APIRouter(prefix="/agents", tags=["agents"])


class AgentPeriodView(BaseModel):
    """An agent, and since when and until when with which extension; null: open on that side."""

    agent_id: str
    name: str
    kana: str
    romaji: str
    aliases: list[str]
    extension: str
    team: str
    valid_from: datetime | None
    valid_to: datetime | None

    @classmethod
    def show(cls, period: AgentPeriod) -> Self:
        """A row with its times in UTC."""
        return cls(
            agent_id=period.agent_id,
            name=period.name,
            kana=period.kana,
            romaji=period.romaji,
            aliases=list(period.aliases),
            extension=period.extension,
            team=period.team,
            valid_from=_moment(period.valid_from_us),
            valid_to=_moment(period.valid_to_us),
        )


class AgentsView(BaseModel):
    """The table in force, by agent and time."""

    agents: list[AgentPeriodView]


class AssignmentBody(BaseModel):
    """Which agent sat at an extension from one moment until just before another, and why so."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    agent_id: Annotated[StrictStr, Field(min_length=1, max_length=MAX_REASON_CHARS)]
    extension: Annotated[StrictStr, Field(min_length=1, max_length=MAX_REASON_CHARS)]
    start: Moment = Field(alias="from")
    end: Moment = Field(alias="to")
    reason: Annotated[StrictStr, Field(min_length=1, max_length=MAX_REASON_CHARS)]

    def said(self) -> Assignment:
        """The same for the table."""
        return Assignment(
            agent_id=self.agent_id,
            extension=self.extension,
            from_us=microseconds(self.start),
            until_us=microseconds(self.end),
            reason=self.reason,
        )


class AgentImportView(BaseModel):
    """What an import changed: rows of the table, and legs that new rows took."""

    added: int
    ended: int
    unchanged: int
    legs: int

    @classmethod
    def show(cls, done: AgentImport) -> Self:
        """As it was done."""
        return cls(added=done.added, ended=done.ended, unchanged=done.unchanged, legs=done.legs)


@router.get(
    "", responses=documented(401, 403, 422, 429, 503), openapi_extra=needing(Verb.AGENTS_READ)
)
async def agents(actor: CurrentActor, application: CurrentApplication) -> AgentsView:
    """The table of agents in force."""
    found = await application.agents.list(actor)
    return AgentsView(agents=[AgentPeriodView.show(each) for each in found])


@router.put(
    "",
    responses=documented(401, 403, 413, 422, 429, 503),
    openapi_extra={**needing(Verb.AGENTS_WRITE, "agents_imported"), **_TABLE},
)
async def replace(
    request: Request,
    actor: CurrentActor,
    application: CurrentApplication,
    zone: Zone = "Asia/Tokyo",
) -> AgentImportView:
    """Make a CSV file the table in force; old calls are attributed by it."""
    content = await request.body()
    return AgentImportView.show(await application.agents.replace(actor, content, zone_named(zone)))


@router.post(
    "/assign",
    responses=documented(401, 403, 413, 422, 429, 503),
    openapi_extra=needing(Verb.AGENTS_WRITE, "agents_imported"),
)
async def assign(
    body: AssignmentBody, actor: CurrentActor, application: CurrentApplication
) -> AgentImportView:
    """Let a stretch of an extension be an agent's; its calls are attributed by it."""
    return AgentImportView.show(await application.agents.assign(actor, body.said()))


def _moment(at_us: int) -> datetime | None:
    return None if at_us in {0, FOREVER_US} else shown(at_us, UTC)
