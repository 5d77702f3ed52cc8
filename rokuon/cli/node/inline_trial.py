"""`rokuon selftest --inline`: the steps as they pass, and what to do about one that does not.

Knows nothing of how a call is made or judged.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, show_value
from rokuon.messages.i18n import tr
from rokuon.selftest.phones.kinds import KINDS, Phone, PhoneMissing, find_handset

if TYPE_CHECKING:
    from rokuon.config.schema import Config
    from rokuon.selftest.call_verdict import StepOutcome


def inline_selftest(
    config: "Config", output: Output, phone: Phone | None, python: Path | None
) -> None:
    """Exit 0 when every step passed; 3 with the step that failed.

    Or 3 with what is to be put right before anybody is called: the block to add, the phone to
    install.
    """
    from rokuon.compose.selftest.inline_route import BLOCK, RouteUnfit, selftest_route
    from rokuon.compose.selftest.inline_trial import run_inline_selftest

    try:
        route = selftest_route(config)
    except RouteUnfit as unfit:
        _show_unfit(str(unfit), BLOCK, output)
        raise typer.Exit(Exit.FINDINGS) from unfit
    try:
        handset = find_handset(phone, python) if phone else None
    except PhoneMissing as missing:
        _show_missing(missing.phone, output)
        raise typer.Exit(Exit.FINDINGS) from missing
    tell = _nothing if output is Output.JSON else _show
    outcomes = run_inline_selftest(config, route, tell, handset)
    failed = [outcome for outcome in outcomes if not outcome.passed]
    if output is Output.JSON:
        steps = [_row(outcome) for outcome in outcomes]
        show_value({"passed": not failed, "steps": steps}, output)
    elif failed:
        _show_advice(failed[0].step.value)
    else:
        print(tr("every step passed; the call stays in the archive like any other"))
    if failed:
        raise typer.Exit(Exit.FINDINGS)


def _row(outcome: "StepOutcome") -> dict[str, object]:
    row: dict[str, object] = {"step": outcome.step.value, "passed": outcome.passed}
    row["figures"] = dict(outcome.figures)
    if not outcome.passed:
        row["advice"] = _advice()[outcome.step.value]
    return row


def _nothing(_outcome: "StepOutcome") -> None:
    """A program reads the whole at the end."""


def _show(outcome: "StepOutcome") -> None:
    sign = "✓" if outcome.passed else "✗"
    print(f"{sign} {_titles()[outcome.step.value]}  ({_figures(outcome.figures)})", flush=True)


def _figures(figures: Mapping[str, float]) -> str:
    return ", ".join(f"{_names().get(name, name)} {value:g}" for name, value in figures.items())


def _show_advice(step: str) -> None:
    print(tr("to fix: {fix}").format(fix=_advice()[step]))


def _show_unfit(setting: str, block: str, output: Output) -> None:
    """What is missing or unlike, and what would do."""
    if output is Output.JSON:
        show_value({"passed": False, "steps": [], "setting": setting, "block": block}, output)
        return
    said = tr(
        "there is no route by which a self-test could ring nobody: {setting} is missing, or not as "
        "below. Put this into the configuration, the route before all others, and restart Rokuon "
        "(rokuon reload is enough where it has routes already):"
    )
    print(said.format(setting=setting))
    print()
    print(block, end="")


def _show_missing(phone: Phone, output: Output) -> None:
    """Which library no Python has, and how one gets it."""
    kind = KINDS[phone]
    if output is Output.JSON:
        missing = {"module": kind.module, "package": kind.package}
        show_value({"passed": False, "steps": [], "missing": missing}, output)
        return
    said = tr(
        "neither this Python nor that of --phone-python can import {module}. It is GPL and no part "
        "of Rokuon; give it an environment of its own (Python 3.11 is tested):"
    )
    print(said.format(module=kind.module))
    print()
    print(f"python3.11 -m venv phones && phones/bin/pip install {kind.package}")
    print(f"rokuon selftest --inline --phone {phone.value} --phone-python phones/bin/python")


def _titles() -> dict[str, str]:
    return {
        "answered": tr("the call is answered by our own far side"),
        "notice": tr("the caller hears the whole notice, and nobody yet"),
        "ringback": tr("the far side hears ringback meanwhile, and nothing of the caller"),
        "talk": tr("after the notice both hear each other"),
        "hung_up": tr("hanging up ends both sides"),
        "found": tr("the recording is found by its Call-ID"),
        "lanes": tr("customer, agent and notice lie in a lane each"),
        "gate": tr("nothing that was said before the end of the notice was kept"),
    }


def _names() -> dict[str, str]:
    return {
        "status": tr("status"),
        "setup_ms": tr("ms to the answer"),
        "likeness": tr("likeness"),
        "notice_s": tr("seconds of notice"),
        "other_side_packets": tr("packets of the other side"),
        "other_side": tr("likeness with the other side"),
        "by_caller": tr("heard by the caller"),
        "by_far_side": tr("heard by the far side"),
        "voices": tr("voices"),
        "seconds": tr("seconds"),
        "customer": tr("customer"),
        "agent": tr("agent"),
        "node": tr("notice"),
        "customer_s": tr("seconds of the customer"),
        "agent_s": tr("seconds of the agent"),
        "since_notice_s": tr("seconds since the notice"),
    }


def _advice() -> dict[str, str]:
    return {
        "answered": tr(
            "status 0: is rokuon serve running, and with this configuration (rokuon reload)? "
            "403, 404: another source or route took the call (rokuon route explain --source "
            "selftest --number rokuon-selftest); 480: the notice cannot be played; 503: full or "
            "draining (rokuon drain --off). rokuon calls ledger says why"
        ),
        "notice": tr(
            "the log of capture names prompts that cannot be played; rokuon prompt check FILE "
            "looks at yours. If this machine is busy, try again"
        ),
        "ringback": tr("look for relay in the log of capture; if this machine is busy, try again"),
        "talk": tr(
            "media do not pass: look for relay in the log of capture, and whether a firewall is "
            "in the way of rtp.first_port to rtp.last_port on loopback"
        ),
        "hung_up": tr("rokuon calls live shows whether the call is still up"),
        "found": tr(
            "is the keeper running (rokuon serve keeper)? rokuon recover adopts what lies in the "
            "spool and says what is wrong; rokuon calls ledger shows calls that were not recorded"
        ),
        "lanes": tr(
            "rokuon calls show and rokuon verify say what was kept; lost packets are gaps there"
        ),
        "gate": tr(
            "do not record with this node until it is understood: report it (SECURITY.md) with "
            "rokuon calls trace of the call"
        ),
    }
