"""Checks of capture as it runs: new calls, notices that can be played, the loop of its relays.

Pure functions of `HostFacts`. Knows nothing of how facts are gathered.
"""

from capture.admission.capacity import Full
from capture.native.choice import Because, LoopChoice, RelayLoop
from capture.native.library import LIBRARY, Unavailable
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


def relay_loop(facts: HostFacts) -> CheckResult:
    """Whether inline calls have the compiled loop, or go without by wish."""
    check = Check("RTP-004", tr("loop of the relays"))
    threshold = tr("native, or as inline.relay_loop says, where there are inline calls")
    chosen = facts.relay_loop
    if chosen.loop is RelayLoop.NATIVE:
        return check.passed(chosen.loop, threshold)
    measured = f"{chosen.loop}: {_reason(chosen)}"
    if not chosen.is_lacking or not facts.config.has_inline:
        return check.passed(measured, threshold)
    return check.warning(measured, threshold, _fix(chosen))


def _reason(chosen: LoopChoice) -> str:
    match chosen.because:
        case Because.WISHED:
            return tr("inline.relay_loop says so")
        case Unavailable.NOT_BUILT:
            return tr("no compiled loop")
        case Unavailable.WRITABLE:
            return tr("everybody may write the compiled loop")
        case Because.NO_CRYPTO:
            return tr("no libcrypto.so.3 that has what SRTP needs")
        case _:
            return tr("the compiled loop is of another version or machine")


def _fix(chosen: LoopChoice) -> str:
    """What to do about it; each ends with the compiled loop, or with none missed."""
    if chosen.because is Unavailable.WRITABLE:
        return tr(
            "see that nobody has changed {file}, then chmod o-w it and its folder,"
            " and restart capture"
        ).format(file=LIBRARY)
    if chosen.because is Because.NO_CRYPTO:
        return tr(
            "install libssl3 (OpenSSL 3) and restart capture: inline calls with SRTP cost"
            ' several times as much without; or inline.relay_loop = "python"'
        )
    return tr(
        "install gcc and libc6-dev, install Rokuon again and restart capture"
        " (docs/inline.md, The compiled loop): inline calls cost several times as much without;"
        ' or inline.relay_loop = "python"'
    )
