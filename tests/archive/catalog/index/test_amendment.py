"""A call is corrected, and found by what is so and by what was said before."""

from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace
from sqlalchemy import Engine, select, update

from archive.access.query import (
    AgentClue,
    Clue,
    CustomerClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
    Window,
)
from archive.access.reach import EVERYWHERE, ReachRule, Within
from archive.call.corrections import (
    MAX_CORRECTIONS,
    MAX_TAGS,
    AgentCorrected,
    ByParticipant,
    BySide,
    ByStream,
    Change,
    ControllerCorrected,
    CorrectionRefused,
    NoteWritten,
    NumberCorrected,
    PurposeCorrected,
    QueueCorrected,
    SideCorrected,
    TagAdded,
    TagRemoved,
    Whom,
)
from archive.call.events import Name, StreamPartyKnown
from archive.catalog.access.grants import (
    EVERYTHING,
    Ask,
    CorrectGrant,
    NotGranted,
    ReadGrant,
    SearchGrant,
    grant,
)
from archive.catalog.database.engine import reading, writing
from archive.catalog.index import agents
from archive.catalog.index.agents import import_agents
from archive.catalog.index.amendment import correct
from archive.catalog.index.writer import CatalogWriter
from archive.catalog.register.corrections import append_correction, corrections_of
from archive.catalog.search.call_course import RecordingCourse, read_course
from archive.catalog.search.calls import Sight, sight
from archive.catalog.search.found_legs import FoundLeg
from archive.catalog.search.search import search
from archive.catalog.tables.catalog import mark, recording
from archive.catalog.tables.stored_events import EventsUnread
from archive.catalog.tables.tenants import tenant_row
from archive.ids import DEFAULT_TENANT
from tests.archive.catalog.examples import (
    AGENTS_CSV,
    CUSTOMER,
    NOW_US,
    STARTED_US,
    TOKYO,
    access,
    adoption,
    inbound,
    index_dump,
    opened,
    party,
    recording_id,
    stream,
)
from tests.archive.catalog.rebuilding import rebuild
from tests.support.catalog.amendment import OF_AGENT, OF_CUSTOMER, ONE, TAKEN, amend, catalog_with
from tests.support.catalog.packed import change_events


def course_of(engine: Engine) -> RecordingCourse:
    granted = grant(engine, ReadGrant, Ask(access=access(), target=ONE))
    with reading(engine) as connection:
        (course,) = read_course(connection, ONE, granted)
    return course


def legs_of(engine: Engine) -> tuple[FoundLeg, ...]:
    return course_of(engine).found.legs


def found(engine: Engine, clue: Clue) -> int:
    granted = grant(engine, SearchGrant, Ask(access=access(), target=EVERYTHING))
    window = Window(
        start_at=datetime(2026, 10, 1, tzinfo=TOKYO),
        end_at=datetime(2026, 12, 1, tzinfo=TOKYO),
        zone=TOKYO,
    )
    with reading(engine) as connection:
        return len(search(connection, SearchQuery(window=window, clues=(clue,)), granted).found)


def number(text: str) -> PhoneClue:
    return PhoneClue.parse(text, "JP")


def marked(engine: Engine) -> set[tuple[str, str]]:
    with reading(engine) as connection:
        return {tuple(row) for row in connection.execute(select(mark.c.kind, mark.c.folded))}


def test_a_corrected_agent_is_in_force_and_the_former_one_still_finds_the_call(
    tmp_path: Path,
) -> None:
    """Who looks for what was on the screen last week must find it."""
    engine = catalog_with(tmp_path)
    written = amend(engine, AgentCorrected(whom=OF_AGENT, agent_id="A19"))

    agent = legs_of(engine)[1].agent
    assert (agent.agent_id, agent.name, agent.former_ids) == ("A19", "大野 守", ("A17",))
    assert (agent.attributed_by, agent.confidence) == ("correction", "certain")
    assert written.was == ("A17",)
    for name in ("A19", "大野", "A17", "田中"):
        assert found(engine, AgentClue(name)) == 1, name
    assert found(engine, AgentClue("A18")) == 0


def test_an_agent_whom_the_table_does_not_know_is_found_by_his_id(tmp_path: Path) -> None:
    """He left before there was a table."""
    engine = catalog_with(tmp_path)
    amend(engine, AgentCorrected(whom=OF_AGENT, agent_id="B1", confidence="likely"))

    leg = legs_of(engine)[1]
    assert (leg.label, leg.agent.confidence) == ("B1", "likely")
    assert found(engine, AgentClue("B1")) == 1


def test_nobody_is_the_agent_where_somebody_says_so(tmp_path: Path) -> None:
    """A visitor sat at the desk; the desk's owner still finds the call."""
    engine = catalog_with(tmp_path)
    amend(engine, AgentCorrected(whom=OF_AGENT, agent_id=""))

    agent = legs_of(engine)[1].agent
    assert (agent.agent_id, agent.attributed_by, agent.former_ids) == ("", "correction", ("A17",))
    assert found(engine, AgentClue("A17")) == 1


def test_a_corrected_number_is_in_force_and_the_former_one_still_finds_the_call(
    tmp_path: Path,
) -> None:
    """The PBX showed the number of the exchange, not of who called."""
    engine = catalog_with(tmp_path)
    written = amend(engine, NumberCorrected(whom=OF_CUSTOMER, number="03-5550-1234"))

    who = legs_of(engine)[0].who
    assert [each.shown for each in who.numbers] == ["+81355501234"]
    assert [each.shown for each in who.former_numbers] == ["+81312347788"]
    assert written.was == ("+81312347788",)
    assert [found(engine, number(each)) for each in ("0355501234", "0312347788", "7788")] == [1] * 3
    assert course_of(engine).found.direction == "inbound"


def test_a_corrected_extension_leads_to_who_sat_there(tmp_path: Path) -> None:
    """The table is asked for the number in force; who sat at the former one finds the call."""
    engine = catalog_with(tmp_path)
    amend(engine, NumberCorrected(whom=OF_AGENT, number="2002"))

    agent = legs_of(engine)[1].agent
    assert (agent.agent_id, agent.attributed_by, agent.former_ids) == ("A19", "table", ("A17",))
    assert found(engine, AgentClue("田中")) == 1


def test_a_corrected_side_goes_before_all_evidence_and_names_are_found_on_both(
    tmp_path: Path,
) -> None:
    """A line of ours was lent to a customer."""
    engine = catalog_with(tmp_path, *inbound(agent_names=("佐藤 花子",)))
    amend(engine, SideCorrected(whom=OF_AGENT, side="customer"))

    leg = legs_of(engine)[1]
    assert (leg.side, leg.decided.because) == ("customer", "correction")
    assert leg.agent.attributed_by == "none"
    assert found(engine, CustomerClue("佐藤")) == 1
    assert found(engine, AgentClue("佐藤")) == 1
    assert found(engine, AgentClue("A17")) == 1


def test_a_guess_gives_way_to_the_other_side_of_a_correction(tmp_path: Path) -> None:
    """The streams came in the other order: one word puts both right, and who called whom."""
    guessed = (
        opened(), stream(0), stream(1),
        party(0, "sip:9001@pbx.example", "customer", because="first_stream"),
        party(1, CUSTOMER, "agent", because="first_stream"),
    )  # fmt: skip
    engine = catalog_with(tmp_path, *guessed)
    amend(engine, SideCorrected(whom=OF_CUSTOMER, side="customer"))

    course = course_of(engine)
    assert [(leg.side, leg.decided.because) for leg in course.found.legs] == [
        ("agent", "counterpart"),
        ("customer", "correction"),
    ]
    assert course.found.direction == "inbound"
    assert "side_guessed" not in course.found.flags


def test_marks_in_force_are_told_from_former_ones(tmp_path: Path) -> None:
    """Access follows queue, controller and purposes as they are; both are found."""
    engine = catalog_with(tmp_path)
    amend(engine, QueueCorrected(queue="Sales"))
    amend(engine, PurposeCorrected(purposes=("training", "dispute")))
    written = amend(engine, TagRemoved(tag="gold"))
    amend(engine, TagAdded(tag="VIP"))

    assert marked(engine) == {
        ("route", "main"), ("queue", "sales"), ("controller", "acme"), ("purpose", "training"),
        ("purpose", "dispute"), ("tag", "vip"), ("former_queue", "support"),
        ("former_purpose", "quality"), ("former_tag", "gold"),
    }  # fmt: skip
    assert written.was == ("Gold",)
    assert found(engine, MarkClue("queue", "support")) == 1
    assert found(engine, MarkClue("queue", "sales")) == 1
    assert found(engine, MarkClue("tag", "gold")) == 1
    assert found(engine, MarkClue("tag", "silver")) == 0


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (QueueCorrected(queue="Sales"), {"queues": {"support"}}, {"queues": {"sales"}}),
        (
            ControllerCorrected(controller="Initech"),
            {"controllers": {"acme"}},
            {"controllers": {"initech"}},
        ),
        (
            NumberCorrected(whom=OF_CUSTOMER, number="03-5550-1234"),
            {"numbers": {"+81312347788"}},
            {"numbers": {"+8135550*"}},
        ),
    ],
)
def test_reach_follows_what_is_in_force(
    tmp_path: Path, change: Change, before: dict[str, set[str]], after: dict[str, set[str]]
) -> None:
    """Who had the call by a mistake has it no more, though a search finds it by the mistake."""
    engine = catalog_with(tmp_path)

    def seen(**reach: set[str]) -> Sight:
        rule = ReachRule(**{kind: frozenset(values) for kind, values in reach.items()})
        with reading(engine) as connection:
            return sight(connection, DEFAULT_TENANT, Within(reach=(rule,)), ONE)

    assert [seen(**before), seen(**after)] == [Sight.COVERED, Sight.NOTHING]
    amend(engine, change)
    assert [seen(**before), seen(**after)] == [Sight.NOTHING, Sight.COVERED]


def test_a_purpose_covers_what_it_is_now_one_of(tmp_path: Path) -> None:
    """Recorded under the wrong one."""
    engine = catalog_with(tmp_path)
    amend(engine, PurposeCorrected(purposes=("training",)))

    with reading(engine) as connection:
        seen = [
            sight(connection, DEFAULT_TENANT, Within(reach=EVERYWHERE, purpose=code), ONE)
            for code in ("quality", "training")
        ]
    assert seen == [Sight.UNCOVERED, Sight.COVERED]


def test_what_was_corrected_is_read_with_author_time_and_reason(tmp_path: Path) -> None:
    """Oldest first, notes among them; the marks in force as they were written."""
    engine = catalog_with(tmp_path)
    amend(engine, QueueCorrected(queue="Sales"), why="moved")
    amend(engine, NoteWritten(text="She called\nagain."), why="")

    told = course_of(engine).amended
    assert [(each.author, each.at_us, each.reason, each.was) for each in told.corrections] == [
        ("yamada", NOW_US, "moved", ("support",)),
        ("yamada", NOW_US, "", ()),
    ]
    assert told.corrections[1].change == NoteWritten(text="She called\nagain.")
    assert told.corrections[0].journal < told.corrections[1].journal
    assert ("queue", "Sales") in told.marks
    assert ("queue", "support") not in told.marks


ALL: tuple[Change, ...] = (
    AgentCorrected(whom=OF_AGENT, agent_id="A19"),
    NumberCorrected(whom=OF_CUSTOMER, number="03-5550-1234"),
    SideCorrected(whom=OF_CUSTOMER, side="unknown"),
    QueueCorrected(queue="Sales"),
    PurposeCorrected(purposes=("training",)),
    TagAdded(tag="VIP"),
    NoteWritten(text="She called again."),
)


def test_a_rebuild_gives_the_rows_of_what_was_corrected(tmp_path: Path) -> None:
    """The index is made of the archive and the register, and of nothing else."""
    engine = catalog_with(tmp_path)
    for change in ALL:
        amend(engine, change)
    before = index_dump(engine)

    rebuild(engine, [adoption(1, (*inbound(), TAKEN))])

    assert index_dump(engine) == before
    assert "A19" in repr(before["leg"])


def test_a_later_form_of_the_derivation_keeps_what_was_corrected(tmp_path: Path) -> None:
    """The keeper makes old rows anew, in the background."""
    engine = catalog_with(tmp_path)
    for change in ALL:
        amend(engine, change)
    before = index_dump(engine)
    with writing(engine) as connection:
        connection.execute(update(recording).values(derived=0, direction="unknown"))

    assert CatalogWriter(engine, lambda: NOW_US).derive(10) == 1
    assert index_dump(engine) == before


@pytest.mark.parametrize("decided_at_once", [0, 500])
@pytest.mark.parametrize("agent_id", ["A19", ""])
def test_an_import_of_agents_does_not_overwrite_a_corrected_agent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, agent_id: str, decided_at_once: int
) -> None:
    """Whoever heard the call knows better than whoever keeps the table.

    Not even until the keeper has made the rows anew, where an import changes many.
    """
    monkeypatch.setattr(agents, "DECIDED_AT_ONCE", decided_at_once)
    engine = catalog_with(tmp_path)
    amend(engine, AgentCorrected(whom=OF_AGENT, agent_id=agent_id))
    moved = AGENTS_CSV.replace("A17,田中 真由", "A20,田中 真由")
    import_agents(engine, moved.encode(), TOKYO, access())

    agent = legs_of(engine)[1].agent
    assert (agent.agent_id, agent.attributed_by) == (agent_id, "correction")


def test_a_corrected_agent_has_the_name_of_the_table_in_force(tmp_path: Path) -> None:
    """He married; the import that says so is of another seat than the call's."""
    engine = catalog_with(tmp_path)
    amend(engine, AgentCorrected(whom=OF_AGENT, agent_id="A19"))
    import_agents(engine, AGENTS_CSV.replace("大野 守", "小野 守").encode(), TOKYO, access())

    assert legs_of(engine)[1].agent.name == "小野 守"
    assert found(engine, AgentClue("小野")) == 1


@pytest.mark.parametrize("decided_at_once", [0, 500])
def test_an_import_does_not_go_by_a_number_that_was_corrected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decided_at_once: int
) -> None:
    """The former number is found, and says nothing of whose seat it was."""
    monkeypatch.setattr(agents, "DECIDED_AT_ONCE", decided_at_once)
    engine = catalog_with(tmp_path, table=AGENTS_CSV.splitlines(keepends=True)[0])
    amend(engine, NumberCorrected(whom=OF_AGENT, number="2009"))
    import_agents(engine, AGENTS_CSV.encode(), TOKYO, access())

    assert legs_of(engine)[1].agent.agent_id == ""


@pytest.mark.parametrize(
    ("whom", "kept"),
    [
        (BySide(side="customer"), OF_CUSTOMER),
        (ByStream(stream=0), OF_CUSTOMER),
        (OF_CUSTOMER, OF_CUSTOMER),
    ],
)
def test_who_is_meant_is_kept_by_the_clients_id(tmp_path: Path, whom: Whom, kept: Whom) -> None:
    """Sides and streams are somebody else's later on."""
    engine = catalog_with(tmp_path)
    written = amend(engine, NumberCorrected(whom=whom, number="1"))

    assert written.change == NumberCorrected(whom=kept, number="1")


GUESSED = ByParticipant(participant="participant of sip:4711@x.example")


@pytest.mark.parametrize("whom", [BySide(side="agent"), GUESSED])
def test_a_correction_of_whose_side_was_a_guess_says_so(tmp_path: Path, whom: Whom) -> None:
    """Who corrects "the agent" has named whom somebody guessed to be it; what it was is no fact."""
    guessed = tuple(
        replace(each, because="first_stream") if isinstance(each, StreamPartyKnown) else each
        for each in inbound(agent="sip:4711@x.example")
    )
    engine = catalog_with(tmp_path, *guessed)
    meant = ByParticipant(participant="participant of sip:4711@x.example")
    written = amend(
        engine, SideCorrected(whom=whom if whom != OF_AGENT else meant, side="customer")
    )
    (kept,) = course_of(engine).amended.corrections

    assert written.change == kept.change
    assert kept.change == SideCorrected(whom=replace(GUESSED, side_guessed=True), side="customer")


def test_who_has_no_id_is_kept_by_the_stream_on_which_he_speaks(tmp_path: Path) -> None:
    """A client without metadata names nobody."""
    nobody = StreamPartyKnown(
        at_us=STARTED_US, stream=1, participant="", aor="", names=(Name("x"),), side="agent",
        because="first_stream",
    )  # fmt: skip
    engine = catalog_with(tmp_path, opened(), stream(1), nobody)
    written = amend(engine, NumberCorrected(whom=BySide(side="agent"), number="2002"))

    assert written.change == NumberCorrected(
        whom=ByStream(stream=1, side_guessed=True), number="2002"
    )
    assert [leg.agent.agent_id for leg in legs_of(engine)] == ["A19"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (SideCorrected(whom=ByParticipant(participant="x"), side="agent"), "whom"),
        (SideCorrected(whom=ByParticipant(participant=""), side="agent"), "whom"),
        (SideCorrected(whom=ByStream(stream=9), side="agent"), "whom"),
        (SideCorrected(whom=BySide(side="unknown"), side="agent"), "whom"),
        (TagRemoved(tag="silver"), "value"),
        (PurposeCorrected(purposes=()), "value"),
    ],
)
def test_what_cannot_be_so_is_refused_and_leaves_nothing(
    tmp_path: Path, change: Change, field: str
) -> None:
    """What is written there cannot be taken back."""
    engine = catalog_with(tmp_path)
    with pytest.raises(CorrectionRefused) as refused:
        amend(engine, change)

    assert refused.value.field == field
    assert course_of(engine).amended.corrections == ()


def test_one_of_several_must_be_named(tmp_path: Path) -> None:
    """Two agents, and "the agent" is nobody."""
    third = party(2, "sip:2002@pbx.example", "agent")
    engine = catalog_with(tmp_path, *inbound()[:-1], stream(2), third)

    with pytest.raises(CorrectionRefused, match="several"):
        amend(engine, AgentCorrected(whom=BySide(side="agent"), agent_id="A19"))


def test_a_recording_that_is_not_there_is_not_corrected(tmp_path: Path) -> None:
    """Nor one of another tenant: the grant is of one."""
    engine = catalog_with(tmp_path)

    with pytest.raises(CorrectionRefused):
        amend(engine, TagAdded(tag="vip"), recording_id(2))


def test_the_grant_must_be_for_this_recording(tmp_path: Path) -> None:
    """The journal would name another one."""
    engine = catalog_with(tmp_path)
    granted = grant(engine, CorrectGrant, Ask(access=access(), target=recording_id(2)))

    with pytest.raises(NotGranted), writing(engine) as connection:
        correct(connection, ONE, TagAdded(tag="vip"), "", granted)


def test_a_recording_has_so_many_tags_and_not_one_more(tmp_path: Path) -> None:
    """One is there already."""
    engine = catalog_with(tmp_path)
    for place in range(MAX_TAGS - 1):
        amend(engine, TagAdded(tag=str(place)))

    with pytest.raises(CorrectionRefused):
        amend(engine, TagAdded(tag="one more"))


def test_a_recording_has_so_many_corrections_and_not_one_more(tmp_path: Path) -> None:
    """Each is merged whenever its rows are made anew."""
    engine = catalog_with(tmp_path)
    written = amend(engine, NoteWritten(text="x"))
    with writing(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        for _ in range(MAX_CORRECTIONS - 1):
            append_correction(connection, tenant, ONE, written)

    with pytest.raises(CorrectionRefused, match="corrections"):
        amend(engine, NoteWritten(text="one more"))
    with reading(engine) as connection:
        assert len(corrections_of(connection, tenant, ONE)) == MAX_CORRECTIONS


def test_what_this_version_cannot_read_is_not_corrected(tmp_path: Path) -> None:
    """Nobody can say what was there; whoever reads it writes later."""
    engine = catalog_with(tmp_path)
    with writing(engine) as connection:
        later = b'{"type":"of a later version"}'
        change_events(connection, lambda told: dict.fromkeys(told, later))

    with pytest.raises(EventsUnread):
        amend(engine, TagAdded(tag="vip"))
    with reading(engine) as connection:
        tenant = tenant_row(connection, DEFAULT_TENANT)
        assert corrections_of(connection, tenant, ONE) == ()
