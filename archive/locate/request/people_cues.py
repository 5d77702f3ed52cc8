"""Words beside which names stand, of agents and of customers, in the order they are looked for.

A table. Knows nothing of who is known.
"""

import re
from dataclasses import dataclass
from typing import Final

from archive.locate.request.agent_cues import AGENTS, MAYBE_AGENTS, MAYBE_NAMED_AGENTS, NAMED_AGENTS
from archive.locate.request.cue_words import OR, TITLE
from archive.locate.request.customer_cues import CUSTOMERS, MAYBE_CUSTOMERS, NAMES
from archive.locate.request.name_words import NAME_EN, NAME_JA, WORD_EN
from archive.locate.who.titles import TITLE_JA

_LONE: Final = rf"(?:[一-鿿々]{{2,3}}|{WORD_EN})"


@dataclass(frozen=True, slots=True)
class Cue:
    """A pattern; where it is not `sure` only what looks like a name is one."""

    pattern: re.Pattern[str]
    customer: bool
    sure: bool = True


# Who introduces himself, where the name is known as one: 株式会社ミドリの佐藤です。こちらは小林、
INTRODUCED: Final = tuple(
    re.compile(each)
    for each in (
        rf"(?:(?<=の)|(?<=[。\0\s、])|^)(?P<name>{NAME_JA})(?:です|でございます)(?=[。、\s]|が|$)",
        rf"(?:こちら|当方|私|わたし)は、?(?P<name>{NAME_JA})(?:です)?(?=[。、\s]|$)",
    )
)
# 様, and a name without a word whose it is, are of customers; they count after all that says more.
CUES: Final = tuple(
    Cue(re.compile(cue, re.IGNORECASE), customer, sure)
    for cues, customer, sure in (
        (NAMED_AGENTS, False, True),
        (CUSTOMERS, True, True),
        (MAYBE_CUSTOMERS, True, False),
        (MAYBE_NAMED_AGENTS, False, False),
        (AGENTS, False, True),
        (NAMES, True, True),
        (MAYBE_AGENTS, False, False),
    )
    for cue in cues
)
MORE: Final = tuple(
    re.compile(each, re.IGNORECASE)
    for each in (
        rf"(?:[- ]san)?{OR}{TITLE}(?P<name>{NAME_JA}|{NAME_EN})(?:[- ]san\b)?(?:{TITLE_JA})?",
        # What somebody was called before, or is called now.
        rf"\s*[(（][^()（）]*?(?:旧姓?|元|今は|現在は"
        rf"|現姓?)\s*:?\s*(?P<name>{NAME_JA})(?:{TITLE_JA})?\s*[?？]?[)）]",
        # The same name in other letters.
        rf"\s*[(（](?:{OR})?(?P<name>{NAME_JA})(?:か|かも|\?)?[)）](?:{TITLE_JA})?",
        rf"\s*[(（]?\s*,?\s*(?:now|formerly|n[eé]e|later)\s+(?P<name>{NAME_EN})[)）]?",
        rf",\s*(?P<name>{NAME_EN})\?",
    )
)
# Two that are as like each other as both are like names: a word that nobody has to tell of.
PAIR: Final = re.compile(
    rf"(?<![一-鿿A-Za-z])(?P<name>{_LONE})"
    rf"(?=(?:{TITLE_JA}|[- ]san)?(?:{OR}){TITLE}(?P<other>{_LONE}))",
    re.IGNORECASE,
)
# The one before, where the second of two is the one that was found: "Kurata or Murata took it".
BEFORE: Final = re.compile(
    rf"(?P<name>{NAME_JA}|{NAME_EN})(?:{TITLE_JA}|[- ]san)?(?:{OR}|[、・])(?:{TITLE})$",
    re.IGNORECASE,
)
