"""What a row says of a recording, scene by scene (`docs/locate.md`)."""

import json
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, select

from archive.call.corrections import AgentCorrected, NumberCorrected, QueueCorrected
from archive.call.events import CallOpened, Event
from archive.call.mentions import Mention, Mentioned
from archive.catalog.database.engine import reading, writing
from archive.catalog.index import agents
from archive.catalog.index.removal import remove_recording
from archive.catalog.tables.catalog import agent_period, recording
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT, RecordingId
from archive.locate.columns.flags import CALLED_BACK, HELD, TRANSFERRED, WITHHELD
from archive.locate.inferred_links import CALL_BACK_US
from tests.archive.catalog.examples import (
    AGENT,
    AGENTS_CSV,
    CUSTOMER,
    MINUTE_US,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    party,
    recording_id,
)
from tests.support.catalog.amendment import OF_AGENT, OF_CUSTOMER, amend, catalog_with
from tests.support.catalog.joining import told as told_with
from tests.support.catalog.locating import Follower, rows_now

NUMBER = b"88774321318"
INBOUND, OUTBOUND = 1, 2
HIDDEN = "sip:anonymous@anonymous.invalid"


def outbound(at_us: int) -> tuple[Event, ...]:
    """An agent calls the customer, and From says so."""
    first, *others = inbound(at_us)
    assert isinstance(first, CallOpened)
    return (replace(first, from_uri=AGENT), *others)


def test_a_call_is_one_row_of_its_agent_and_the_outside_number(tmp_path: Path) -> None:
    """Agent as the row of the table, groups folded."""
    engine = catalog_with(tmp_path)
    with reading(engine) as connection:
        seat = connection.scalar(select(agent_period.c.row).where(agent_period.c.agent_id == "A17"))
    (row,) = rows_now(engine)

    assert (row["start_us"], row["duration_ms"]) == (STARTED_US, 9 * 60_000)
    assert row["number"] == NUMBER
    assert json.loads(row["agent"]) == {"p": seat}
    assert json.loads(row["group"]) == {"c": ["acme"], "p": ["quality"], "q": ["support"]}
    assert row["flags"] == INBOUND


def test_who_is_in_no_table_is_told_as_the_call_tells_him(tmp_path: Path) -> None:
    """Name and extension as received."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, inbound(agent_names=("大野 守",))))
    (row,) = rows_now(engine)

    assert json.loads(row["agent"]) == {"n": "大野 守", "x": "2001"}
    assert row["group"] == "{}"


def test_what_was_corrected_is_found_by_both(tmp_path: Path) -> None:
    """As of then and as known now: a row for each agent and number, the one of before too."""
    engine = catalog_with(tmp_path)
    amend(engine, AgentCorrected(whom=OF_AGENT, agent_id="A19"))
    amend(engine, NumberCorrected(whom=OF_CUSTOMER, number="0398765432"))
    rows = rows_now(engine)

    assert len({row["agent"] for row in rows}) == 2
    assert {row["number"] for row in rows} == {NUMBER, b"23456789318"}
    assert len(rows) == 4
    assert not any(row["flags"] & TRANSFERRED for row in rows)


def test_the_number_that_was_dialled_is_the_line_of_calls_that_came_in(tmp_path: Path) -> None:
    """Of an outbound call it is the customer's."""
    told = Mentioned(
        at_us=STARTED_US, by="headers", mentions=(Mention(told_as="dialled", address="0120123000"),)
    )
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, (*inbound(), told)), adoption(2, (*outbound(STARTED_US), told)))

    lines = {row["flags"] & 3: row["line"] for row in rows_now(engine)}
    assert lines == {INBOUND: b"00032102118", OUTBOUND: b""}


def test_a_number_that_was_not_to_be_shown_is_withheld(tmp_path: Path) -> None:
    """No number, and the address says why."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, inbound(customer=HIDDEN)), adoption(2, inbound()))
    rows = {row["recording"]: row for row in rows_now(engine)}

    assert (rows[1]["number"], rows[1]["flags"] & WITHHELD) == (b"", WITHHELD)
    assert rows[2]["flags"] & WITHHELD == 0


def test_two_agents_in_one_conversation_are_a_transfer(tmp_path: Path) -> None:
    """In the same recording, or in two; each agent has a row."""
    engine = new_catalog(tmp_path)
    second = party(2, "sip:2002@pbx.example", "agent", at_us=STARTED_US + MINUTE_US)
    adopt(engine, adoption(1, (*inbound(), second)))
    assert [row["flags"] & TRANSFERRED for row in rows_now(engine)] == [TRANSFERRED] * 2

    other = new_catalog(_folder(tmp_path))
    follower = Follower(other)
    adopt(other, adoption(1, told_with((("ucid", "u"),))))
    assert [row["flags"] & TRANSFERRED for row in follower.forward()] == [0]
    later = told_with((("ucid", "u"),), STARTED_US + MINUTE_US)
    adopt(other, adoption(2, _taken_by_another(later)))
    assert [row["flags"] & TRANSFERRED for row in follower.forward()] == [TRANSFERRED] * 2


def test_every_row_of_a_call_has_the_length_of_the_whole(tmp_path: Path) -> None:
    """Told by ids that come later; and again its own once the others are gone."""
    engine = new_catalog(tmp_path)
    follower = Follower(engine)
    adopt(engine, adoption(1, told_with((("ucid", "u"),))))
    (alone,) = follower.forward()
    later = told_with((("ucid", "u"),), STARTED_US + 20 * MINUTE_US)
    adopt(engine, adoption(2, _taken_by_another(later)))

    assert [row["duration_ms"] for row in follower.forward()] == [2 * alone["duration_ms"]] * 2
    assert follower.forward() == rows_now(engine)
    _remove(engine, recording_id(2, STARTED_US + 20 * MINUTE_US))
    assert follower.forward() == [alone]


def test_what_a_part_is_told_follows_the_groups_of_the_others(tmp_path: Path) -> None:
    """Put through and called back: neither call is touched when the other's queue is corrected."""
    engine = new_catalog(tmp_path)
    follower = Follower(engine)
    later = told_with((("ucid", "u"),), STARTED_US + 20 * MINUTE_US)
    adopt(
        engine,
        adoption(1, told_with((("ucid", "u"),))),
        adoption(2, _taken_by_another(later)),
        adoption(3, outbound(STARTED_US + CALL_BACK_US)),
    )
    assert not any(row["parted"] for row in follower.forward())
    amend(engine, QueueCorrected(queue="sales"), recording_id(2, STARTED_US + 20 * MINUTE_US))
    follower.forward()
    amend(engine, QueueCorrected(queue="billing"), recording_id(3, STARTED_US + CALL_BACK_US))
    rows = follower.forward()

    assert rows == rows_now(engine)
    sales, billing = '{"q":["sales"]}', '{"q":["billing"]}'
    told = {row["recording"]: {others for others, *_ in row["parted"]} for row in rows}
    assert told == {
        1: {(), (sales,), (billing,)},
        2: {(), ("{}",), (billing,)},
        3: {(), (sales,), ("{}",)},
    }


def test_who_was_called_back_within_four_days_is_flagged_on_both_calls(tmp_path: Path) -> None:
    """Also the call of before, which nobody has touched since."""
    engine = new_catalog(tmp_path)
    follower = Follower(engine)
    adopt(engine, adoption(1, inbound()))
    assert [row["flags"] & CALLED_BACK for row in follower.forward()] == [0]
    adopt(engine, adoption(2, outbound(STARTED_US + CALL_BACK_US)))

    assert [row["flags"] & CALLED_BACK for row in follower.forward()] == [CALLED_BACK] * 2


def test_a_call_after_four_days_or_to_others_is_none(tmp_path: Path) -> None:
    """Nor one before."""
    engine = new_catalog(tmp_path)
    other = "sip:+81312340000@carrier.example"
    adopt(
        engine,
        adoption(1, inbound()),
        adoption(2, outbound(STARTED_US + CALL_BACK_US + 1)),
        adoption(3, outbound(STARTED_US - MINUTE_US)),
        adoption(4, inbound(customer=other)),
    )

    assert [row["flags"] & CALLED_BACK for row in rows_now(engine)] == [0] * 4


def test_calls_that_turn_out_to_be_one_are_told_so_of_all(tmp_path: Path) -> None:
    """A third recording bears the ids of two; the rows of the others have another conversation."""
    engine = new_catalog(tmp_path)
    follower = Follower(engine)
    adopt(engine, *(adoption(n, told_with((("ucid", f"u{n}"),))) for n in (1, 2)))
    assert len({row["conversation"] for row in follower.forward()}) == 2
    adopt(engine, adoption(3, told_with((("ucid", "u1"), ("ucid", "u2")))))

    assert follower.forward() == rows_now(engine)
    assert len({row["conversation"] for row in follower.forward()}) == 1


def test_an_import_counts_before_sides_are_decided_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That takes hours in a large archive; whose the legs are is written at once."""
    monkeypatch.setattr(agents, "DECIDED_AT_ONCE", 0)
    engine = new_catalog(tmp_path)
    follower = Follower(engine)
    adopt(engine, adoption(1))
    before = follower.forward()
    agents.import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    assert follower.forward() == rows_now(engine) != before


def test_what_a_removed_call_said_of_others_goes_with_it(tmp_path: Path) -> None:
    """That they were transferred, or called back."""
    engine = new_catalog(tmp_path)
    follower = Follower(engine)
    first, second = (told_with((("ucid", "u"),), STARTED_US + n * MINUTE_US) for n in (0, 1))
    adopt(
        engine,
        adoption(1, first),
        adoption(2, _taken_by_another(second)),
        adoption(3, outbound(STARTED_US + CALL_BACK_US)),
    )
    said = [row["flags"] & (TRANSFERRED | CALLED_BACK) for row in follower.forward()]
    for number, at_us in ((2, STARTED_US + MINUTE_US), (3, STARTED_US + CALL_BACK_US)):
        _remove(engine, recording_id(number, at_us))

    assert said[0] == TRANSFERRED | CALLED_BACK
    assert [row["flags"] for row in follower.forward()] == [INBOUND]


def _taken_by_another(events: tuple[Event, ...]) -> tuple[Event, ...]:
    return tuple(
        replace(each, aor="sip:2002@pbx.example", participant="somebody else")
        if getattr(each, "aor", "") == AGENT
        else each
        for each in events
    )


def _remove(engine: Engine, own: RecordingId) -> None:
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        row = connection.scalar(select(recording.c.row).where(recording.c.id == own.raw))
        assert row is not None
        remove_recording(connection, tenant, row)


def _folder(path: Path) -> Path:
    made = path / "other"
    made.mkdir()
    return made


def test_flags_are_bits_of_their_own() -> None:
    """A file of before would be read wrongly."""
    assert (TRANSFERRED, HELD, CALLED_BACK, WITHHELD) == (4, 8, 16, 32)
    assert CUSTOMER.startswith("sip:+81312347788")
