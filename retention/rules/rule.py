"""A retention rule: which recordings, how long at least, when they must go, and on what basis.

Pure. Knows nothing of other rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from retention.rules.conditions import CALL_END
from retention.rules.deadline import CountedFrom
from retention.rules.match import EVERY_RECORDING, Match
from retention.rules.period import Period

MAX_SPECIFICITY: Final = 9
LEGAL_DUTY: Final = "legal_duty"


class Rank(StrEnum):
    """Whose word a rule is."""

    LAW = "law"
    CONTRACT = "contract"
    POLICY = "policy"


class Asset(StrEnum):
    """What of a recording is kept or goes."""

    AUDIO = "audio"
    METADATA = "metadata"
    JOURNAL = "journal"
    LEDGER = "ledger"


class Never(StrEnum):
    """In the place of a period: it has no end."""

    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long something is kept at least, and after what time it must go; None says nothing."""

    keep_at_least: Period | None = None
    delete_after: Period | Never | None = None


NOTHING_SAID: Final = Terms()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """With which event a period begins, and from which day on it is counted."""

    begins: str = CALL_END
    counted_from: CountedFrom = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Minimum:
    """What a rule's minimum means: for a whole conversation; what a restricted one is still for."""

    whole_conversation: bool = False
    purposes: frozenset[str] = frozenset({LEGAL_DUTY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The text that wants it so, and where that can be read."""

    citation: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionRule:
    """One rule; `specificity` counts among rules of rank policy alone."""

    id: str
    terms: Mapping[Asset, Terms]
    rank: Rank = Rank.POLICY
    match: Match = EVERY_RECORDING
    counting: Counting = Counting()
    specificity: int = 0
    minimum: Minimum = Minimum()
    basis: Basis = Basis()

    def terms_of(self, asset: Asset) -> Terms:
        return self.terms.get(asset, NOTHING_SAID)
