"""Each reason of a retention decision as a sentence, and what would make it otherwise.

The one place that has words for reasons. Knows nothing of how is decided or of who asks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, assert_never

from api.words.attribute_words import ATTRIBUTES
from api.words.texts import Words, said
from retention.decisions.bounds import Bound, Unknown
from retention.decisions.decision import (
    Erasure,
    Frozen,
    GoesBy,
    Hold,
    KeptBy,
    NoEnd,
    Problem,
    Reason,
)
from retention.decisions.recording_judgement import PARTS_MISSING, Judged, Judgement
from retention.rules.conditions import CALL_END, EVENT, AttributeKind
from retention.rules.deadline import FOREVER
from retention.rules.rule import Asset, Never

KINDS: Final = {kind: words.subject for kind, words in ATTRIBUTES.items()}
EVENTS: Final = {
    CALL_END: said("the call has ended and all of its parts are archived"),
    "case_closed": said("the case is closed"),
    "contract_end": said("the contract ends"),
    "agent_left": said("the agent leaves"),
}
_DAY: Final = timedelta(days=1)
_RULE: Final = said("rule {rule}")
_NEVER: Final = said("By {rules} it never has to go.")
_NEW_RULE: Final = said("It goes when a revision that is for it says when.")
_PROBLEMS: Final = {
    PARTS_MISSING: said("A part of it is not here yet: it does not go piece by piece.")
}
_READ_AGAIN: Final = {PARTS_MISSING: said("It is judged anew when all of its parts are here.")}
OTHER_EVENT: Final = said("{event} happens")


@dataclass(frozen=True, slots=True)
class ReasonSpeaker:
    """Who tells of one judgement in a language."""

    judgement: Judgement
    judged: Judged
    words: Words
    language: str

    def say(self, text: str, **values: str) -> str:
        """A marked text, filled."""
        return self.words(self.language, text).format(**values)

    def day(self, at: datetime) -> str:
        """The last day before a moment that is no `FOREVER`."""
        day = self.judgement.last_day(at)
        return f"{day} ({self.judgement.calendar.zone.key})"

    def whole_day(self, at: datetime) -> str:
        """The last day that is over before a moment: of what other calendars count."""
        zone = self.judgement.calendar.zone
        return f"{at.astimezone(zone).date() - _DAY} ({zone.key})"

    def rules(self, names: Iterable[str]) -> str:
        """Rules with what they are based on."""
        return ", ".join(self.say(_RULE, rule=self.rule(each)) for each in names)

    def rule(self, own: str) -> str:
        """The name of one, with what it is based on."""
        rule = self.judgement.revision.policy.rule(own)
        citation = rule.basis.citation if rule else ""
        return f"{own} ({citation})" if citation else own

    def event(self, name: str) -> str:
        """What is to happen."""
        other = self.say(OTHER_EVENT, event=name.removeprefix(EVENT))
        return self.say(EVENTS[name]) if name in EVENTS else other

    def events(self, names: Iterable[str]) -> str:
        """What the periods of rules begin with, each once."""
        rules = (self.judgement.revision.policy.rule(each) for each in names)
        begins = dict.fromkeys(rule.counting.begins for rule in rules if rule)
        return ", ".join(map(self.event, begins))

    def is_never(self, names: Iterable[str]) -> bool:
        """Whether a rule says itself that it has no end; what is told of a call goes with audio."""
        rules = (self.judgement.revision.policy.rule(each) for each in names)
        assets = (self.judged.asset, Asset.AUDIO)
        return any(
            rule.terms_of(asset).delete_after is Never.NEVER
            for rule in rules
            if rule
            for asset in assets
        )


def because_of(speaker: ReasonSpeaker, reason: Reason) -> str:
    """Why, as a sentence."""
    match reason:
        case KeptBy(floor):
            return _floor(speaker, floor)
        case GoesBy(ceiling):
            return _ceiling(speaker, ceiling)
        case NoEnd():
            return speaker.say(said("No rule says when it must go."))
        case Erasure():
            return _erasure(speaker, reason)
        case _:
            return _protected(speaker, reason)


def _protected(speaker: ReasonSpeaker, reason: Unknown | Problem | Hold | Frozen) -> str:
    match reason:
        case Unknown():
            return _unknown(speaker, reason)
        case Problem(what):
            told = _PROBLEMS.get(what, said("Something could not be read: {what}."))
            return speaker.say(told, what=what)
        case Hold():
            return _held(speaker, reason)
        case Frozen(case_id):
            return speaker.say(said("Case {case}, which is open, keeps it."), case=case_id)
        case _:
            assert_never(reason)


def _held(speaker: ReasonSpeaker, reason: Hold) -> str:
    if reason.until is None:
        return speaker.say(
            said("It is held by matter {matter}: legal hold {hold}."),
            hold=reason.id,
            matter=reason.matter,
        )
    return speaker.say(
        said(
            "Legal hold {hold} of matter {matter} was released; what it held is still kept until"
            " the end of {day}."
        ),
        hold=reason.id,
        matter=reason.matter,
        day=speaker.whole_day(reason.until),
    )


def _unknown(speaker: ReasonSpeaker, reason: Unknown) -> str:
    rule = speaker.rule(reason.rule)
    if reason.what in set(AttributeKind):
        what = speaker.say(KINDS[AttributeKind(reason.what)])
        return speaker.say(
            said("Rule {rule} cannot be decided: {what} is not known."), rule=rule, what=what
        )
    return speaker.say(
        said("Rule {rule} cannot be decided: it is not known when {event}."),
        rule=rule,
        event=speaker.event(reason.what),
    )


def _erasure(speaker: ReasonSpeaker, reason: Erasure) -> str:
    if reason.kind == "court":
        return speaker.say(said("A court ordered its erasure: case {case}."), case=reason.case)
    return speaker.say(said("Its erasure was granted: case {case}."), case=reason.case)


def _floor(speaker: ReasonSpeaker, floor: Bound) -> str:
    rules = speaker.rules(floor.rules)
    if not floor.rules:
        return speaker.say(said("It is kept as long as the audio is."))
    if speaker.is_never(floor.rules) and floor.at == FOREVER:
        return speaker.say(_NEVER, rules=rules)
    if floor.at == FOREVER:
        return speaker.say(
            said("By {rules} it must be kept; its period begins when {event}."),
            rules=rules,
            event=speaker.events(floor.rules),
        )
    return speaker.say(
        said("By {rules} it must be kept until the end of {day}."),
        rules=rules,
        day=speaker.day(floor.at),
    )


def _ceiling(speaker: ReasonSpeaker, ceiling: Bound) -> str:
    rules = speaker.rules(ceiling.rules)
    if ceiling.at != FOREVER:
        return speaker.say(
            said("By {rules} it must go after {day}."), rules=rules, day=speaker.day(ceiling.at)
        )
    if speaker.is_never(ceiling.rules):
        return speaker.say(_NEVER, rules=rules)
    return speaker.say(
        said("By {rules} it must go a period after {event}, which has not happened."),
        rules=rules,
        event=speaker.events(ceiling.rules),
    )


def changes_of(speaker: ReasonSpeaker, reason: Reason) -> str:
    """What would make it otherwise."""
    match reason:
        case KeptBy(bound) | GoesBy(bound):
            return _other_bound(speaker, bound)
        case NoEnd():
            return speaker.say(_NEW_RULE)
        case Erasure():
            return speaker.say(said("An erasure is carried out when nothing keeps it any more."))
        case _:
            return _unprotected(speaker, reason)


def _unprotected(speaker: ReasonSpeaker, reason: Unknown | Problem | Hold | Frozen) -> str:
    match reason:
        case Unknown(_, what) if what in set(AttributeKind):
            known = speaker.say(KINDS[AttributeKind(what)])
            return speaker.say(said("It is judged anew when this is known: {what}."), what=known)
        case Unknown(_, what):
            return _anew(speaker, speaker.event(what))
        case Problem(what):
            return speaker.say(
                _READ_AGAIN.get(what, said("It is judged anew when that can be read."))
            )
        case Hold(own, _, None):
            return speaker.say(said("It is judged anew when hold {hold} is released."), hold=own)
        case Hold(own):
            return speaker.say(
                said("It is judged anew when the time of grace of hold {hold} is over."), hold=own
            )
        case Frozen(case_id):
            return speaker.say(said("It is judged anew when case {case} is closed."), case=case_id)
        case _:
            assert_never(reason)


def _other_bound(speaker: ReasonSpeaker, bound: Bound) -> str:
    if not bound.rules:
        return speaker.say(said("It is judged anew when the audio is."))
    if bound.at != FOREVER:
        return speaker.say(said("Another revision that is for it changes this day."))
    if speaker.is_never(bound.rules):
        return speaker.say(_NEW_RULE)
    return _anew(speaker, speaker.events(bound.rules))


def judged_anew(speaker: ReasonSpeaker) -> tuple[str, ...]:
    """All else by which its day may change: what rules ask for, and what comes before rules."""
    rules = speaker.judgement.revision.policy.rules
    kinds = {kind for rule in rules for kind in (*rule.match.fits, *rule.match.excludes)}
    begins = sorted({rule.counting.begins for rule in rules} - {CALL_END})
    asked = [speaker.say(text) for kind, text in KINDS.items() if kind in kinds]
    told = [
        speaker.say(
            said("It is judged anew when this is corrected: {what}."), what=", ".join(asked)
        ),
        speaker.say(
            said("It is judged anew when something else is told of this: {events}."),
            events=", ".join(map(speaker.event, begins)),
        ),
        speaker.say(said("It is judged anew when a recording of its conversation changes.")),
    ]
    is_so = (asked, begins, any(rule.minimum.whole_conversation for rule in rules))
    above = speaker.say(said("A legal hold, a freeze or an erasure comes before all rules."))
    return (*(each for each, so in zip(told, is_so, strict=True) if so), above)


def _anew(speaker: ReasonSpeaker, event: str) -> str:
    return speaker.say(said("It is judged anew when {event}."), event=event)
