"""What a legal hold is over, in words."""

import pytest

from api.words.clue_words import ScopeLine, lines_of
from archive.access.query import (
    ALWAYS,
    AgentClue,
    AnyAgentClue,
    Clue,
    CustomerClue,
    DirectionClue,
    DurationClue,
    IdClue,
    MarkClue,
    PhoneClue,
    SearchQuery,
)


@pytest.mark.parametrize(
    ("clue", "line"),
    [
        (AgentClue("田中"), ScopeLine("Agent", "田中")),
        (AnyAgentClue((AgentClue("田中"), AgentClue("佐藤"))), ScopeLine("Agent", "田中, 佐藤")),
        (CustomerClue("鈴木"), ScopeLine("Customer", "鈴木")),
        (PhoneClue.parse("7788", "JP"), ScopeLine("Telephone number", "7788")),
        (DirectionClue("inbound"), ScopeLine("Direction", "inbound", "direction")),
        (IdClue("one@example"), ScopeLine("Id of the call", "one@example")),
        (MarkClue("queue", "解約"), ScopeLine("Queue", "解約")),
        (MarkClue("notice", "failed"), ScopeLine("Recording notice", "failed", "notice")),
        (MarkClue("controller", "B"), ScopeLine("controller", "B")),
        (DurationClue(min_ms=0, max_ms=90_000), ScopeLine("Length", "0:00 – 1:30")),
    ],
)
def test_a_clue_has_a_name_and_its_value(clue: Clue, line: ScopeLine) -> None:
    """As it stands in the form of the search."""
    assert list(lines_of(SearchQuery(window=ALWAYS, clues=(clue,)))) == [line]
