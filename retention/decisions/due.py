"""What of a recording must go, on what grounds; or the cause for which nothing does.

Pure. Asks nothing of its own: what was decided of audio and metadata goes in. Knows no plan.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, assert_never

from archive.lifecycle.intention import Scope
from retention.decisions.bounds import Unknown
from retention.decisions.decision import (
    Decision,
    Erasure,
    Frozen,
    GoesBy,
    Hold,
    KeptBy,
    NoEnd,
    Outcome,
    Problem,
    Reason,
)

_CASE: Final = "case:"


class Cause(StrEnum):
    """Why something that was, or could be, planned is not destroyed."""

    HELD = "held"
    FROZEN = "frozen"
    UNKNOWN = "unknown"
    RESTRICTED = "restricted"
    NOT_DUE = "not_due"
    OTHER_GROUNDS = "other_grounds"
    METADATA_LIVES_LONGER = "metadata_lives_longer"
    GONE = "gone"
    NOT_ARCHIVED = "not_archived"
    KEY_UNKNOWN = "key_unknown"
    OTHER_KEYS = "other_keys"
    STOPPED = "stopped"
    PLAN_ALTERED = "plan_altered"


# What a run finds at a recording, or people do to a run: no judgement says it, nor takes it back.
FOUND_BY_A_RUN: Final = frozenset(
    {Cause.GONE, Cause.NOT_ARCHIVED, Cause.KEY_UNKNOWN, Cause.OTHER_KEYS, Cause.STOPPED}
)


class Waiting(StrEnum):
    """Why something that is due is in no run."""

    NOT_PLANNED = "not_planned"
    NOT_APPROVED = "not_approved"
    NOT_APPLIED = "not_applied"
    NOT_HANDED_OVER = "not_handed_over"
    COOLING_OFF = "cooling_off"
    WAITS = "waits"


def reason_now(last: str | None) -> Waiting | Cause:
    """Why something that is due now is in no plan, of which an earlier plan said `last`, if any.

    What it was kept by then is over, for it is judged as due.
    """
    found = Cause(last) if last else Cause.NOT_DUE
    return found if found in FOUND_BY_A_RUN else Waiting.NOT_PLANNED


@dataclass(frozen=True, slots=True)
class Grounds:
    """The revision that judges, and what of it makes a recording due: rules, or `case:ID`.

    `scope`: what of it goes.
    """

    revision: int
    rules: tuple[str, ...]
    scope: Scope = "whole"

    @property
    def is_erasure(self) -> bool:
        """Whether a case ordered it."""
        return any(each.startswith(_CASE) for each in self.rules)

    @property
    def approved(self) -> frozenset[tuple[int, str]]:
        """What an approval of it is an approval of: a period for audio is none for facts."""
        of = "" if self.scope == "whole" else f"{self.scope}:"
        return frozenset((self.revision, of + rule) for rule in self.rules)


def verdict(revision: int, audio: Decision, metadata: Decision) -> Grounds | Cause:
    """What becomes of a recording of which this was decided."""
    if audio.outcome is not Outcome.DESTROY:
        return _kept(audio)
    if metadata.outcome is not Outcome.DESTROY:
        return Grounds(revision, _rules(audio.because), "audio")
    return Grounds(revision, _rules(audio.because))


def verdict_of_facts(revision: int, metadata: Decision) -> Grounds | Cause:
    """What becomes of what is told of a recording whose audio is gone."""
    if metadata.outcome is not Outcome.DESTROY:
        return _kept(metadata)
    return Grounds(revision, _rules(metadata.because), "facts")


def verdict_of_page(revision: int, ledger: Decision) -> Grounds | Cause:
    """What becomes of a page of the ledger, which goes whole or not at all."""
    if ledger.outcome is not Outcome.DESTROY:
        return _kept(ledger)
    return Grounds(revision, _rules(ledger.because), "ledger")


def _rules(because: Iterable[Reason]) -> tuple[str, ...]:
    """What ends it; what has kept it until now is not why it goes."""
    ends: set[str] = set()
    for each in because:
        match each:
            case GoesBy(ceiling):
                ends.update(ceiling.rules)
            case Erasure(case=own):
                ends.add(_CASE + own)
            case _:
                pass
    return tuple(sorted(ends))


def _kept(own: Decision) -> Cause:
    """The first of the reasons: they come in the order of precedence."""
    if own.outcome is Outcome.RESTRICT:
        return Cause.RESTRICTED
    match own.because[0]:
        case Unknown() | Problem():
            return Cause.UNKNOWN
        case Hold():
            return Cause.HELD
        case Frozen():
            return Cause.FROZEN
        case Erasure() | KeptBy() | GoesBy() | NoEnd():
            return Cause.NOT_DUE
        case other:
            assert_never(other)
