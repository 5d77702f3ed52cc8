"""A leg as it is answered: who stayed, at which numbers, on which side and by what that is known.

Knows nothing of how it is found.
"""

from datetime import datetime, tzinfo
from typing import Literal, Self

from pydantic import BaseModel

from api.web.http.times import shown
from archive.call.direction import CORRECTION
from archive.catalog.search.found_legs import FoundAgent, FoundLeg, FoundNumber, FoundParty


class AgentView(BaseModel):
    """The agent in force, by what source and how surely.

    `former_ids` are those before a correction, `former_names` what they are called ("" where the
    table of agents does not say).
    """

    id: str
    name: str
    by: str
    confidence: str
    former_ids: list[str]
    former_names: list[str]

    @classmethod
    def show(cls, agent: FoundAgent, name: str) -> Self:
        """The agent, under the table's name or else that which the call says."""
        return cls(
            id=agent.agent_id,
            name=agent.name or ("" if agent.attributed_by == CORRECTION else name),
            by=agent.attributed_by,
            confidence=agent.confidence,
            former_ids=list(agent.former_ids),
            former_names=list(agent.former_names),
        )


class NumberView(BaseModel):
    """A number in E.164 where it is one, and the address that it was received in."""

    number: str
    as_received: str
    address: str

    @classmethod
    def show(cls, number: FoundNumber) -> Self:
        """A number and its address."""
        return cls(number=number.shown, as_received=number.raw, address=number.aor)


class LegPartyView(BaseModel):
    """Whether who stays called or was called, and what that was decided from."""

    end: Literal["caller", "callee"]
    because: str

    @classmethod
    def show(cls, called: FoundParty) -> Self | None:
        """None where it is not known, or who stays came later."""
        return cls(end=called.party, because=called.because) if called.party else None


class LegView(BaseModel):
    """One participant's stay: `number` is the first of the `numbers`, `former_numbers` were
    corrected.

    `side_because` is what the side was decided from, a guess where `side_guessed`; `speaks` and
    `hears` are streams of the recording, `instead_of` is the participant in whose place this one
    came.
    """

    participant: str
    side: str
    side_because: str
    side_guessed: bool
    party: LegPartyView | None
    number: str
    numbers: list[NumberView]
    former_numbers: list[NumberView]
    name: str
    agent: AgentView | None
    speaks: list[int]
    hears: list[int]
    instead_of: str
    start_at: datetime
    end_at: datetime

    @classmethod
    def show(cls, leg: FoundLeg, zone: tzinfo) -> Self:
        """A leg with its times in `zone`."""
        known = leg.agent.attributed_by != "none"
        return cls(
            participant=leg.who.participant,
            side=leg.side,
            side_because=leg.decided.because,
            side_guessed=leg.decided.is_guessed,
            party=LegPartyView.show(leg.called),
            number=leg.number.shown,
            numbers=[NumberView.show(each) for each in leg.who.numbers],
            former_numbers=[NumberView.show(each) for each in leg.who.former_numbers],
            name=leg.who.name,
            agent=AgentView.show(leg.agent, leg.who.name) if known else None,
            speaks=[each.stream for each in leg.streams if each.way == "sends"],
            hears=[each.stream for each in leg.streams if each.way == "receives"],
            instead_of=leg.instead_of,
            start_at=shown(leg.from_us, zone),
            end_at=shown(leg.until_us, zone),
        )
