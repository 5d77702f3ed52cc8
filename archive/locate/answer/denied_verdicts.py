"""Verdicts of what is said not to be: the other way round, of each agent of a call by itself.

Pure. Knows nothing of how a clue is held against a call.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from archive.locate.answer.facts import CallFacts
from archive.locate.answer.verdict import (
    Because,
    Outcome,
    Verdict,
    best_of,
    conflicts,
    is_near,
    matches,
)
from archive.locate.clues import AgentClue, DeniedClue, ExtensionClue, NumberClue, TeamClue

_OF_AGENTS: Final = (AgentClue, TeamClue, ExtensionClue)
_NUMBERS: Final = (NumberClue, ExtensionClue)
# What is less like it is another one.
_ALIKE: Final = -0.92


def denied_verdict(
    clue: DeniedClue, call: CallFacts, judge: Callable[[CallFacts], Verdict]
) -> Verdict:
    """Of several agents the one who fits best, as in the ranking: who was not him."""
    parts = [call]
    if isinstance(clue.value, _OF_AGENTS) and call.agents:
        parts = [replace(call, agents=(each,)) for each in call.agents]
    return best_of(_turned(judge(each), clue) for each in parts)


def _turned(found: Verdict, clue: DeniedClue) -> Verdict:
    is_number = isinstance(clue.value, _NUMBERS)
    name = "" if is_number else str(found.values.get("name") or ", ".join(_names(clue)))
    match found.outcome:
        case Outcome.UNKNOWN:
            return found
        case Outcome.MATCH if is_number:
            return conflicts(Because.SAID_NOT_NUMBER)
        case Outcome.MATCH:
            return conflicts(Because.SAID_NOT, name=name)
        case Outcome.NEAR if not is_number and found.log_rate >= _ALIKE:
            return is_near(Because.LIKE_SAID_NOT, found.log_rate, name=name)
        case _:
            is_person = isinstance(clue.value, AgentClue)
            return matches(Because.SOMEONE_ELSE if is_person else Because.ANOTHER_ONE)


def _names(clue: DeniedClue) -> tuple[str, ...]:
    value = clue.value
    return () if isinstance(value, _NUMBERS) else value.names
