"""A run that has ended as its certificate tells of it: from tombstones, plan and revisions.

Knows nothing of how a certificate is signed.
"""

from collections.abc import Mapping
from typing import Final

from msgspec import UNSET, UnsetType
from sqlalchemy import Connection

from archive.catalog.destruction.plans import StoredPlan, plan_numbered
from archive.catalog.destruction.tombstones import tombstones_of_plan
from archive.catalog.retention.revisions import sha256_of, stored_revisions
from archive.catalog.tables.tenants import tenant_row
from archive.certificates.statement import time_text
from archive.ids import TenantId
from archive.lifecycle.tombstone import FoundTombstone, Remains
from archive.moments import moment
from retention.certificates.certificate import NamedRevision, Word
from retention.certificates.destroyed_list import CASE, DestroyedRecording, Said
from retention.policies.policy_text import policy_text
from retention.policies.shipped_policy import SHIPPED
from retention.runner.certificates.issue import EndedRun

_OF_A_CASE: Final = "case:"


def ended_run(connection: Connection, tenant: TenantId, number: int) -> EndedRun:
    plan = plan_numbered(connection, tenant, number)
    row = tenant_row(connection, tenant)
    left = tombstones_of_plan(connection, row, number)
    return EndedRun(
        run=plan.content.id.raw,
        number=number,
        recordings=[recording_of(found) for found, _ in left],
        revisions=_revisions(connection, row),
        approval=_word(plan),
        journal=min(place for _, place in left),
    )


def recording_of(found: FoundTombstone) -> DestroyedRecording:
    remains = found.remains
    said = Said(
        rules=tuple(dict.fromkeys(map(_rule, remains.rules))),
        revision=remains.revision or 0,
        hour=_hour(remains),
        queues=tuple(sorted(remains.facts.queues)),
        teams=tuple(sorted(remains.facts.teams)),
        controllers=tuple(sorted(remains.facts.controllers)),
        scope=UNSET if remains.scope == "whole" else remains.scope,
        facts_until=_facts_until(remains),
    )
    return DestroyedRecording(found.digest, found.destroyed_us, said)


def _facts_until(remains: Remains) -> str | UnsetType:
    if remains.scope != "audio":
        return UNSET
    return "" if remains.facts_until_us is None else time_text(remains.facts_until_us)


def _rule(own: str) -> str:
    return CASE if own.startswith(_OF_A_CASE) else own


def _hour(remains: Remains) -> str:
    if remains.hour_us is None:
        return ""
    return f"{moment(remains.hour_us):%Y-%m-%dT%HZ}"


def _revisions(connection: Connection, tenant: int) -> Mapping[int, NamedRevision]:
    shipped = NamedRevision(
        number=SHIPPED.number,
        sha256=sha256_of(policy_text(SHIPPED.policy)),
        word=Word.AS_SHIPPED,
    )
    taken = {
        each.number: NamedRevision(
            number=each.number,
            sha256=each.content.sha256,
            word=Word.ONE_PERSON if each.content.one_person else Word.REGULAR,
        )
        for each in stored_revisions(connection, tenant)
    }
    return {SHIPPED.number: shipped} | taken


def _word(plan: StoredPlan) -> Word:
    if plan.approval.one_person:
        return Word.ONE_PERSON
    return Word.STANDING if plan.approval.proposal is None else Word.TWO_PERSONS
