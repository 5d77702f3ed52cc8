"""What is wrong with a retention policy, as sentences that name the place and say what to do.

Knows nothing of who reads them.
"""

from collections.abc import Iterator, Mapping
from typing import Final

from api.words.texts import Words, said
from retention.rules.policy_flaws import PolicyFault, PolicyFlaw

SENTENCES: Final[Mapping[PolicyFlaw, str]] = {
    PolicyFlaw.TOO_LONG: said(
        "a policy has at most {most} bytes; look whether it is the right file"
    ),
    PolicyFlaw.NOT_TOML: said(
        "column {column} is no TOML; look for a missing quotation mark, bracket or equals sign"
    ),
    PolicyFlaw.CUT_SHORT: said("the text is no TOML, or ends too early; look at its last lines"),
    PolicyFlaw.FORM: said("this form is not known here; this version reads form {known}"),
    PolicyFlaw.MISSING: said("this is missing; write it as docs/retention.md says"),
    PolicyFlaw.UNKNOWN_KEY: said("nothing is called that here; look for a slip in the name"),
    PolicyFlaw.NOT_TEXT: said("text is expected; write it between quotation marks"),
    PolicyFlaw.NOT_NUMBER: said("a whole number is expected; write it without quotation marks"),
    PolicyFlaw.NOT_YES_NO: said(
        "true or false is expected; write one of them without quotation marks"
    ),
    PolicyFlaw.NOT_LIST: said("a list is expected; write it between square brackets"),
    PolicyFlaw.NOT_TABLE: said("keys with values are expected; give them a header of their own"),
    PolicyFlaw.AT_LEAST: said("this is too little; write at least {least}"),
    PolicyFlaw.AT_MOST: said("this is too much; write at most {most}"),
    PolicyFlaw.NO_CHOICE: said("there is no such choice; write one of: {known}"),
    PolicyFlaw.ID: said(
        "a rule is named with letters, digits, dots, hyphens and underscores, at most 64; choose"
        " another name"
    ),
    PolicyFlaw.SHARE: said("a share is written in per cent, as 2 %"),
    PolicyFlaw.WINDOW: said("a window is written as two times of the day, as 22:00-06:00"),
    PolicyFlaw.HOUR: said("an hour is written as a time of the day, as 01:30"),
    PolicyFlaw.ZONE: said("{zone} is not the name of a time zone; take one such as Asia/Tokyo"),
    PolicyFlaw.BEGINNING: said("no period begins with this; write one of: {known}"),
    PolicyFlaw.PERIOD: said(
        "{period} is no period; write years, months and days, as P10Y, P1Y6M or P90D"
    ),
    PolicyFlaw.PERIOD_LENGTH: said(
        "{period} is longer than {years} years; whoever means for ever writes never"
    ),
    PolicyFlaw.KIND: said("there is no such kind; write one of: {known}"),
    PolicyFlaw.NOT_TEXTS: said('a list of texts is expected, as ["support"]'),
    PolicyFlaw.NUMBER: said(
        "{number} is no number and no range; write +81312*, 1001-1099 or one number"
    ),
    PolicyFlaw.NOTHING_SAID: said(
        "the rule says nothing; give it keep_at_least or delete_after of audio"
    ),
    PolicyFlaw.NEVER: said(
        "only a rule of rank policy says never; leave it out, or give it that rank"
    ),
    PolicyFlaw.METADATA_FIRST: said(
        "what is told of a call would go before its audio; make it as long at least"
    ),
    PolicyFlaw.JOURNAL_OF_SOME: said(
        "texts of the journal are of all entries, from the day on which each was written: give them"
        " a rule without match, begins and whole_conversation"
    ),
    PolicyFlaw.LEDGER_OF_SOME: said(
        "the ledger of calls without a recording goes by the day of each call alone: give it a rule"
        " without match, begins and whole_conversation"
    ),
    PolicyFlaw.RULES: said("a policy has at most {most} rules; join those that say the same"),
    PolicyFlaw.RULE_TWICE: said("this name is there more than once; give one of the rules another"),
    PolicyFlaw.COOLING_OFF: said(
        "only an installation of one person does without cooling off; write at least 1"
    ),
}
_RULE: Final = said("rule {rule}")
_LINE: Final = said("line {line}")
_PLACED: Final = said("{place}: {what}")
_BETWEEN: Final = said("{first}, {second}")


def sentence(wrong: PolicyFault, words: Words, language: str) -> str:
    """Where it is and what, in a language."""
    what = what_is_wrong(wrong, words, language)
    place = place_of(wrong, words, language)
    return words(language, _PLACED).format(place=place, what=what) if place else what


def what_is_wrong(wrong: PolicyFault, words: Words, language: str) -> str:
    """What, without where."""
    return words(language, SENTENCES[wrong.flaw]).format(**wrong.values)


def place_of(wrong: PolicyFault, words: Words, language: str) -> str:
    """In which rule, under which key, in which line."""
    found = ""
    for each in _places(wrong, words, language):
        found = words(language, _BETWEEN).format(first=found, second=each) if found else each
    return found


def _places(wrong: PolicyFault, words: Words, language: str) -> Iterator[str]:
    if wrong.place.rule:
        yield words(language, _RULE).format(rule=wrong.place.rule)
    if wrong.place.key:
        yield wrong.place.key
    if wrong.line:
        yield words(language, _LINE).format(line=wrong.line)
