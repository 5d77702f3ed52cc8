"""What can be wrong with a policy: a word for each flaw, where it is, and its values.

Pure. Knows no sentence and no language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class PolicyFlaw(StrEnum):
    """One word for each thing that is refused of a policy."""

    TOO_LONG = "too_long"
    NOT_TOML = "not_toml"
    CUT_SHORT = "cut_short"
    FORM = "form"
    MISSING = "missing"
    UNKNOWN_KEY = "unknown_key"
    NOT_TEXT = "not_text"
    NOT_NUMBER = "not_number"
    NOT_YES_NO = "not_yes_no"
    NOT_LIST = "not_list"
    NOT_TABLE = "not_table"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    NO_CHOICE = "no_choice"
    ID = "id"
    SHARE = "share"
    WINDOW = "window"
    HOUR = "hour"
    ZONE = "zone"
    BEGINNING = "beginning"
    PERIOD = "period"
    PERIOD_LENGTH = "period_length"
    KIND = "kind"
    NOT_TEXTS = "not_texts"
    NUMBER = "number"
    NOTHING_SAID = "nothing_said"
    NEVER = "never"
    METADATA_FIRST = "metadata_first"
    JOURNAL_OF_SOME = "journal_of_some"
    LEDGER_OF_SOME = "ledger_of_some"
    RULES = "rules"
    RULE_TWICE = "rule_twice"
    COOLING_OFF = "cooling_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyPlace:
    """Where something stands: in which rule (by its id, or its number as "#4"), under which key."""

    rule: str = ""
    key: str = ""
    number: int = 0

    def at(self, key: str) -> "PolicyPlace":
        joined = f"{self.key}.{key}" if self.key and key else self.key or key
        return PolicyPlace(rule=self.rule, key=joined, number=self.number)


WHOLE = PolicyPlace()


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyFault:
    """One thing that is wrong; `line` is where it stands in the text, 0 where that is not known."""

    flaw: PolicyFlaw
    place: PolicyPlace = WHOLE
    values: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    def __str__(self) -> str:
        place = ", ".join(each for each in (self.place.rule, self.place.key) if each)
        return f"{place}: {self.flaw}" if place else str(self.flaw)


def fault(flaw: PolicyFlaw, place: PolicyPlace = WHOLE, **values: int | str) -> PolicyFault:
    """A fault with what its sentence is filled with."""
    return PolicyFault(
        flaw=flaw, place=place, values={name: str(value) for name, value in values.items()}
    )
