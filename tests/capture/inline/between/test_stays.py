"""Agents of a call that is passed on inside the PBX: each has a stay, and both are found."""

import dataclasses
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import Engine, select

from archive.access.query import AgentClue, PhoneClue
from archive.call.events import Event, ParticipantChanged, StreamPartyKnown
from archive.catalog.database.engine import reading
from archive.catalog.index.agents import import_agents
from archive.catalog.tables.catalog import leg
from capture.sip.build import Header
from tests.archive.catalog.examples import TOKYO, access, adopt, adoption, new_catalog
from tests.capture.inline.stage import ANSWER, ROUTE, Stage, from_caller
from tests.support.catalog.search import ALWAYS, found

AGENT: Final[Header] = (b"X-Agent", b"201")
SATO: Final[Header] = (b"P-Asserted-Identity", b'"Sato" <sip:201@192.0.2.1>')
ITO: Final[Header] = (b"P-Asserted-Identity", b'"Ito" <sip:202@192.0.2.1>')
OUTBOUND: Final = dataclasses.replace(
    ROUTE, notice=(), direction="outbound", agent="header:X-Agent"
)
TABLE: Final = """agent_id,name,kana,romaji,aliases,extension,valid_from,valid_to
A1,佐藤 守,サトウ マモル,Sato Mamoru,,201,,
A2,伊藤 恵,イトウ メグミ,Ito Megumi,,202,,
"""


def outbound() -> Stage:
    """An agent has called a customer; the PBX says in a header who that is."""
    stage = Stage(routes=(OUTBOUND,))
    stage.calls(AGENT, SATO).b(200, body=ANSWER).a_inside(b"ACK", 1)
    stage.now_s = 60
    return stage


def stays(stage: Stage, number: int = 0) -> list[tuple[str, str]]:
    """Who spoke on a stream, one after the other, and under which name."""
    known = stage.events(StreamPartyKnown)
    return [(each.participant, each.names[0].text) for each in known if each.stream == number]


def test_an_identity_that_changes_ends_a_stay_and_begins_one_of_its_own() -> None:
    """What a header of the INVITE says of the agent is said of the first one."""
    stage = outbound().a_inside(b"UPDATE", 2, ITO)

    assert stays(stage) == [("sip:201@192.0.2.1", "Sato"), ("sip:202@192.0.2.1", "Ito")]
    (changed,) = stage.events(ParticipantChanged)
    assert (changed.what, changed.participant, changed.instead_of) == (
        "transferred", "sip:202@192.0.2.1", "sip:201@192.0.2.1",
    )  # fmt: skip


def test_the_first_agent_who_comes_back_is_known_as_he_was() -> None:
    """He asked a colleague, and speaks on."""
    route = dataclasses.replace(OUTBOUND, agent="header:X-Agent")
    stage = Stage(routes=(route,))
    stage.calls((b"X-Agent", b"tanaka"), SATO).b(200, body=ANSWER).a_inside(b"ACK", 1)
    stage.a_inside(b"UPDATE", 2, ITO).a_inside(b"UPDATE", 3, SATO)

    known = [each for each in stage.events(StreamPartyKnown) if each.stream == 0]
    assert [(each.participant, [own.aor for own in each.name_ids[1:]]) for each in known] == [
        ("sip:201@192.0.2.1", ["sip:tanaka@192.0.2.1"]),
        ("sip:202@192.0.2.1", []),
        ("sip:201@192.0.2.1", ["sip:tanaka@192.0.2.1"]),
    ]


@pytest.mark.parametrize(
    "said", [b"<sip:201@192.0.2.1:5070>", b'"Sato" <sip:201@192.0.2.1;user=phone>', SATO[1]]
)
def test_who_is_named_again_in_other_words_stays(said: bytes) -> None:
    """A port, a parameter, a name less: nobody has left."""
    stage = outbound().a_inside(b"UPDATE", 2, (SATO[0], said))

    assert stays(stage) == [("sip:201@192.0.2.1", "Sato")]


def test_a_callee_who_is_passed_on_inside_the_pbx_has_a_stay_too() -> None:
    """Inbound: the header names the agent whom the queue chose."""
    route = dataclasses.replace(OUTBOUND, direction="inbound")
    stage = Stage(routes=(route,)).calls((b"X-Agent", b"tanaka"))
    stage.b(200, (b"P-Asserted-Identity", b'"T" <sip:201@pbx>'), body=ANSWER)
    stage.a_inside(b"ACK", 1)
    stage.b_inside(b"UPDATE", 1, (b"P-Asserted-Identity", b'"Ito" <sip:202@pbx>'))

    assert stays(stage, 1) == [("sip:201@pbx", "T"), ("sip:202@pbx", "Ito")]


def test_a_header_of_an_internal_call_is_of_who_sends_it() -> None:
    """Not of both: one of them would be found under the other's name."""
    route = dataclasses.replace(OUTBOUND, direction="internal")
    stage = Stage(routes=(route,)).calls(AGENT, SATO).b(200, body=ANSWER).a_inside(b"ACK", 1)

    agents = [each.participant for each in stage.events(StreamPartyKnown)]
    assert agents == ["sip:201@192.0.2.1", "sip:0355501234@192.0.2.9"]


def catalog(folder: Path, events: Iterable[Event]) -> Engine:
    """The index of this recording, with the table of seats."""
    engine = new_catalog(folder)
    adopt(engine, adoption(1, tuple(events)))
    import_agents(engine, TABLE.encode(), TOKYO, access())
    return engine


def test_both_agents_are_found_each_with_his_own_time(tmp_path: Path) -> None:
    """By number, and by name: whoever disputes an order is asked for the part that was his."""
    stage = outbound().a_inside(b"UPDATE", 2, ITO)
    passed_us = stage.now.us
    stage.now_s = 100
    stage.a(from_caller(b"BYE", cseq=3, to_tag=stage.answer_to_a().to_address.tag))
    engine = catalog(tmp_path, stage.events())

    for clue in (
        AgentClue("佐藤"), AgentClue("Ito"), PhoneClue.parse("201", "JP"),
        PhoneClue.parse("202", "JP"),
    ):  # fmt: skip
        assert len(found(engine, clue, within=ALWAYS)) == 1, clue
    with reading(engine) as connection:
        rows = connection.execute(
            select(leg.c.agent_id, leg.c.from_us, leg.c.until_us)
            .where(leg.c.agent_id != "")
            .order_by(leg.c.from_us)
        ).all()
    (first, first_from, first_until), (second, second_from, second_until) = rows
    assert (first, second) == ("A1", "A2")
    assert first_from < first_until == passed_us == second_from < second_until
