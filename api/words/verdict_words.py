"""What a clue says of a call, in words: whether it fits, and why.

Pure. Knows nothing of how that is found, nor of who asks.
"""

from collections.abc import Mapping
from typing import Final

from api.words.texts import Text, Words, said
from api.words.time_words import length_told
from archive.locate.answer.verdict import Because, Outcome, Verdict

OUTCOMES: Final[Mapping[Outcome, str]] = {
    Outcome.MATCH: said("fits"),
    Outcome.NEAR: said("nearly fits"),
    Outcome.CONFLICT: said("does not fit"),
    Outcome.UNKNOWN: said("cannot be told"),
}
_TIMES: Final[Mapping[Because, str]] = {
    Because.INSIDE: said("in the time that is told"),
    Because.IN_THE_HOUR: said("its hour is in the time that is told; no more of it is known"),
    Because.AT_THE_EDGE: said("at the edge of the time that is told"),
    Because.DAYS_EARLIER: said("{days} earlier than told"),
    Because.DAYS_LATER: said("{days} later than told"),
    Because.CLOCK_EARLIER: said("{length} earlier than told"),
    Because.CLOCK_LATER: said("{length} later than told"),
    Because.HALF_DAY: said("the other half of the day: morning taken for evening, perhaps"),
    Because.OTHER_DAY_AND_CLOCK: said("another day ({days}) and another time of day ({length})"),
}
_NAMES: Final[Mapping[Because, str]] = {
    Because.SAME_NAME: said("{name}"),
    Because.SAME_ID: said("{name}, by id"),
    Because.OTHER_WRITING: said("{name}: another form of the same characters"),
    Because.SAME_READING: said("{name}: other characters that are read alike"),
    Because.LONG_VOWEL: said("{name}: a long vowel differs"),
    Because.SOKUON: said("{name}: a small tsu (っ) differs"),
    Because.DAKUTEN: said("{name}: voiced for voiceless, or the other way"),
    Because.OTHER_SPELLING: said("{name}: spelt otherwise, said alike"),
    Because.SHORT_FORM: said("{name}: one is short for the other"),
    Because.CUT_SHORT: said("{name} begins or ends so"),
    Because.SWAPPED_SOUNDS: said("{name}: parts have changed places"),
    Because.LIKE_SOUNDS: said("{name} sounds like it"),
    Because.NAME_IN_PART: said("{name}: one part of the name is the same"),
    Because.OTHER_NAME: said("{name} is another name"),
    Because.SAID_NOT: said("is {name}, was said not to be"),
    Because.LIKE_SAID_NOT: said("{name}: nearly the one that was said not to be"),
    Because.SOMEONE_ELSE: said("someone else: as told"),
    Because.READ_SO: said("{name}: usually read so, a guess"),
    Because.MENTIONED: said("{name} is mentioned by the source, perhaps the customer"),
    Because.WRITTEN: said("{name} stands in its notes or tags, perhaps the customer"),
}
_NUMBERS: Final[Mapping[Because, str]] = {
    Because.SAME_NUMBER: said("the whole number is the same"),
    Because.DIGITS_FIT: said("the {digits} digits are right"),
    Because.BEGINS_SO: said("it begins so"),
    Because.BOTH_ENDS: said("it begins and ends so"),
    Because.ONE_DIGIT: said("one digit differs"),
    Because.TWO_SWAPPED: said("two digits have changed places"),
    Because.OTHER_NUMBER: said("another number"),
    Because.SAID_NOT_NUMBER: said("it is the number that was said not to be"),
    Because.ANOTHER_ONE: said("another one: as told"),
    Because.WITHHELD: said("the number was withheld"),
    Because.PAY_PHONE: said("it came from a payphone"),
    Because.WITHHELD_OTHERWISE: said("the number was withheld, for another reason"),
    Because.NUMBER_SHOWN: said("the number was not withheld"),
}
_OTHERS: Final[Mapping[Because, str]] = {
    Because.AS_TOLD: said("as told"),
    Because.LABEL_IN_PART: said("{name}: the same in part"),
    Because.OTHER_LABEL: said("it is {name}"),
    Because.OTHER_DIRECTION: said("the other side called"),
    Because.LONGER: said("longer: {length}"),
    Because.SHORTER: said("shorter: {length}"),
    Because.HAPPENED: said("it did happen"),
    Because.NOT_HAPPENED: said("it did not happen"),
    Because.OTHER_IDS: said("it has other ids"),
    Because.WORDS_IN_PART: said("some of the words are in its notes or tags"),
    Because.NO_WORDS: said("none of the words is in its notes or tags"),
    Because.OTHER_CALL: said("it is another call"),
    Because.THIS_CALL: said("it is that very call"),
    Because.SAME_PARTY: said("the same party, on that side of it"),
    Because.OTHER_SIDE: said("the same party, on the other side of it"),
    Because.OTHER_PARTY: said("another party"),
}
# What is not known, and what would tell.
_UNKNOWN: Final[Mapping[Because, str]] = {
    Because.NOT_RECORDED: said("not known: the call was not recorded; the telephone system's own"
                               " records may tell"),
    Because.DESTROYED: said("not known: it is destroyed, and this went with it"),
    Because.NO_TIME: said("no time was understood; say a day"),
    Because.NO_AGENT: said("who spoke is not known; the table of agents of that time would tell"),
    Because.NO_TEAM: said("the team is not known; the table of agents of that time would tell"),
    Because.NO_EXTENSION: said(
        "the extension is not known; the table of agents of that time would tell"
    ),
    Because.NO_NUMBER: said("the source told no number; the carrier's records may tell"),
    Because.NUMBER_WITHHELD: said("the number was withheld; the carrier alone can tell"),
    Because.NO_LINE: said(
        "which number was dialled is not known; the telephone system's own records may tell"
    ),
    Because.NO_QUEUE: said("no queue is told of it; the telephone system's own records may tell"),
    Because.NO_DIRECTION: said("who called is not known; the table of agents may tell"),
    Because.NO_LENGTH: said("how long it was is not known"),
    Because.NO_COURSE: said("what happened in the call is not known"),
    Because.NO_CUSTOMER: said("the source told no name of the customer; a note would tell"),
    Because.NO_IDS: said("no ids of it are known"),
    Because.NO_TEXTS: said("nothing is written about it; listening would tell"),
    Because.PERHAPS_NO_GIST: said("not written about it; perhaps those words are not what the call"
                                  " was about"),
    Because.PERHAPS_NO_NAME: said("no name that is known of it; perhaps those words are no"
                                  " customer's name"),
    Because.PERHAPS_OTHERWISE: said("not so; perhaps it is not what was meant"),
    Because.NO_OTHER_CALL: said("the call that it is held against is not there"),
}  # fmt: skip
REASONS: Final[Mapping[Because, str]] = {
    **_TIMES, **_NAMES, **_NUMBERS, **_OTHERS, **_UNKNOWN,
}  # fmt: skip
_DAY: Final = said("1 day")
_DAYS: Final = said("{count} days")
_MINUTES: Final = said("{minutes} min")
_HOURS: Final = said("{hours} h {minutes} min")
_HOUR_MINUTES: Final = 60


def verdict_told(verdict: Verdict, words: Words, language: str) -> str:
    """Whether it fits, and why: `nearly fits: one digit differs`."""
    why = reason_told(verdict, words, language)
    if verdict.outcome is Outcome.UNKNOWN:
        return why
    outcome = words(language, OUTCOMES[verdict.outcome])
    return words(language, said("{outcome}: {why}")).format(outcome=outcome, why=why)


def reason_told(verdict: Verdict, words: Words, language: str) -> str:
    """Why alone, where the outcome stands beside it."""
    because = Text(REASONS[verdict.because], _values(verdict, words, language))
    why = because.told(words, language)
    if "told" not in verdict.values:
        return why
    return words(language, said("{why} (told: {told})")).format(why=why, **_told(verdict))


def _told(verdict: Verdict) -> Mapping[str, str]:
    return {"told": str(verdict.values["told"])}


def _values(verdict: Verdict, words: Words, language: str) -> Mapping[str, str]:
    own = verdict.values
    told = {key: str(value) for key, value in own.items()}
    if "days" in own:
        days = words(language, _DAY if own["days"] == 1 else _DAYS)
        told["days"] = days.format(count=own["days"])
    if "minutes" in own:
        hours, minutes = divmod(int(own["minutes"]), _HOUR_MINUTES)
        length = words(language, _HOURS if hours else _MINUTES)
        told["length"] = length.format(hours=hours, minutes=minutes)
    if "ms" in own:
        told["length"] = length_told(int(own["ms"]))
    return told
