"""Whose leg it is, by what source, and how surely."""

from pathlib import Path

import pytest
from sqlalchemy import select

from archive.call.events import CallEnded, Event, Side, SideBecause, StreamPartyKnown
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.tables.catalog import leg
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    new_catalog,
    opened,
    party,
    stream,
    us,
)

SEAT = "sip:2001@pbx.example"
NO_SEAT = "sip:9999@pbx.example"


def who(aor: str, side: Side, because: SideBecause, *names: str) -> StreamPartyKnown:
    return party(0, aor, side, names=names, because=because)


@pytest.mark.parametrize(
    ("speaker", "expected"),
    [
        (who(SEAT, "agent", "internal_domain"), ("A17", "table", "certain")),
        (who(SEAT, "agent", "internal_number", "Other"), ("A17", "table", "certain")),
        (who(SEAT, "agent", "first_stream"), ("A17", "table", "likely")),
        (who(SEAT, "unknown", "internal_domain"), ("A17", "table", "likely")),
        (who(SEAT, "customer", "first_stream"), ("A17", "table", "likely")),
        (who(SEAT, "customer", "internal_domain"), ("", "none", "none")),
        (who(NO_SEAT, "agent", "internal_domain", "田中"), ("", "metadata", "likely")),
        (who(NO_SEAT, "agent", "internal_domain"), ("", "none", "none")),
        (who(NO_SEAT, "customer", "first_stream", "田中"), ("", "none", "none")),
        (who(NO_SEAT, "agent", "first_stream", "田中"), ("", "none", "none")),
        (who(NO_SEAT, "agent", "number_shape", "田中"), ("", "none", "none")),
    ],
)
@pytest.mark.parametrize("order", ["table first", "call first"])
def test_a_leg_belongs_to_whom_the_best_source_says(
    tmp_path: Path, speaker: StreamPartyKnown, expected: tuple[str, str, str], order: str
) -> None:
    """The table of seats first, then the call's own word; a configured customer is no agent."""
    ended = CallEnded(at_us=STARTED_US + 1, reason="bye")
    events: tuple[Event, ...] = (opened(), stream(0), speaker, ended)
    engine = new_catalog(tmp_path)
    if order == "call first":
        adopt(engine, adoption(1, events))
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    adopt(engine, adoption(1, events))

    with reading(engine) as connection:
        (found,) = connection.execute(select(leg.c.agent_id, leg.c.attributed_by, leg.c.confidence))

    assert tuple(found) == expected


@pytest.mark.parametrize(("offset_us", "agent"), [(-1, "A17"), (0, "")])
def test_an_empty_seat_is_nobodys(tmp_path: Path, offset_us: int, agent: str) -> None:
    """She left at the end of October and nobody came after her."""
    header, tanaka, *_ = AGENTS_CSV.splitlines(keepends=True)
    left_us = us("2026-11-01T00:00") + offset_us
    engine = new_catalog(tmp_path)
    import_agents(engine, (header + tanaka).encode(), TOKYO, access())
    adopt(engine, adoption(1, (opened(left_us), party(0, SEAT, "agent", at_us=left_us))))

    with reading(engine) as connection:
        assert connection.scalars(select(leg.c.agent_id)).all() == [agent]


def test_each_leg_is_judged_by_when_it_began(tmp_path: Path) -> None:
    """A call over midnight: she sat there before, another after."""
    midnight_us = us("2026-11-01T00:00")
    events: tuple[Event, ...] = (
        opened(midnight_us - 1),
        stream(0, midnight_us - 1),
        party(0, SEAT, "agent", at_us=midnight_us - 1),
        party(0, "sip:2002@pbx.example", "agent", at_us=midnight_us),
        party(0, SEAT, "agent", at_us=midnight_us + 1),
        CallEnded(at_us=midnight_us + 2, reason="bye"),
    )
    engine = new_catalog(tmp_path)
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())
    adopt(engine, adoption(1, events))

    with reading(engine) as connection:
        agents = connection.scalars(select(leg.c.agent_id).order_by(leg.c.from_us)).all()

    assert agents == ["A17", "A19", "A18"]
