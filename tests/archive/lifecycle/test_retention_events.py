"""What is told that begins periods, as people and their systems write it."""

from datetime import date

import pytest

from archive.flaws import Flaw, LineRefused, PartRefused, PartsRefused
from archive.folded_names import fold_name
from archive.lifecycle.retention_events import (
    AGENT_LEFT,
    CONTRACT_END,
    MAX_FAULTS,
    MAX_KEY_CHARS,
    EventKey,
    ToldEvent,
    keys_of,
    read_events,
)

HEADER = "kind,key,date\n"


def faults(text: str | bytes) -> list[tuple[int, object]]:
    """The line of each, and what it is."""
    with pytest.raises(PartsRefused) as refused:
        read_events(text if isinstance(text, bytes) else text.encode())
    found = refused.value.faults
    assert all(isinstance(each, LineRefused) for each in found)
    return [(each.line, each.flaw) for each in found if isinstance(each, LineRefused)]


def test_a_table_is_read_whatever_the_order_of_its_columns() -> None:
    """None takes back what was told by mistake."""
    text = (
        "key,date,kind\n K-17 ,2026-03-31,contract_end\nA1,none,agent_left\n"
        "w-1,2027-01-01,event: Warranty \n"
    )

    assert read_events(text.encode()).events == (
        ToldEvent(kind=CONTRACT_END, key="K-17", day=date(2026, 3, 31)),
        ToldEvent(kind=AGENT_LEFT, key="A1", day=None),
        ToldEvent(kind="event:warranty", key="w-1", day=date(2027, 1, 1)),
    )


def test_every_fault_is_told_at_once() -> None:
    """Who mends a table of a thousand lines does not send it a thousand times."""
    text = (
        HEADER
        + "contract,K-1,2026-02-30\ncontract_end,,31.3.2026\nagent_left,A1\ncontract_end,K-2,none\n"
    )

    assert faults(text) == [
        (2, Flaw.TABLE_KIND),
        (2, Flaw.TABLE_DAY),
        (3, Flaw.TABLE_KEY),
        (3, Flaw.TABLE_DAY),
        (4, Flaw.TABLE_FIELDS),
    ]


def test_two_days_for_one_key_are_refused_and_the_same_day_twice_is_not() -> None:
    """Which of the two is meant nobody here can know; keys are compared as tags are."""
    same = HEADER + "contract_end,K-1,2026-03-31\ncontract_end,k-1,2026-03-31\n"
    other = HEADER + "contract_end,K-1,2026-03-31\ncontract_end,k-1,2026-04-01\n"

    assert len(read_events(same.encode()).events) == 1
    assert faults(other) == [(3, Flaw.TABLE_TWICE)]


@pytest.mark.parametrize(
    ("content", "flaw"),
    [
        ("", Flaw.TABLE_HEADER),
        ("kind,key\n", Flaw.TABLE_HEADER),
        (HEADER.strip() + ",more\n", Flaw.TABLE_HEADER),
        (b"\x81\x20", Flaw.TABLE_ENCODING),
    ],
)
def test_what_is_no_such_table_is_said_of_its_first_line(content: str | bytes, flaw: Flaw) -> None:
    """Another table was sent."""
    assert faults(content) == [(1, flaw)]


def test_a_quotation_mark_without_end_is_told() -> None:
    """All behind it would be one key."""
    assert faults(HEADER + 'contract_end,"K-1,2026-03-31\n') == [(2, Flaw.TABLE_NOT_CSV)]


def test_a_wrong_table_does_not_answer_with_a_book() -> None:
    """After so many faults nobody reads on."""
    assert len(faults(HEADER + "x,y,z\n" * 1_000)) == MAX_FAULTS


def test_a_table_that_is_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is another one."""
    monkeypatch.setattr("archive.lifecycle.retention_events.MAX_ROWS", 1)

    assert faults(HEADER + "agent_left,A1,none\nagent_left,A2,none\n") == [(3, Flaw.TABLE_ROWS)]


@pytest.mark.parametrize(
    ("kind", "key", "day", "column"),
    [
        ("call_end", "K", "2026-04-01", "kind"),
        ("event:", "K", "2026-04-01", "kind"),
        ("warranty", "K", "2026-04-01", "kind"),
        ("agent_left", " ", "2026-04-01", "key"),
        ("agent_left", "a\nb", "2026-04-01", "key"),
        ("agent_left", "x" * (MAX_KEY_CHARS + 1), "2026-04-01", "key"),
        ("agent_left", "A1", "", "date"),
        ("agent_left", "A1", "20260401", "date"),
        ("agent_left", "A1", "2026-04-01T00:00", "date"),
        ("agent_left", "A1", "1899-12-31", "date"),
        ("agent_left", "A1", "2200-01-01", "date"),
        ("agent_left", "A1", "2026-04-31", "date"),
    ],
)
def test_what_is_wrong_with_one_is_said_of_its_field(
    kind: str, key: str, day: str, column: str
) -> None:
    """A call's end nobody tells; a day far off would be a slip that keeps or ends everything."""
    with pytest.raises(PartRefused) as refused:
        ToldEvent.of(kind, key, day)

    assert refused.value.field == column


def test_the_keys_of_a_recording_are_those_of_its_tags_and_agents() -> None:
    """What is told of the tag finds the recording again by the same tag."""
    found = set(keys_of({"contract:k-1", "case: 7", "warranty:w:1", "vip", "x:"}, {"a17"}))

    assert found == {
        EventKey("contract_end", "k-1"),
        EventKey("case_closed", "7"),
        EventKey("event:warranty", "w:1"),
        EventKey("agent_left", "a17"),
    }
    assert {each.tag for each in found} == {"contract:k-1", "case:7", "warranty:w:1", ""}


def test_a_refusal_holds_nothing_of_the_table() -> None:
    """It is logged; a key is that of a customer's contract."""
    with pytest.raises(PartsRefused) as refused:
        read_events((HEADER + "contract_end,K-17,soon\n").encode())

    assert "K-17" not in str(refused.value)
    assert "soon" not in str(refused.value)


def test_a_day_out_of_range_is_a_flaw_of_its_line_alone() -> None:
    """Systems write 9999-12-31 where there is no end yet; a night's table is not lost by that."""
    rows = "contract_end,K-1,9999-12-31\ncontract_end,K-2,2026-03-31\nagent_left,A1,1899-12-31\n"

    told = read_events((HEADER + rows).encode())

    assert [each.key for each in told.events] == ["K-2"]
    assert told.out_of_range == (2, 4)


def test_beside_another_mistake_days_out_of_range_are_told_too() -> None:
    """The table is refused then, and everything is said at once."""
    rows = "contract_end,K-1,9999-12-31\ncontract_end,,2026-03-31\n"

    assert faults(HEADER + rows) == [(2, Flaw.TABLE_DAY_RANGE), (3, Flaw.TABLE_KEY)]


def test_one_day_out_of_range_is_said_to_be_that() -> None:
    """And not that it is written in another form."""
    with pytest.raises(PartRefused) as refused:
        ToldEvent.of(CONTRACT_END, "K-1", "2200-01-01")

    assert refused.value.flaw is Flaw.EVENT_DAY_RANGE


def test_a_tag_and_what_is_told_of_it_meet_in_whichever_writing() -> None:
    """A wide letter and a wide colon are how it was typed."""
    told = ToldEvent.of("event:ＷＡＲＲＡＮＴＹ", "Ｗ－１", "2026-03-31")

    assert told.about in set(keys_of({fold_name("Warranty：w-1")}, ()))
