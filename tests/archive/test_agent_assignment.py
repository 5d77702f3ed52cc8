"""A stretch of an extension becomes an agent's, and the rest of the table stays."""

from dataclasses import replace

import pytest

from archive.agent_assignment import Assignment, AssignmentRefused, with_assigned
from archive.agent_table import ALWAYS_US, FOREVER_US, AgentPeriod
from archive.flaws import Flaw


def period(agent: str, extension: str, begin: int, end: int, name: str = "") -> AgentPeriod:
    return AgentPeriod(
        agent_id=agent,
        name=name or agent,
        kana="",
        romaji="",
        aliases=(),
        extension=extension,
        valid_from_us=begin,
        valid_to_us=end,
    )


SAID = Assignment(agent_id="B", extension="1", from_us=20, until_us=30, reason="sat there")
OWN = period("B", "2", 0, 100)
HIS = period("B", "1", 20, 30)


@pytest.mark.parametrize(
    ("before", "left"),
    [
        ([], []),
        ([period("A", "1", 0, 100)], [period("A", "1", 0, 20), period("A", "1", 30, 100)]),
        ([period("A", "1", 25, 100)], [period("A", "1", 30, 100)]),
        ([period("A", "1", 0, 25)], [period("A", "1", 0, 20)]),
        ([period("A", "1", 22, 28)], []),
        ([period("A", "1", 20, 30)], []),
        ([period("A", "1", 0, 20), period("C", "1", 30, 40)],) * 2,
        ([period("A", "3", 0, 100)],) * 2,
        (
            [period("A", "1", ALWAYS_US, FOREVER_US)],
            [period("A", "1", ALWAYS_US, 20), period("A", "1", 30, FOREVER_US)],
        ),
    ],
)
def test_what_others_had_of_the_stretch_is_cut_out(
    before: list[AgentPeriod], left: list[AgentPeriod]
) -> None:
    """One seat has one agent at a time; before and behind it nothing changes."""
    assert with_assigned([*before, OWN], SAID) == (*left, OWN, HIS)


def test_twice_is_once() -> None:
    """Whoever is not sure that it was written writes it again."""
    once = with_assigned([period("A", "1", 0, 100), OWN], SAID)

    assert set(with_assigned(once, SAID)) == set(once)


@pytest.mark.parametrize(
    ("from_us", "name"), [(0, "Maiden"), (45, "Maiden"), (50, "Married"), (200, "Married")]
)
def test_he_is_called_as_the_table_calls_him_then(from_us: int, name: str) -> None:
    """A changed name: as of the stretch, else the nearest before, else the first."""
    table = [period("B", "2", 10, 50, "Maiden"), period("B", "2", 50, 100, "Married")]
    *_, new = with_assigned(table, replace(SAID, from_us=from_us, until_us=from_us + 1))

    assert new.name == name


@pytest.mark.parametrize(
    ("said", "field", "flaw"),
    [
        (replace(SAID, agent_id="Z"), "agent_id", Flaw.NO_AGENT),
        (replace(SAID, reason=" "), "reason", Flaw.EMPTY),
        (replace(SAID, extension=""), "extension", Flaw.EMPTY),
        (replace(SAID, extension="1\n"), "extension", Flaw.CONTROLS),
        (replace(SAID, extension=" 1"), "extension", Flaw.BLANKS),
        (replace(SAID, reason="x" * 501), "reason", Flaw.LENGTH),
        (replace(SAID, until_us=20), "to", Flaw.ENDS_FIRST),
        (replace(SAID, from_us=-1), "to", Flaw.ENDS_FIRST),
        (replace(SAID, until_us=FOREVER_US + 1), "to", Flaw.ENDS_FIRST),
    ],
)
def test_what_cannot_be_is_refused_by_name(said: Assignment, field: str, flaw: Flaw) -> None:
    """An id that nobody has is a slip of the hand."""
    with pytest.raises(AssignmentRefused) as refused:
        with_assigned([OWN], said)

    assert (refused.value.field, refused.value.flaw) == (field, flaw)
