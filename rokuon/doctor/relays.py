"""The check of relays: which loop the packets of inline calls take.

A pure function of `HostFacts`. Knows nothing of packets, nor of how the loop was chosen.
"""

from capture.native.choice import Because, LoopChoice, RelayLoop
from capture.native.library import LIBRARY, Unavailable
from rokuon.doctor.facts import HostFacts
from rokuon.messages.check_result import Check, CheckResult
from rokuon.messages.i18n import tr


def loop(facts: HostFacts) -> CheckResult:
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
