"""Verdicts of names, teams, queues and extensions that are told, by those of a call.

Pure; by the similarities that the ranking goes by. Knows nothing of other calls.
"""

from collections.abc import Callable, Sequence
from typing import Final

from archive.folded_names import fold_name
from archive.locate.answer.facts import CallFacts
from archive.locate.answer.number_verdicts import digits_verdict
from archive.locate.answer.verdict import (
    Because,
    Verdict,
    best_of,
    conflicts,
    is_near,
    matches,
    not_known,
)
from archive.locate.clues import AgentClue, ExtensionClue, QueueClue, TeamClue
from archive.locate.ranking.agent_texts import label_fit
from archive.locate.ranking.people import SpokenWith
from archive.locate.who.name_table import Part
from archive.locate.who.similarity import FLOOR, Kind, Similarity

# A remembered name and all names of one person: how alike they are.
CompareNames = Callable[[str, Sequence[str]], Similarity]

_REASONS: Final = {
    Kind.SAME: Because.SAME_NAME,
    Kind.VARIANT: Because.OTHER_WRITING,
    Kind.SAME_READING: Because.SAME_READING,
    Kind.LONG_VOWEL: Because.LONG_VOWEL,
    Kind.SOKUON: Because.SOKUON,
    Kind.DAKUTEN: Because.DAKUTEN,
    Kind.SPELLING: Because.OTHER_SPELLING,
    Kind.SHORT_FORM: Because.SHORT_FORM,
    Kind.PREFIX: Because.CUT_SHORT,
    Kind.SWAPPED: Because.SWAPPED_SOUNDS,
    Kind.CONFUSED: Because.LIKE_SOUNDS,
}
_SAME: Final = (Kind.SAME, Kind.VARIANT)
# What is told fits in full: the beginning of a name that was told as one does too.
_IN_FULL: Final = -0.1
_ONE_OF_TWO: Final = -3.0


def agent_verdict(clue: AgentClue, call: CallFacts, compare: CompareNames) -> Verdict:
    """Of the agent who fits best, by id or any of the names of then."""
    known = [each for each in call.agents if each.names or each.agent_id]
    if not known:
        return not_known(Because.NO_AGENT)
    return best_of(_agent(name, each, compare) for name in clue.names for each in known)


def _agent(told: str, agent: SpokenWith, compare: CompareNames) -> Verdict:
    shown = agent.names[0] if agent.names else agent.agent_id
    if agent.agent_id and fold_name(agent.agent_id) == fold_name(told):
        return matches(Because.SAME_ID, name=shown)
    return name_verdict(told, agent.names, compare) if agent.names else not_known(Because.NO_AGENT)


def name_verdict(told: str, names: Sequence[str], compare: CompareNames) -> Verdict:
    found, shown = compare(told, names), names[0]
    if found.kind is Kind.NONE or found.log_rate <= FLOOR:
        return conflicts(Because.OTHER_NAME, name=shown)
    if found.kind in _SAME and found.log_rate < _IN_FULL:
        # The given name alone fits all that is told; of two words one that does not fit none.
        if found.part is Part.GIVEN and found.log_rate > _ONE_OF_TWO:
            return matches(Because.NAME_IN_PART, name=shown)
        return is_near(Because.NAME_IN_PART, found.log_rate, name=shown)
    if found.log_rate >= _IN_FULL:
        return matches(_REASONS[found.kind], name=shown)
    return is_near(_REASONS[found.kind], found.log_rate, name=shown)


def team_verdict(clue: TeamClue, call: CallFacts) -> Verdict:
    return _label(
        clue.names, tuple(each.team for each in call.agents if each.team), Because.NO_TEAM
    )


def queue_verdict(clue: QueueClue, call: CallFacts) -> Verdict:
    return _label(clue.names, call.route.queues, Because.NO_QUEUE)


def _label(told: tuple[str, ...], labels: tuple[str, ...], missing: Because) -> Verdict:
    if not labels:
        return not_known(missing)
    fit, shown = label_fit(told, labels), ", ".join(labels)
    if fit == 1:
        return matches(Because.AS_TOLD)
    return (is_near if fit else conflicts)(
        Because.LABEL_IN_PART if fit else Because.OTHER_LABEL, name=shown
    )


def extension_verdict(clue: ExtensionClue, call: CallFacts) -> Verdict:
    own = tuple(each.extension[::-1] for each in call.agents if each.extension)
    return digits_verdict(clue.number, own) if own else not_known(Because.NO_EXTENSION)
