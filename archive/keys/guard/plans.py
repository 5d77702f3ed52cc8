"""Plans of destructions in the keystore: which recordings, from when on, how many a day.

Knows nothing of rules, or of who approved a plan: who reaches the API's socket says that it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from archive.errors import KeyRefused
from archive.ids import PlanId, RecordingId, TenantId
from archive.keys.errors import Refusal
from archive.keys.guard.brake import latest_time
from archive.keys.store import statements
from archive.keys.store.database import Database
from archive.keys.store.schema import transaction

DIGEST_BYTES: Final = 32
MILLION: Final = 1_000_000
# Rows of a plan's list that go in one transaction: some milliseconds.
STEP: Final = 1_000


class PlanState(StrEnum):
    """How far a plan has come. Only of an approved one anything is destroyed."""

    OPEN = "open"
    APPROVED = "approved"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTerms:
    """What a plan is opened with.

    `digest`: SHA-256 of the text that was approved. `due_us`: µs since 1970 UTC, before which
    nothing is destroyed. `share_ppm`: millionths of the archive that may go in a day.
    """

    tenant: TenantId
    digest: bytes
    due_us: int
    share_ppm: int

    def __post_init__(self) -> None:
        assert len(self.digest) == DIGEST_BYTES
        assert 0 <= self.share_ppm <= MILLION


@dataclass(frozen=True, slots=True)
class PlanRow:
    """A plan in the keystore; `due_us` is not before `terms.due_us`."""

    terms: PlanTerms
    due_us: int
    state: PlanState


def open_plan(database: Database, plan: PlanId, terms: PlanTerms) -> bool:
    """Begin a plan; return whether it has nothing of a text that came before, and was not sealed.

    Again with the same terms is no fault.
    """
    with transaction(database):
        known = find_plan(database, plan)
        if known is None:
            database.execute(statements.ADD_FENCE, {"tenant": terms.tenant.raw})
            database.execute(
                statements.ADD_PLAN,
                {
                    "plan": plan.raw,
                    "tenant": terms.tenant.raw,
                    "digest": terms.digest,
                    "share_ppm": terms.share_ppm,
                    "due_us": terms.due_us,
                },
            )
            return True
        if known.terms != terms:
            raise KeyRefused(Refusal.PLAN_DIFFERS)
        return known.state is not PlanState.OPEN or _is_forgotten(database, plan)


def plan_recordings(
    database: Database, plan: PlanId, recordings: Sequence[tuple[RecordingId, int]]
) -> None:
    """Add recordings to an open plan, each with the number of its keys.

    To one that is approved nothing is added; whoever says again what it has is not refused.
    """
    with transaction(database):
        state = _require(database, plan).state
        if state is PlanState.ENDED:
            raise KeyRefused(Refusal.PLAN_CLOSED)
        for recording, keys in recordings:
            if state is PlanState.OPEN:
                _add(database, plan, recording, keys)
            elif planned_keys(database, plan, recording) != keys:
                raise KeyRefused(Refusal.PLAN_CLOSED)


def seal_plan(database: Database, plan: PlanId, sha256: bytes | None, now_us: int) -> None:
    """The plan is approved as it is. By as much as our clock is behind, it is due later.

    `sha256`: of the text that came of it, which must be what was approved; None: none came.
    """
    with transaction(database):
        known = _require(database, plan)
        if known.state is PlanState.ENDED:
            raise KeyRefused(Refusal.PLAN_CLOSED)
        if known.state is PlanState.OPEN:
            _require_text(known.terms, sha256)
            behind_us = max(0, latest_time(database) - now_us)
            database.execute(
                statements.APPROVE_PLAN,
                {"plan": plan.raw, "due_us": known.terms.due_us + behind_us},
            )


def end_plan(database: Database, plan: PlanId) -> bool:
    """Nothing more of the plan is destroyed; return whether its whole list is gone."""
    with transaction(database):
        _require(database, plan)
        database.execute(statements.CLOSE_PLAN, {"plan": plan.raw})
        return _is_forgotten(database, plan)


def planned_keys(database: Database, plan: PlanId, recording: RecordingId) -> int | None:
    """Return how many keys the plan has of a recording; None where it does not have it."""
    row = database.execute(
        statements.PLANNED_KEYS, {"plan": plan.raw, "recording": recording.raw}
    ).fetchone()
    return None if row is None else int(row[0])


def find_plan(database: Database, plan: PlanId) -> PlanRow | None:
    """Return what is known of a plan; None where it was never opened."""
    row = database.execute(statements.FIND_PLAN, {"plan": plan.raw}).fetchone()
    if row is None:
        return None
    terms = PlanTerms(tenant=TenantId(row[0]), digest=row[1], share_ppm=row[2], due_us=row[3])
    return PlanRow(terms, row[4], PlanState(row[5]))


def _add(database: Database, plan: PlanId, recording: RecordingId, keys: int) -> None:
    database.execute(
        statements.PLAN_RECORDING, {"plan": plan.raw, "recording": recording.raw, "keys": keys}
    )


def _is_forgotten(database: Database, plan: PlanId) -> bool:
    """Take a step of a plan's list away; whether all of it is gone."""
    gone = database.execute(statements.FORGET_PLANNED, {"plan": plan.raw, "step": STEP})
    return gone.rowcount < STEP


def _require_text(terms: PlanTerms, sha256: bytes | None) -> None:
    if sha256 is None:
        raise KeyRefused(Refusal.OUT_OF_ORDER)
    if sha256 != terms.digest:
        raise KeyRefused(Refusal.PLAN_ALTERED)


def _require(database: Database, plan: PlanId) -> PlanRow:
    known = find_plan(database, plan)
    if known is None:
        raise KeyRefused(Refusal.PLAN_UNKNOWN)
    return known
