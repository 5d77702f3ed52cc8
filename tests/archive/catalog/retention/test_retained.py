"""What decides how long a recording is kept, as the index in force has it."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, update

from archive.call.events import (
    Event,
    RecordingPreferred,
    RecordingRefused,
    RouteTaken,
    SideBecause,
    StreamPartyKnown,
)
from archive.call.marks import CallMarks
from archive.catalog.database.engine import reading, writing
from archive.catalog.index.agents import import_agents
from archive.catalog.retention.retained import all_retained, retained_of
from archive.catalog.tables.catalog import recording
from archive.catalog.tables.derived_forms import FORM
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from archive.lifecycle.recording_values import KINDS, RetainedRecording
from tests.archive.catalog.examples import (
    MINUTE_US,
    OTHER_TENANT,
    STARTED_US,
    TOKYO,
    access,
    adopt,
    adoption,
    inbound,
    inline,
    new_catalog,
    of_group,
    opened,
    party,
    recording_id,
    stream,
)
from tests.support.catalog.retained import AGENTS

ROUTE = RouteTaken(
    at_us=STARTED_US, route="r", target="t", mode="yes", queue="Support ", purpose="Quality",
    controller="Acme", tags=("Case:K-1", "VIP"),
)  # fmt: skip


def retained(engine: Engine, *numbers: int) -> tuple[RetainedRecording, ...]:
    """Of these calls, and of what belongs to them."""
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        return retained_of(connection, tenant, [recording_id(each) for each in numbers])


def one(folder: Path, told: Sequence[Event], agents: str = AGENTS) -> RetainedRecording:
    """One call, with a table of agents."""
    engine = new_catalog(folder)
    import_agents(engine, agents.encode(), TOKYO, access())
    adopt(engine, adoption(1, tuple(told)))
    (found,) = retained(engine, 1)
    return found


def test_everything_that_a_policy_may_ask_is_there_and_folded(tmp_path: Path) -> None:
    """A value that is compared otherwise than it is written would find no rule."""
    found = one(tmp_path, (*inbound(), ROUTE))

    assert found.values == {
        "tag": frozenset({"case:k-1", "vip"}),
        "queue": frozenset({"support"}),
        "purpose": frozenset({"quality"}),
        "controller": frozenset({"acme"}),
        "notice": frozenset(),
        "refusal": frozenset(),
        "agent": frozenset({"a17"}),
        "team": frozenset({"loans"}),
        "number": frozenset({"+81312347788", "2001"}),
        "direction": frozenset({"inbound"}),
        "source": frozenset({"sbc-tokyo"}),
    }
    assert set(found.values) == set(KINDS)
    assert found.ended_us == STARTED_US + 9 * MINUTE_US
    assert found.size_bytes == 1 << 20


def test_a_party_that_did_not_want_it_and_a_notice_are_known(tmp_path: Path) -> None:
    """Both are what a rule asks of inline calls."""
    found = one(tmp_path, inline(RecordingRefused(at_us=STARTED_US, by="caller", digit="9")))

    assert found.values["refusal"] == frozenset({"yes"})
    assert found.values["notice"] == frozenset({"none"})


@pytest.mark.parametrize(("preference", "said"), [("off", ["yes"]), ("pause", [])])
def test_who_would_have_it_off_did_not_want_it(
    tmp_path: Path, preference: str, said: list[str]
) -> None:
    """Also where its route gave the party no say; a pause is a moment's wish."""
    preferred = RecordingPreferred(
        at_us=STARTED_US,
        by="callee",
        preference=preference,  # type: ignore[arg-type]  # both are
        honoured=False,
    )

    assert one(tmp_path, inline(preferred)).values["refusal"] == frozenset(said)


def test_of_a_call_that_is_up_or_lacks_a_part_nothing_is_known(tmp_path: Path) -> None:
    """What is still to come may name a queue, a tag, a law."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1, is_last=False), adoption(2, part=1))
    first, second = retained(engine, 1, 2)

    for found in (first, second):
        assert found.ended_us is None
        assert set(found.values.values()) == {None}
        assert set(found.values) == set(KINDS)


@pytest.mark.parametrize("form", [FORM - 1, 0, -1, -2])
def test_rows_of_an_older_form_and_unread_events_are_not_known(tmp_path: Path, form: int) -> None:
    """An older version did not write all that a policy asks; it is made anew soon."""
    engine = new_catalog(tmp_path)
    adopt(engine, adoption(1))
    with writing(engine) as connection:
        connection.execute(update(recording).values(derived=form))
    (found,) = retained(engine, 1)

    assert found.ended_us is None
    assert set(found.values.values()) == {None}


def test_an_agent_whom_nobody_can_name_is_not_known(tmp_path: Path) -> None:
    """It may be the one that a law asks of."""
    found = one(tmp_path, inbound(agent="sip:2099@pbx.example"))

    assert found.values["agent"] is None
    assert found.values["team"] is None
    assert found.values["number"] == frozenset({"+81312347788", "2099"})


@pytest.mark.parametrize("because", ["first_stream", "number_shape"])
def test_a_side_that_is_a_guess_proves_nothing(tmp_path: Path, because: SideBecause) -> None:
    """Who is guessed to be a customer may be the agent of whom a law asks; who called is open."""
    told = inbound()
    guessed = tuple(
        replace(each, because=because, aor=each.aor.replace("2001", "x"))
        if isinstance(each, StreamPartyKnown)
        else each
        for each in told
    )
    found = one(tmp_path, guessed)

    assert found.values["agent"] is None
    assert found.values["team"] is None
    assert found.values["direction"] is None


def test_a_call_without_parties_has_neither_agents_nor_numbers_that_are_known(
    tmp_path: Path,
) -> None:
    """Nobody has said who spoke."""
    found = one(tmp_path, (opened(), stream(0), inbound()[-1]))

    assert (found.values["agent"], found.values["number"]) == (None, None)


@pytest.mark.parametrize("aor", ["sip:anonymous@anonymous.invalid", "sip:Anonymous@pbx.example"])
def test_a_withheld_number_is_not_known(tmp_path: Path, aor: str) -> None:
    """Whoever withholds it has one."""
    assert one(tmp_path, inbound(customer=aor)).values["number"] is None


def test_an_address_without_digits_is_no_number_and_is_known(tmp_path: Path) -> None:
    """Else a house that calls by names could ask no rule of numbers."""
    told = (*inbound()[:4], party(1, "sip:tanaka@pbx.example", "agent"), inbound()[-1])

    assert one(tmp_path, told).values["number"] == frozenset({"+81312347788", "tanaka"})


def test_the_recordings_of_a_conversation_come_together(tmp_path: Path) -> None:
    """A minimum may keep all of them."""
    engine = new_catalog(tmp_path)
    adopt(
        engine,
        adoption(1, (*inbound(), of_group("g"))),
        adoption(2),
        adoption(3, (*inbound(), of_group("g", STARTED_US + 1))),
    )
    found = retained(engine, 3)

    assert {each.recording for each in found} == {recording_id(1), recording_id(3)}
    assert len({each.call for each in found}) == 1


def test_all_are_read_once_in_batches_that_divide_no_conversation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing of another tenant."""
    engine = new_catalog(tmp_path)
    marked = replace(opened(), marks=CallMarks(queue="q"))
    adopt(
        engine,
        adoption(1, (*inbound(), of_group("g"))),
        adoption(2, (marked, *inbound()[1:])),
        adoption(3, (*inbound(), of_group("g", STARTED_US + 1))),
        adoption(4),
        adoption(5, tenant=OTHER_TENANT),
    )
    monkeypatch.setattr("archive.catalog.retention.retained._AT_ONCE", 1)
    with reading(engine) as connection:
        batches = list(all_retained(connection, tenant_row(connection, DEFAULT_TENANT)))

    ids = [{each.recording for each in batch} for batch in batches]
    whole = [recording_id(number) for number in (1, 2, 3, 4)]
    assert sorted(each for batch in ids for each in batch) == sorted(whole)
    assert {whole[0], whole[2]} in ids
    assert batches[0] == retained(engine, 1)
