"""Until when a recording is kept, by what and why, in sentences that people read.

Knows nothing of how is decided or of who asks.
"""

from dataclasses import dataclass
from typing import assert_never

from api.words.reason_words import ReasonSpeaker, because_of, changes_of, judged_anew
from api.words.texts import Words, said
from retention.decisions.decision import Decision, Outcome
from retention.decisions.recording_judgement import Judged, Judgement
from retention.policies.shipped_policy import SHIPPED
from retention.rules.deadline import FOREVER


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Until when it is kept, by which revision that is judged, why, and what would change it."""

    kept: str
    revision: str
    because: tuple[str, ...]
    changes: tuple[str, ...]


def explain(judgement: Judgement, judged: Judged, words: Words, language: str) -> Explanation:
    """Tell of one thing of a recording; each text is a sentence."""
    speaker = ReasonSpeaker(judgement, judged, words, language)
    because, cases = judged.decision.because, sorted(judged.decision.suspended)
    changes = [changes_of(speaker, each) for each in because]
    changes += [_resumed(speaker, case) for case in cases]
    changes += judged_anew(speaker)
    return Explanation(
        kept=_kept(speaker, judged.decision),
        revision=_revision(speaker),
        because=(
            *(because_of(speaker, each) for each in because),
            *_restricted(speaker, judged.decision),
            *(_suspended(speaker, case) for case in cases),
        ),
        changes=tuple(dict.fromkeys(changes)),
    )


def _restricted(speaker: ReasonSpeaker, decision: Decision) -> tuple[str, ...]:
    """Of what a hold or a case keeps past its maximum."""
    if decision.restricted_from is None:
        return ()
    since, purposes = speaker.day(decision.restricted_from), ", ".join(sorted(decision.purposes))
    return (
        speaker.say(
            said(
                "Its maximum was over with the end of {day}: it is for these purposes alone:"
                " {purposes}."
            ),
            day=since,
            purposes=purposes,
        ),
    )


def _suspended(speaker: ReasonSpeaker, case: str) -> str:
    return speaker.say(said("Case {case} has stopped its use: nobody hears it."), case=case)


def _resumed(speaker: ReasonSpeaker, case: str) -> str:
    return speaker.say(
        said("It is used again when two persons end that of case {case}."), case=case
    )


def _revision(speaker: ReasonSpeaker) -> str:
    number = speaker.judgement.revision.number
    if number == SHIPPED.number:
        return speaker.say(said("The policy as shipped judges it: no other revision is for it."))
    return speaker.say(said("Revision {number} of the policy judges it."), number=str(number))


def _kept(speaker: ReasonSpeaker, decision: Decision) -> str:
    match decision.outcome:
        case Outcome.KEEP:
            return _kept_whole(speaker, decision)
        case Outcome.RESTRICT:
            return _kept_restricted(speaker, decision)
        case Outcome.DESTROY:
            return speaker.say(said("It must go: it is due."))
        case _:
            assert_never(decision.outcome)


def _kept_whole(speaker: ReasonSpeaker, decision: Decision) -> str:
    if decision.until is None:
        return speaker.say(said("It is kept; nothing says on which day it goes."))
    due_at, until = speaker.judged.bounds.due_at, speaker.day(decision.until)
    if due_at == decision.until:
        return speaker.say(said("It is kept until the end of {day}, then it goes."), day=until)
    if due_at == FOREVER:
        return speaker.say(
            said("It is kept until the end of {day}, then for these purposes alone: {purposes}."),
            day=until,
            purposes=", ".join(sorted(speaker.judged.bounds.purposes)),
        )
    return speaker.say(
        said(
            "It is kept until the end of {day}, then until the end of {last} for these purposes"
            " alone: {purposes}."
        ),
        day=until,
        last=speaker.day(due_at),
        purposes=", ".join(sorted(speaker.judged.bounds.purposes)),
    )


def _kept_restricted(speaker: ReasonSpeaker, decision: Decision) -> str:
    purposes = ", ".join(sorted(decision.purposes))
    if decision.until is None:
        return speaker.say(
            said("It is kept for these purposes alone: {purposes}; nothing says until when."),
            purposes=purposes,
        )
    return speaker.say(
        said("It is kept until the end of {day} for these purposes alone: {purposes}."),
        day=speaker.day(decision.until),
        purposes=purposes,
    )
