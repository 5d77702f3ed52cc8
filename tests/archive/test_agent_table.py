"""The table of agents as people write it."""

import pytest

from archive.agent_table import ALWAYS_US, COLUMNS, FOREVER_US, AgentTableRefused, read_agents
from tests.archive.catalog.examples import AGENTS_CSV, TOKYO, us

HEADER = ",".join(COLUMNS)


def one(row: str) -> bytes:
    return f"{HEADER}\n{row}\n".encode()


def test_a_table_is_read_row_by_row() -> None:
    """Names in four spellings, a seat, and when it was hers."""
    tanaka, nakata, ono = read_agents(AGENTS_CSV.encode(), TOKYO)

    assert tanaka.names == ("田中 真由", "タナカ マユ", "Tanaka Mayu", "まゆさん", "中田")
    assert tanaka.extension == nakata.extension == "2001"
    assert tanaka.valid_from_us == us("2026-10-01T00:00")
    assert tanaka.valid_to_us == nakata.valid_from_us == us("2026-11-01T00:00")
    assert (nakata.valid_to_us, ono.valid_from_us) == (FOREVER_US, ALWAYS_US)


def test_a_table_may_say_whose_team_an_agent_is_in() -> None:
    """In any column; tables that were written before there were teams stay as they are."""
    teams = f"team,{HEADER}\n 東京 Red ,A1,n,,,,1,,\n,A2,m,,,,2,,\n".encode()

    assert [period.team for period in read_agents(teams, TOKYO)] == ["東京 Red", ""]
    assert [period.team for period in read_agents(one("A1,n,,,,1,,"), TOKYO)] == [""]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_table_comes_from_any_spreadsheet(encoding: str) -> None:
    """Japanese Excel writes Shift-JIS, and a byte order mark where it writes UTF-8."""
    content = f"{HEADER}\nA17,田中 真由,タナカ,,,2001,,\n".encode(encoding)

    (period,) = read_agents(content, TOKYO)

    assert period.name == "田中 真由"


@pytest.mark.parametrize(
    ("valid_from", "expected"),
    [
        ("2026-10-01", "2026-10-01T00:00"),
        ("2026-10-01T09:30", "2026-10-01T09:30"),
        ("2026-10-01 09:30", "2026-10-01T09:30"),
        ("2026-10-01T00:30:00+00:00", "2026-10-01T09:30"),
    ],
)
def test_a_time_without_offset_is_in_the_zone_that_was_given(
    valid_from: str, expected: str
) -> None:
    """The zone is an argument of the import, never the server's."""
    (period,) = read_agents(one(f"A1,n,,,,1,{valid_from},"), TOKYO)

    assert period.valid_from_us == us(expected)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"", 1),
        (b"agent_id,name\n", 1),
        (HEADER.encode() + b",more\n", 1),
        (HEADER.encode() + b",team,team\n", 1),
        (HEADER.encode() + b",team\nA1,n,,,,1,,\n", 2),
        (b"\xff\xff\xff", 1),
        (one(",n,,,,1,,"), 2),
        (one("A1,,,,,1,,"), 2),
        (one("A1,n,,,,,,"), 2),
        (one("A1,n,,,,1,yesterday,"), 2),
        (one("A1,n,,,,1,2026-10-02,2026-10-01"), 2),
        (one("A1,n,,,,1"), 2),
        (one("A1,n,,,,1,,,,"), 2),
        (one('A1,"n'), 2),
        (one("A1,n,,,,1,,\nA2,m,,,,1,,"), 3),
        (one("A1,n,,,,1,2026-10-01,2026-10-31\nA2,m,,,,1,2026-10-31,"), 3),
    ],
)
def test_a_table_that_contradicts_itself_is_refused_with_its_line(
    content: bytes, line: int
) -> None:
    """Two agents on one seat at once would make the archive name the wrong one."""
    with pytest.raises(AgentTableRefused) as refused:
        read_agents(content, TOKYO)

    assert refused.value.line == line


def test_a_refusal_names_nobody() -> None:
    """It is logged."""
    with pytest.raises(AgentTableRefused) as refused:
        read_agents(one("A17,田中 真由,,,,2001,soon,"), TOKYO)

    assert "田中" not in str(refused.value)
    assert "2001" not in str(refused.value)
