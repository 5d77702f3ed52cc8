"""The sentence of each flaw: what is wrong with a part of what was sent, and what to do.

Knows nothing of who reads it, nor of what was sent.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from api.permissions.errors import Unfit
from api.words.texts import Text, said
from archive.flaws import Flaw, PartRefused

_QUESTIONS: Final[Mapping[StrEnum, str]] = {
    Flaw.NO_OFFSET: said("a time needs its offset from UTC; write it as 2026-10-29T17:42:10+09:00"),
    Flaw.ENDS_FIRST: said("the window ends before it begins; put the earlier time first"),
    Flaw.NO_ZONE: said("this is not the name of a time zone; take one such as Asia/Tokyo"),
    Flaw.AGENT_WORDS: said("an agent's name has 1 to {most} words; leave out the others"),
    Flaw.AGENTS: said("1 to {most} agents may be given at once; ask for the others apart"),
    Flaw.CUSTOMER_WORDS: said("a customer's name has 1 to {most} words; leave out the others"),
    Flaw.NO_NUMBER: said("there is no number in this clue; give one, or leave the clue out"),
    Flaw.NUMBER_DIGITS: said(
        "a number is sought by {least} to {most} digits; give its last ones, or all"
    ),
    Flaw.DURATIONS: said("the shortest duration is longer than the longest; swap them"),
    Flaw.ID_LENGTH: said("an id has 1 to {most} characters; copy it as it was shown"),
    Flaw.MARK_LENGTH: said("a queue or tag has 1 to {most} characters; write it as it was shown"),
    Flaw.CLUES: said("at most {most} clues are taken at once; leave out the others"),
    Flaw.NOTHING_UNDERSTOOD: said(
        "nothing of this was understood; write for example: late in October, in the evening,"
        " Ms Tanaka or Nakata, number ends in 7788"
    ),
    Flaw.NO_SUCH_DAY: said("there is no such day; write one that the calendar has, as 10/29"),
    Flaw.TO_COME: said("that time is still to come; write when the call was"),
    Flaw.NOT_IN_TEXT: said("nothing of the kind {kind} is read in the text; leave it out"),
    Flaw.NO_CALL: said("there is no such call within your reach; copy the id from its page"),
    Flaw.NO_PARTY: said(
        "whose call that was is not known, for it has no number; leave this out, or make it likely"
    ),
    Flaw.PAGE: said("a page has 1 to {most} calls; take the next one with the cursor"),
    Flaw.CURSOR: said("this is no cursor of this archive; take the one that the last page gave"),
    Unfit.TOLD_AS: said("a number is told as none of that; choose one of the list"),
    Unfit.NOT_RANKED: said(
        "calls are not ranked by {kind}; leave it out, or ask by window and clues that are certain"
    ),
    Unfit.DIRECTION: said("there is no such direction; choose one of the list"),
}
_REACHES: Final[Mapping[StrEnum, str]] = {
    Flaw.NO_RANGE: said("this is no number range; write +81312*, 1001-1099 or one number"),
    Flaw.RANGE_ENDS: said(
        "the ends of a range have one length; put the first before the last, as 1001-1099"
    ),
    Flaw.REACH_VALUES: said("at most {most} values of a kind; give the role twice"),
    Flaw.REACH_EMPTY: said("an empty value reaches nothing; leave it out"),
}
_CORRECTIONS: Final[Mapping[StrEnum, str]] = {
    Flaw.CORRECTIONS: said(
        "the recording has {most} corrections, and takes no more; write it down elsewhere"
    ),
    Flaw.NO_RECORDING: said("there is no such recording; take one that the call shows"),
    Flaw.TAGS: said("a recording has at most {most} tags; remove one first"),
    Flaw.NO_TAG: said("the recording has no such tag; take one that the call shows"),
    Flaw.NO_AGENT: said(
        "the table of agents has nobody with this id; rokuon agents list shows whom it has"
    ),
    Flaw.NO_PARTICIPANT: said("there is no such participant; take one that the call shows"),
    Flaw.SEVERAL_PARTICIPANTS: said("there are several; name one by its participant's id"),
    Flaw.NO_PURPOSE: said("a recording without a purpose would have every one; name them"),
    Flaw.PURPOSES: said("a recording has at most {most} purposes; name fewer"),
    Unfit.CODES: said("these are not all purposes here; take codes of [access] purposes"),
    Flaw.EMPTY: said("it is empty; write something"),
    Flaw.LENGTH: said("it is too long; write at most {most} characters"),
    Flaw.BLANKS: said("it begins or ends with a space; take that away"),
    Flaw.CONTROLS: said("it holds characters that cannot be shown; take those away"),
}
_TABLE: Final[Mapping[StrEnum, str]] = {
    Flaw.TABLE_ROWS: said(
        "line {line}: the table has more than {most} rows; look whether it is the right one"
    ),
    Flaw.TABLE_NOT_CSV: said("line {line}: this is no CSV; look for a quotation mark without end"),
    Flaw.TABLE_ENCODING: said(
        "line {line}: the text is neither UTF-8 nor Shift-JIS; save it as one of them"
    ),
    Flaw.TABLE_COLUMNS: said("line {line}: the columns are {columns}, and perhaps {perhaps}"),
    Flaw.TABLE_FIELDS: said("line {line}: a row has {count} fields, as the first line has"),
    Flaw.TABLE_EMPTY: said("line {line}: {column} is empty; fill it in"),
    Flaw.TABLE_PERIOD: said("line {line}: valid_to is not after valid_from; correct one of them"),
    Flaw.TABLE_TIME: said("line {line}: a time is written 2026-04-01 or 2026-04-01T09:00"),
    Flaw.TABLE_TAKEN: said(
        "line {line}: another row has the extension at that time; end one before the other begins"
    ),
    Flaw.TABLE_HEADER: said("line {line}: the first line names the columns; they are {columns}"),
    Flaw.TABLE_KIND: said(
        "line {line}: this is no kind; write contract_end, case_closed, agent_left or event:NAME"
    ),
    Flaw.TABLE_KEY: said("line {line}: the key is empty or too long; write it as calls carry it"),
    Flaw.TABLE_DAY: said(
        "line {line}: a day is written 2026-04-01; where it has not happened write none"
    ),
    Flaw.TABLE_DAY_RANGE: said(
        "line {line}: the day lies outside of {first} to {last}; where it has not happened write"
        " none"
    ),
    Flaw.TABLE_TWICE: said(
        "line {line}: line {other} says another day for the same key; leave out the wrong one"
    ),
}
_EVENTS: Final[Mapping[StrEnum, str]] = {
    Flaw.EVENT_KIND: said(
        "this is no kind; write contract_end, case_closed, agent_left or event:NAME"
    ),
    Flaw.EVENT_KEY: said("the key is empty or too long; write it as calls carry it"),
    Flaw.EVENT_DAY: said("a day is written 2026-04-01; where it has not happened write none"),
    Flaw.EVENT_DAY_RANGE: said(
        "the day lies outside of {first} to {last}; where it has not happened write none"
    ),
}
_TOKENS: Final[Mapping[StrEnum, str]] = {
    Unfit.LIFETIME: said("a token is for 1 to {most} days; make another one when it has ended"),
    Unfit.SCOPES: said("a service has scopes, and none of what only persons do; choose others"),
}
_SOUND: Final[Mapping[StrEnum, str]] = {
    Unfit.STRETCHES: said("1 to {most} stretches are reported at once; report the others apart"),
    Unfit.STRETCHES_OUTSIDE: said("the stretches lie outside of the call; report what it has"),
    Unfit.STRETCH_FORM: said("a stretch is written 0-1200, in ms, with commas between several"),
    Unfit.REASON_LENGTH: said("it is too long, or no text; write at most {most} characters"),
    Unfit.COPY: said("there is no such recording or format; take what the page offers"),
    Unfit.CORRECTION: said("nothing of this kind can be corrected; take what the page offers"),
}
_MEASURES: Final[Mapping[StrEnum, str]] = {
    Flaw.NO_CASE: said(
        "an id of a case has 1 to 64 letters, digits and . _ / -, and begins with one of the first"
        " two"
    ),
    Flaw.NOT_WHOLE: said("only a freeze is of a whole conversation; leave it out"),
}
_HOLDS: Final[Mapping[StrEnum, str]] = {
    Unfit.HOLD_SCOPE: said("a hold is over what a search finds or over a list; give one of them"),
    Unfit.HOLD_FUTURE: said("a list never grows; give a search for what comes later"),
}
SENTENCES: Final[Mapping[StrEnum, str]] = {
    **_QUESTIONS, **_REACHES, **_CORRECTIONS, **_TABLE, **_EVENTS, **_TOKENS,
    **_SOUND, **_MEASURES, **_HOLDS,
}  # fmt: skip


def text_of(refused: PartRefused) -> Text:
    """What is wrong, and what to do."""
    return Text(SENTENCES[refused.flaw], refused.values)
