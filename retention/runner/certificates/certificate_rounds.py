"""The rounds of certificates beside a runner: runs that have ended are certified, then stamped.

Knows nothing of how a run destroys. A round that failed is tried again; nothing waits for it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Protocol

import structlog
from sqlalchemy.exc import SQLAlchemyError

from archive.catalog.database.engine import reading, writing
from archive.catalog.destruction.certificates import uncertified_plans
from archive.catalog.locating.changes import last_change
from archive.catalog.locating.copies import copies_behind
from archive.catalog.tables.tenants import tenant_row
from archive.errors import CertificateDamaged, KeyRefused, KeyUnavailable, ProofWrong
from archive.ids import PlanId
from archive.rounds import Rounds
from retention.runner.certificates.ended_runs import ended_run
from retention.runner.certificates.issue import CertificateIssue
from retention.runner.certificates.time_stamps import TimeStamps

ROUND_S: Final = 5.0
# A server that did not answer is not asked in every round.
STAMP_US: Final = 60_000_000

log = structlog.get_logger("rokuon.retention")


class EndingKeys(Protocol):
    """What is asked of the key daemon besides; see `KeyClient`."""

    def end_plan(self, plan: PlanId) -> None:
        """Nothing more of it is destroyed: of no other plan is there a certificate."""


@dataclass(slots=True, kw_only=True)
class CertificateRounds:
    """Certifies and has stamped what one tenant's runs have destroyed."""

    issue: CertificateIssue
    keys: EndingKeys
    stamps: TimeStamps
    clock_us: Callable[[], int]
    _stamped_us: int | None = field(default=None, init=False)
    # By plan the change that copies in columns must have passed.
    _awaited: dict[int, int] = field(default_factory=dict, init=False)

    def round(self) -> None:
        """Certify each run that has ended; now and then ask for the time stamps that are missing.

        Raises `KeyUnavailable`, `OSError`.
        """
        with reading(self.issue.engine) as connection:
            numbers = uncertified_plans(connection, self.issue.tenant)
        for number in numbers:
            if self._is_gone_from_copies(number):
                self._certify_or_tell(number)
        now_us = self.clock_us()
        if numbers or self._stamped_us is None or now_us - self._stamped_us >= STAMP_US:
            self._stamped_us = now_us
            self.stamps.round()

    def _is_gone_from_copies(self, number: int) -> bool:
        """Whether each copy that answers has passed what the run did; it had ended by now."""
        with writing(self.issue.engine) as connection:
            tenant = tenant_row(connection, self.issue.tenant)
            change = self._awaited.setdefault(number, last_change(connection, tenant))
            behind = copies_behind(connection, tenant, change, self.clock_us())
        if behind:
            log.info("certificate waits for columns", plan=number, copies=behind)
        return not behind

    def _certify_or_tell(self, number: int) -> None:
        """What is wrong with one run keeps no other from its certificate."""
        try:
            self._certify(number)
        except (KeyRefused, CertificateDamaged, ProofWrong) as wrong:
            log.error("no certificate", plan=number, reason=str(wrong))

    def _certify(self, number: int) -> None:
        with reading(self.issue.engine) as connection:
            run = ended_run(connection, self.issue.tenant, number)
        self.keys.end_plan(PlanId(run.run))
        self._awaited.pop(number, None)
        if self.issue.issue(run):
            log.info("run certified", plan=number, recordings=len(run.recordings))


async def serve_certificates(rounds: CertificateRounds, stop: asyncio.Event) -> None:
    """Go round until told to stop."""
    async for _ in Rounds(stop, ROUND_S):
        await asyncio.to_thread(_round, rounds)


def _round(rounds: CertificateRounds) -> None:
    try:
        rounds.round()
    except (KeyUnavailable, SQLAlchemyError, OSError) as failed:
        # The text of an error of the database may have values of a row.
        log.error("round failed", kind=type(failed).__name__)
