"""Which steps the rows of the register tell of, and what an entry must say of each.

Pure. Knows nothing of how rows are read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Table

from archive.access.reach import ReachRule
from archive.catalog.accounts.persons import SERVICE_PREFIX
from archive.catalog.accounts.sign_in_codes import FIRST_ADMINISTRATOR
from archive.catalog.accounts.single_person import TARGET as INSTALLATION
from archive.catalog.journal.authors import told_of
from archive.catalog.journal.entries import Action, Detail
from archive.catalog.tables.catalog import (
    agent_import,
    approval,
    case_measure,
    certificate,
    confirmation,
    correction,
    credential,
    destruction_plan,
    hold,
    job,
    one_person,
    os_name,
    proposal,
    proposal_comment,
    retention_event,
    retention_revision,
    revision_call_back,
    role_gift,
    service,
    sign_in_code,
    standing_approval,
    token,
    tombstone,
    user,
)

RowOf = Row[tuple[Any, ...]]
Details = Mapping[str, Detail]
# Whoever it was: the register does not say.
ANYBODY: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Names:
    """How the journal names persons and services, by their rows, and who acts for whom."""

    users: Mapping[int, str]
    services: Mapping[int, str]
    issued: Mapping[int, frozenset[str]]

    def actors(self, row: int) -> frozenset[str]:
        """As whom a person may have acted: itself, root in its name, services that it issued."""
        name = self.users.get(row, "")
        return frozenset({name, f"os:root as {name}"}) | self.issued.get(row, ANYBODY)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepKind:
    """How a step of a table's rows is read; without a value in the column `at` it was not done."""

    table: Table
    action: Action
    target: Callable[[RowOf, Names], str]
    at: str = ""
    by: str = ""
    detail: Callable[[RowOf], Details] = lambda _: {}
    place: str = ""
    must_be_told: bool = True


def _user(row: RowOf, names: Names) -> str:
    return names.users.get(row.user, "")


def _holder(row: RowOf, names: Names) -> str:
    return names.users.get(row.user, "") if row.user else names.services.get(row.service, "")


def _whose_code(row: RowOf, names: Names) -> str:
    return FIRST_ADMINISTRATOR if row.user is None else _user(row, names)


def _named(kind: str, column: str = "row") -> Callable[[RowOf, Names], str]:
    return lambda row, _: f"{kind}:{getattr(row, column)}"


def _hold(row: RowOf, _: Names) -> str:
    return f"hold:{row.id.hex()}"


def _always(target: str) -> Callable[[RowOf, Names], str]:
    return lambda *_: target


def _token(row: RowOf) -> Details:
    scopes = sorted(row.scopes.split())
    return {"token": row.row, "scopes": scopes, "until_us": row.expires_us}


def _gift(row: RowOf) -> Details:
    reach = told_of(ReachRule.decode(row.reach))
    return {"gift": row.row, "role": row.role, "reach": reach}


def _proposal(row: RowOf) -> Details:
    return {"kind": row.kind, "digest": row.digest.hex()}


def _alone(row: RowOf) -> Details:
    return {"one_person": 1} if row.one_person else {}


_PROPOSAL: Final = _named("proposal")
_PLAN: Final = _named("plan")
KINDS: Final = (
    StepKind(
        table=user,
        action="user_added",
        target=lambda r, _: r.name,
        at="created_us",
        by="created_by",
    ),
    StepKind(table=user, action="user_disabled", target=lambda r, _: r.name, at="disabled_us"),
    StepKind(
        table=confirmation, action="user_confirmed", target=_user, at="given_us", by="given_by"
    ),
    StepKind(
        table=service,
        action="service_added",
        target=lambda r, _: SERVICE_PREFIX + r.name,
        at="created_us",
        by="created_by",
    ),
    StepKind(
        table=role_gift,
        action="role_given",
        target=_user,
        at="given_us",
        by="given_by",
        detail=_gift,
    ),
    StepKind(
        table=role_gift,
        action="role_taken",
        target=_user,
        at="ended_us",
        detail=lambda r: {"gift": r.row, "role": r.role},
    ),
    StepKind(
        table=os_name,
        action="os_name_given",
        target=_user,
        at="given_us",
        by="given_by",
        detail=lambda r: {"os_name": r.name},
    ),
    StepKind(
        table=os_name,
        action="os_name_taken",
        target=_user,
        at="ended_us",
        detail=lambda r: {"os_name": r.name},
    ),
    StepKind(
        table=token,
        action="token_created",
        target=_holder,
        at="created_us",
        by="issued_by",
        detail=_token,
    ),
    StepKind(
        table=token,
        action="token_revoked",
        target=_holder,
        at="revoked_us",
        detail=lambda r: {"token": r.row},
        must_be_told=False,
    ),
    StepKind(
        table=proposal,
        action="proposed",
        target=_PROPOSAL,
        at="proposed_us",
        by="proposed_by",
        detail=_proposal,
    ),
    StepKind(table=proposal, action="proposal_withdrawn", target=_PROPOSAL, at="withdrawn_us"),
    StepKind(
        table=proposal,
        action="proposal_rejected",
        target=_PROPOSAL,
        at="rejected_us",
        by="rejected_by",
    ),
    StepKind(
        table=proposal_comment,
        action="proposal_commented",
        target=_named("proposal", "proposal"),
        at="given_us",
        by="given_by",
    ),
    StepKind(
        table=proposal,
        action="carried_out",
        target=_PROPOSAL,
        at="carried_us",
        detail=lambda r: {**_proposal(r), **_alone(r)},
    ),
    StepKind(table=proposal, action="proposal_expired", target=_PROPOSAL, at="expired_us"),
    StepKind(
        table=approval,
        action="approved",
        target=_named("proposal", "proposal"),
        at="given_us",
        by="given_by",
        detail=_alone,
    ),
    StepKind(
        table=approval,
        action="approval_withdrawn",
        target=_named("proposal", "proposal"),
        at="withdrawn_us",
    ),
    StepKind(
        table=one_person,
        action="one_person_declared",
        target=_always(INSTALLATION),
        at="declared_us",
    ),
    StepKind(
        table=one_person, action="one_person_ended", target=_always(INSTALLATION), at="ended_us"
    ),
    StepKind(
        table=credential,
        action="credential_set",
        target=_user,
        at="set_us",
        detail=lambda r: {"kind": r.kind},
    ),
    StepKind(
        table=sign_in_code,
        action="sign_in_code_made",
        target=_whose_code,
        at="made_us",
        by="made_by",
        detail=lambda r: {"until_us": r.expires_us},
    ),
    StepKind(
        table=hold, action="hold_placed", target=_hold, at="placed_us", by="author", place="journal"
    ),
    StepKind(table=hold, action="hold_activated", target=_hold, at="active_us"),
    StepKind(table=hold, action="hold_cancelled", target=_hold, at="cancelled_us"),
    StepKind(
        table=hold,
        action="hold_released",
        target=_hold,
        at="released_us",
        detail=lambda r: {"grace_until_us": r.grace_until_us, **_alone(r)},
    ),
    StepKind(
        table=case_measure,
        action="measure_taken",
        target=_always(""),
        at="taken_us",
        by="author",
        place="journal",
        detail=lambda r: {"kind": r.kind, "recordings": r.recording.hex(), **_alone(r)},
    ),
    StepKind(
        table=case_measure,
        action="measure_lifted",
        target=_always(""),
        at="lifted_us",
        place="lifted_journal",
        detail=lambda r: {"kind": r.kind, "recordings": r.recording.hex()},
    ),
    StepKind(
        table=destruction_plan,
        action="destruction_planned",
        target=_PLAN,
        by="author",
        detail=lambda r: {"sha256": r.sha256.hex(), "count": r.recordings, "bytes": r.size_bytes},
    ),
    StepKind(table=destruction_plan, action="plan_approved", target=_PLAN, at="approved_us"),
    StepKind(
        table=standing_approval,
        action="plan_approved",
        target=_named("plan", "plan"),
    ),
    StepKind(
        table=certificate,
        action="certified",
        target=_named("plan", "number"),
        place="journal",
        detail=lambda r: {"sha256": r.sha256.hex(), "count": r.recordings, **_alone(r)},
    ),
    StepKind(
        table=correction,
        action="corrected",
        target=lambda r, _: r.recording.hex(),
        at="at_us",
        by="author",
        place="journal",
    ),
    StepKind(
        table=retention_revision,
        action="policy_taken_over",
        target=_named("policy", "number"),
        at="taken_us",
        by="author",
        place="journal",
        detail=lambda r: {"sha256": r.sha256.hex(), "in_force_us": r.in_force_us, **_alone(r)},
    ),
    StepKind(
        table=revision_call_back,
        action="policy_called_back",
        target=_named("policy", "number"),
        at="called_us",
        by="author",
        place="journal",
    ),
    StepKind(
        table=retention_event,
        action="events_told",
        target=_always("events"),
        at="told_us",
        by="author",
        place="journal",
        detail=_alone,
    ),
    StepKind(
        table=job,
        action="job_started",
        target=_named("job"),
        at="ordered_us",
        by="author",
        detail=lambda r: {"kind": r.kind},
    ),
    StepKind(
        table=agent_import,
        action="agents_imported",
        target=_always("agents"),
        at="at_us",
        detail=lambda r: {"sha256": r.sha256.hex()},
    ),
    StepKind(
        table=tombstone,
        action="destroyed",
        target=lambda r, _: f"plan:{r.plan}" if r.plan else "",
        place="journal",
        detail=lambda r: {"digests": r.digest.hex()},
    ),
)
# Entries about many rows: which detail lists them, or that `count` says how many.
LISTING: Final[Mapping[str, str]] = {
    "destroyed": "digests",
    "measure_taken": "recordings",
    "measure_lifted": "recordings",
}
COUNTING: Final[frozenset[str]] = frozenset({"events_told"})
TOLD: Final[frozenset[Action]] = frozenset(kind.action for kind in KINDS)
# Of these every entry has its row: corrections go with their recording, jobs when they are old, and
# what approves a plan stands in one of two tables.
KEPT: Final[frozenset[Action]] = TOLD - {"corrected", "job_started", "plan_approved"}
