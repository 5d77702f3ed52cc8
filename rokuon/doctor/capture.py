"""Checks of capture as it runs: whether it answers, takes new calls, can play every notice.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from capture.admission.capacity import Full
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr


def takes_calls(facts: HostFacts) -> CheckResult:
    """Whether a call that begins now is recorded."""
    check, seen = Check("CALL-001", tr("new calls")), facts.seen.capture
    threshold = tr("are taken")
    if seen is None:
        return check.passed(tr("not asked: capture does not run here"), threshold)
    if not seen.answers:
        start = tr("start it: rokuon serve, or rokuon serve capture; its log says why it ended")
        return check.error(tr("capture does not answer"), threshold, start)
    if not seen.full:
        return check.passed(tr("are taken"), threshold)
    measured = tr("are refused: {reason}").format(reason=seen.full)
    if seen.full == Full.DRAINING:
        return check.warning(measured, threshold, tr("rokuon drain --off takes calls again"))
    return check.error(measured, threshold, _mend(seen.full))


def _mend(full: str) -> str:
    """What helps against what has run out."""
    match full:
        case Full.PORTS:
            return tr(
                "set rtp.first_port and rtp.last_port to ports that no other program has: "
                "its log says how many are taken"
            )
        case Full.SPOOL_BYTES | Full.SPOOL_INODES | Full.SPOOL_FAILING:
            return tr("see the checks STOR-001 to STOR-006: calls are taken again by themselves")
        case Full.CALLS:
            return tr("set limits.max_calls higher, or add a node")
        case Full.STARTING | Full.WORKERS:
            return tr("wait for its workers; where none comes within 30 s, its log says why")
        case _:
            return tr("the machine has no room for more calls: add cores or memory, or a node")


def playable(facts: HostFacts) -> CheckResult:
    """Whether a route has a notice that cannot be played: its calls are blocked, or unrecorded."""
    check = Check("NOTE-001", tr("notices of the routes"))
    threshold = tr("every one can be played")
    if not facts.unplayable_prompts:
        return check.passed(tr("none is broken"), threshold)
    return check.error(
        ", ".join(facts.unplayable_prompts),
        threshold,
        tr("rokuon prompt check FILE says what is wrong with the file of [[prompt]]"),
    )
