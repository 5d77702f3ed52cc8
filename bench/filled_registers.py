"""A few rows of each register that says what becomes of recordings: by the product's own code.

Nothing that a search finds is hidden or gone by them. Knows nothing of calls, nor of copies.
"""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection, Engine

from archive.catalog.database.engine import writing
from archive.catalog.destruction.certificates import NewCertificate, append_certificate
from archive.catalog.destruction.due_counts import DueCount, write_count
from archive.catalog.destruction.plans import (
    PlanContent,
    PlanLine,
    append_plan,
    end_plan,
    target_of,
)
from archive.catalog.destruction.standing_approvals import let_stand
from archive.catalog.holds.held_recordings import Noting
from archive.catalog.holds.measures import MeasureAct, take_measure
from archive.catalog.journal.authors import Author
from archive.catalog.register.kept_facts import SealedFacts, keep_facts
from archive.catalog.register.legal_holds import activate, open_hold
from archive.catalog.register.use_limits import LimitChange, UseLimit, write_limits
from archive.catalog.retention.limit_rounds import LimitRound, write_round
from archive.catalog.retention.revisions import NewRevision, append_call_back, append_revision
from archive.catalog.retention.told_events import EventsTold, append_events
from archive.catalog.search.calls import everything
from archive.catalog.tables.tenants import tenant_row
from archive.ids import HoldId, KeyId, PlanId, RecordingId
from archive.lifecycle.hold_scope import ByList
from archive.lifecycle.kept_facts import FactsName
from archive.lifecycle.legal_holds import HoldTerms
from archive.lifecycle.measures import Measure, MeasureKind
from archive.lifecycle.retention_events import ToldEvent
from retention.policies.policy_text import policy_text
from retention.policies.shipped_policy import SHIPPED

# So many recordings are kept, whatever is due.
KEPT: Final = 4
_PLAN: Final = PlanId(bytes(15) + b"\x01")
_ELSE: Final = RecordingId(bytes(15) + b"\x03")
_HOLD: Final = HoldId(bytes(15) + b"\x02")
_RULE: Final = "default"
_DAY: Final = date(2026, 4, 1)


def fill_registers(engine: Engine, author: Author) -> None:
    """Of the first recordings: kept for a case and a matter, limited; and what plans leave."""
    with writing(engine) as connection:
        few = everything(connection, author.access.tenant)[:KEPT]
        _keep(connection, author, few)
        _limit(connection, author, few)
        _plan(connection, author, few)
        _tell(connection, author)
        _keep_facts(connection, author)


def _keep_facts(connection: Connection, author: Author) -> None:
    """Of a recording that is nowhere else: as it is where its facts have not been put back yet."""
    tenant, at_us = author.access.tenant, author.access.at_us
    name = FactsName(tenant, _ELSE, KeyId(_ELSE.raw))
    copy = SealedFacts(name=name, kept_us=at_us, until_us=None, sealed=bytes(64))
    keep_facts(connection, tenant_row(connection, tenant), [copy])


def _keep(connection: Connection, author: Author, few: Sequence[RecordingId]) -> None:
    """A case freezes one, a hold has all."""
    freeze = Measure(kind=MeasureKind.FREEZE, case="C-1")
    act = MeasureAct(measure=freeze, target=few[0], recordings=tuple(few[:1]))
    take_measure(connection, author, act)
    terms = HoldTerms(matter="M-1", reason="bench", review_on=_DAY, scope=ByList(len(few)))
    placed = open_hold(connection, author, _HOLD, terms)
    tenant = tenant_row(connection, author.access.tenant)
    Noting(tenant, placed, author.access.at_us, "placed").recordings(connection, few)
    activate(connection, author, placed, {})


def _limit(connection: Connection, author: Author, few: Sequence[RecordingId]) -> None:
    """To what the bench itself is there for; the round that found it is over."""
    access = author.access
    tenant, purposes = tenant_row(connection, access.tenant), frozenset({access.purpose})
    limit = UseLimit(from_us=access.at_us, purposes=purposes, revision=1)
    change = LimitChange(recording=few[0], asset="audio", limit=limit)
    write_limits(connection, tenant, [change])
    over = LimitRound(revisions="1", begun_us=access.at_us, total=1, done=1, ended_us=access.at_us)
    write_round(connection, tenant, over)


def _plan(connection: Connection, author: Author, few: Sequence[RecordingId]) -> None:
    """A plan that was stopped before anything was gone, and its certificate."""
    at_us = author.access.at_us
    lines = [
        PlanLine(recording=each, digest=_sha256(each.raw), revision=1, rules=(_RULE,), size_bytes=1)
        for each in few
    ]
    content = PlanContent(
        id=_PLAN,
        sha256=_sha256(_PLAN.raw),
        decided_us=at_us,
        recordings=len(lines),
        size_bytes=len(lines),
        cooling_off_h=0,
    )
    number = append_plan(connection, author, content, lines)
    let_stand(connection, author, number, [(1, _RULE)])
    end_plan(connection, number, at_us, "stopped")
    signed = NewCertificate(
        run=_PLAN.raw, number=number, sha256=content.sha256, signed_us=at_us, recordings=0
    )
    write_count(connection, tenant_row(connection, author.access.tenant), DueCount(at_us=at_us))
    append_certificate(connection, signed, author.entry("certified", target_of(number), {}))


def _tell(connection: Connection, author: Author) -> None:
    """A contract ended; a second revision of the policy was called back."""
    ended = ToldEvent.of("contract_end", "K-1", _DAY.isoformat())
    append_events(connection, author, EventsTold(events=[ended], sha256=_sha256(b"K-1")))
    again = NewRevision(
        text=policy_text(SHIPPED.policy), in_force_us=author.access.at_us, is_retroactive=False
    )
    append_call_back(connection, author, append_revision(connection, author, again).number)


def _sha256(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
