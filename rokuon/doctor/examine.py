"""All checks in the order in which they are shown.

Knows which checks there are, nothing of what they look at.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final

from rokuon.doctor import (
    backups,
    capture,
    catalog,
    certificates,
    holds,
    host,
    keeper,
    letters,
    network,
    retention,
    storage,
)
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import CheckResult, Severity

CHECKS: Final[tuple[Callable[[HostFacts], CheckResult], ...]] = (
    network.bind,
    network.advertise,
    capture.takes_calls,
    network.silent,
    network.intruders,
    network.guessing,
    network.port_count,
    network.port_overlap,
    network.latch,
    network.local_browser,
    capture.relay_loop,
    capture.playable,
    catalog.answers,
    catalog.revision,
    catalog.guards,
    catalog.seals,
    keeper.stuck,
    keeper.runs,
    keeper.backlog,
    catalog.index,
    holds.placing,
    holds.reviewed,
    retention.overdue,
    retention.altered,
    network.buffers,
    network.udp_memory,
    network.descriptors,
    host.clock,
    host.zones,
    host.clock_trusted,
    host.spool_writable,
    host.spool_volume,
    host.spool_space,
    host.spool_inodes,
    host.spool_sync,
    storage.take_files,
    storage.room,
    host.spool_place,
    storage.archive,
    storage.verified,
    certificates.sip,
    certificates.http,
    letters.fonts,
    host.passphrase,
    host.key_daemon,
    host.intake_list,
    backups.epoch,
    backups.pages,
    backups.gate,
    backups.sets,
    backups.key_copies,
    backups.catalog_sets,
)
# Open files, the clock: what `make run` on a laptop does without.
LACKING: Final = frozenset({"LIM-001", "TIME-001"})
_WORST_FIRST: Final = (Severity.ERROR, Severity.WARNING, Severity.OK)


def examine(facts: HostFacts) -> tuple[CheckResult, ...]:
    """Every check's outcome, passed ones too."""
    return tuple(check(facts) for check in CHECKS)


def for_trial(outcomes: Iterable[CheckResult]) -> Iterator[CheckResult]:
    """The same where somebody only tries Rokuon: what a laptop lacks is no error there."""
    for each in outcomes:
        is_lacking = each.check in LACKING and each.severity is Severity.ERROR
        yield replace(each, severity=Severity.WARNING) if is_lacking else each


def worst_first(outcomes: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """Errors, then warnings, then what is well, each in their order."""
    return tuple(sorted(outcomes, key=lambda each: _WORST_FIRST.index(each.severity)))


def has_findings(outcomes: tuple[CheckResult, ...]) -> bool:
    """Whether anything is not as promised."""
    return any(outcome.severity is not Severity.OK for outcome in outcomes)
