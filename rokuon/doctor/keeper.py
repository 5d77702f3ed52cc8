"""Checks of the way into the archive: whether the keeper runs, what waits, what is stuck.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from typing import Final

from api.health.judge import (
    BACKLOG_US,
    KEEPER_SILENT_US,
    AlarmCode,
    alarms_of,
    is_keeper_silent,
    waited_us,
)
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr

# So many files fill a line; how many there are is said behind them.
NAMED: Final = 5
_SECOND_US: Final = 1_000_000
_MINUTE_US: Final = 60 * _SECOND_US


def stuck(facts: HostFacts) -> CheckResult:
    """Whether every recording that is over goes into the archive."""
    check = Check("KEEP-001", tr("recordings on their way into the archive"))
    threshold = tr("the keeper gets all of them there")
    count = facts.seen.stuck
    if facts.seen.keeper is None or not count:
        return check.passed(tr("none is stuck"), threshold)
    found = facts.seen.keeper.stuck[:NAMED]
    told = [" ".join(filter(None, (each.file, each.reason, each.detail))) for each in found]
    more = f" … ({count})" if count > NAMED else ""
    return check.error(
        ", ".join(told) + more,
        threshold,
        tr("they stay in the spool and are tried every 30 s; docs/cli.md has the reasons"),
    )


def runs(facts: HostFacts) -> CheckResult:
    """Whether the keeper says how it is, and has whom it needs."""
    check = Check("KEEP-002", tr("the keeper"))
    threshold = tr("tells how it is, at most {count} s ago").format(
        count=KEEPER_SILENT_US // _SECOND_US
    )
    keeper = facts.seen.keeper
    if facts.calls.state.is_hidden:
        return check.passed(tr("not asked: this user may not look there"), threshold)
    if keeper is None and not facts.calls.state.revision:
        return check.passed(tr("not started yet"), threshold)
    start = tr("start it: rokuon serve, or rokuon serve keeper; calls wait in the spool until then")
    if keeper is None:
        return check.warning(tr("never"), threshold, start)
    measured = tr("{count} s ago").format(count=(facts.seen.at_us - keeper.at_us) // _SECOND_US)
    if is_keeper_silent(facts.seen):
        return check.warning(measured, threshold, start)
    if any(each.code is AlarmCode.KEEPER_WAITS for each in alarms_of(facts.seen)):
        awaited = tr("the key daemon") if keeper.awaits == "keys" else tr("the catalog's database")
        return check.error(
            tr("it waits for: {name}").format(name=awaited),
            threshold,
            tr("see the checks CAT-001 and KEY-002: it goes on by itself"),
        )
    return check.passed(measured, threshold)


def backlog(facts: HostFacts) -> CheckResult:
    """Whether recordings go into the archive soon after they are over."""
    check = Check("KEEP-003", tr("recordings that wait for the archive"))
    threshold = tr("none for longer than {count} min").format(count=BACKLOG_US // _MINUTE_US)
    keeper = facts.seen.keeper
    if keeper is None or not keeper.backlog.parts:
        return check.passed(tr("none"), threshold)
    waited = waited_us(facts.seen)
    measured = tr("{count} parts, {size} MB, the oldest for {minutes} min").format(
        count=keeper.backlog.parts,
        size=keeper.backlog.size_bytes // 1_000_000,
        minutes=waited // _MINUTE_US,
    )
    if waited > BACKLOG_US:
        return check.warning(
            measured, threshold, tr("see the checks KEEP-001, KEEP-002 and STOR-006, and its log")
        )
    return check.passed(measured, threshold)
