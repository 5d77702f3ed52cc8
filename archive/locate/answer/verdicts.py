"""Verdicts of all clues on a conversation, worked out anew from what is stored of it.

Pure. Knows nothing of scores: a verdict is true whatever the ranking made of the clue.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import exp
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from archive.ids import ConversationId
from archive.locate.answer.customer_verdicts import customer_verdict
from archive.locate.answer.denied_verdicts import denied_verdict
from archive.locate.answer.facts import CallFacts, ConversationFacts
from archive.locate.answer.number_verdicts import dialled_verdict, number_verdict
from archive.locate.answer.verdict import (
    Because,
    Outcome,
    Verdict,
    best_of,
    conflicts,
    is_near,
    matches,
    not_known,
)
from archive.locate.answer.when_verdict import when_verdict
from archive.locate.answer.who_verdicts import (
    CompareNames,
    agent_verdict,
    extension_verdict,
    queue_verdict,
    team_verdict,
)
from archive.locate.clues import (
    AgentClue,
    BesideClue,
    Clue,
    CustomerClue,
    DeniedClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    IdClue,
    LengthClue,
    NotClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
    WhenClue,
)
from archive.locate.gist import FLOOR, bigrams, gist_similarity, is_reference
from archive.locate.ranking.memory_rates import GUESSED
from archive.locate.who.similarity import name_similarity

# Lengths are remembered too long or too short by this: twice their spread.
_NEAR_LENGTH: Final = exp(2 * GUESSED.other.length)
_LOST: Final = {"not_recorded": Because.NOT_RECORDED, "destroyed": Because.DESTROYED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The zone of the answer, its day, the calls that clues name, and how names are compared.

    Kanji are read as those of the table of agents read them: who has the table compares by it.
    """

    zone: ZoneInfo
    today: date | None = None
    others: Mapping[ConversationId, ConversationFacts] = field(default_factory=dict)
    compare_names: CompareNames = name_similarity


def verdicts(
    clues: Sequence[Clue], facts: ConversationFacts, context: Context
) -> tuple[Verdict, ...]:
    """One for each clue, in their order."""
    return tuple(_left_over(each, _verdict(each.value, facts, context)) for each in clues)


def _left_over(clue: Clue, found: Verdict) -> Verdict:
    """Words of which nothing says that they tell of the call are no conflict; a reference is."""
    if not clue.guessed or found.outcome is not Outcome.CONFLICT:
        return found
    match clue.value:
        case CustomerClue():
            return not_known(Because.PERHAPS_NO_NAME)
        case GistClue(text) if not is_reference(text):
            return not_known(Because.PERHAPS_NO_GIST)
        case AgentClue() | ExtensionClue() | NumberClue() | QueueClue() | TeamClue():
            return not_known(Because.PERHAPS_OTHERWISE)
        case _:
            return found


def _verdict(value: Value, facts: ConversationFacts, context: Context) -> Verdict:
    if isinstance(value, NotClue):
        is_this = value.call == facts.conversation
        return conflicts(Because.THIS_CALL) if is_this else matches(Because.OTHER_CALL)
    if isinstance(value, BesideClue):
        return _beside(value, facts, context.others.get(value.call))
    if isinstance(value, DeniedClue):
        found = best_of(_denied(value, each, context) for each in facts.calls)
    elif isinstance(value, LengthClue):
        found = _length(value, facts.length_ms)
    else:
        found = best_of(_of_call(value, each, context) for each in facts.calls)
    is_lost = found.outcome is Outcome.UNKNOWN and found.because is not Because.NO_TIME
    # Of a call that was withheld that is known, recorded or not.
    if is_lost and facts.state in _LOST and found.because is not Because.NUMBER_WITHHELD:
        return replace(found, because=_LOST[facts.state])
    return found


def _denied(value: DeniedClue, call: CallFacts, context: Context) -> Verdict:
    return denied_verdict(value, call, lambda part: _of_call(value.value, part, context))


def _of_call(
    value: WhenClue
    | AgentClue
    | TeamClue
    | ExtensionClue
    | NumberClue
    | DialledClue
    | DirectionClue
    | QueueClue
    | HappenedClue
    | CustomerClue
    | IdClue
    | GistClue,
    call: CallFacts,
    context: Context,
) -> Verdict:
    match value:
        case WhenClue():
            return when_verdict(value, call.times, context.zone, context.today)
        case NumberClue():
            return number_verdict(value, call)
        case DialledClue():
            return dialled_verdict(value, call)
        case AgentClue() | TeamClue() | ExtensionClue() | QueueClue() | CustomerClue():
            return _who(value, call, context)
        case _:
            return _course(value, call)


def _who(
    value: AgentClue | TeamClue | ExtensionClue | QueueClue | CustomerClue,
    call: CallFacts,
    context: Context,
) -> Verdict:
    match value:
        case AgentClue():
            return agent_verdict(value, call, context.compare_names)
        case CustomerClue():
            return customer_verdict(value, call, context.compare_names)
        case TeamClue():
            return team_verdict(value, call)
        case ExtensionClue():
            return extension_verdict(value, call)
        case QueueClue():
            return queue_verdict(value, call)
        case _:
            assert_never(value)


def _course(value: DirectionClue | HappenedClue | IdClue | GistClue, call: CallFacts) -> Verdict:
    match value:
        case DirectionClue():
            return _direction(value, call)
        case HappenedClue():
            return _happened(value, call)
        case IdClue():
            return _ids(value, call.known.ids)
        case GistClue():
            return _gist(value, call.known.texts)
        case _:
            assert_never(value)


def _direction(clue: DirectionClue, call: CallFacts) -> Verdict:
    if call.direction == "unknown":
        return not_known(Because.NO_DIRECTION)
    if call.direction == clue.direction:
        return matches(Because.AS_TOLD)
    return conflicts(Because.OTHER_DIRECTION)


def _length(clue: LengthClue, length_ms: int | None) -> Verdict:
    if length_ms is None:
        return not_known(Because.NO_LENGTH)
    if clue.min_ms <= length_ms <= clue.max_ms:
        return matches(Because.AS_TOLD)
    is_longer = length_ms > clue.max_ms
    factor = length_ms / max(clue.max_ms, 1) if is_longer else clue.min_ms / max(length_ms, 1)
    say = is_near if factor <= _NEAR_LENGTH else conflicts
    return say(Because.LONGER if is_longer else Because.SHORTER, ms=length_ms)


def _happened(clue: HappenedClue, call: CallFacts) -> Verdict:
    if call.happened is None:
        return not_known(Because.NO_COURSE)
    was = clue.what in call.happened
    if was == clue.was:
        return matches(Because.AS_TOLD)
    return conflicts(Because.HAPPENED if was else Because.NOT_HAPPENED)


def _ids(clue: IdClue, ids: Sequence[str]) -> Verdict:
    if not ids:
        return not_known(Because.NO_IDS)
    is_known = clue.text.strip().casefold() in {each.casefold() for each in ids}
    return matches(Because.AS_TOLD) if is_known else conflicts(Because.OTHER_IDS)


def _gist(clue: GistClue, texts: Sequence[str]) -> Verdict:
    """All texts of the call together: a note may say one thing, a tag the other."""
    wanted = bigrams(clue.text)
    if not texts or not wanted:
        return not_known(Because.NO_TEXTS)
    stored = [each for text in texts for each in bigrams(text)]
    log_rate = gist_similarity(wanted, stored)
    if log_rate >= 0:
        return matches(Because.AS_TOLD)
    return (
        conflicts(Because.NO_WORDS)
        if log_rate <= FLOOR
        else is_near(Because.WORDS_IN_PART, log_rate)
    )


def _beside(clue: BesideClue, facts: ConversationFacts, other: ConversationFacts | None) -> Verdict:
    """The same party, on the side that is told; never the call itself."""
    if clue.call == facts.conversation:
        return conflicts(Because.THIS_CALL)
    if other is None:
        return not_known(Because.NO_OTHER_CALL)
    if not (other.numbers and facts.numbers):
        return not_known(Because.NO_NUMBER)
    if other.numbers.isdisjoint(facts.numbers):
        return conflicts(Because.OTHER_PARTY)
    side = clue.stretch(other.begin_us)
    if side.begin_us <= facts.begin_us <= side.end_us:
        return matches(Because.SAME_PARTY)
    return is_near(Because.OTHER_SIDE)
