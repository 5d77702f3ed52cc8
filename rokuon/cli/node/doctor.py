"""`rokuon doctor`.

Knows nothing of the checks.
"""

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_lines, show_rows, show_value
from rokuon.cli.terminal.session import session_of
from rokuon.cli.words.values import cell
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from rokuon.config.schema import Config
    from rokuon.messages.check_result import CheckResult


def doctor(
    context: typer.Context,
    output: OutputOption = Output.TABLE,
    only: Annotated[
        list[str] | None, typer.Option("--only", help=tr("only these checks, by their id"))
    ] = None,
    sizing: Annotated[
        bool, typer.Option("--sizing", help=tr("what a number of calls needs, too"))
    ] = False,
) -> None:
    """Exit 0 when all is as promised, 3 otherwise."""
    from rokuon.doctor.examine import examine, for_trial, has_findings, worst_first
    from rokuon.doctor.gather import gather

    session = session_of(context)
    config = session.config()
    found = worst_first(examine(gather(config)))
    # Without a configuration of its own somebody tries it, as `make run` does.
    if session.config_file is None:
        found = worst_first(for_trial(found))
    unknown = set(only or ()) - {outcome.check for outcome in found}
    if unknown:
        known = ", ".join(outcome.check for outcome in found)
        raise typer.BadParameter(tr("there are only these checks: {known}").format(known=known))
    outcomes = tuple(outcome for outcome in found if not only or outcome.check in only)
    if output is Output.JSON:
        show_value({"checks": _rows(outcomes), "sizing": _sizing(config)}, output)
    else:
        _show_table(outcomes)
        if sizing:
            _show_sizing(config)
    if has_findings(outcomes):
        raise typer.Exit(Exit.FINDINGS)


def _rows(outcomes: "tuple[CheckResult, ...]") -> list[Row]:
    return [dataclasses.asdict(outcome) for outcome in outcomes]


def _sizing(config: "Config") -> list[Row]:
    from rokuon.doctor.sizing_table import sizing_table

    return [dataclasses.asdict(row) for row in sizing_table(config.rtp.first_port)]


def _show_table(outcomes: "tuple[CheckResult, ...]") -> None:
    """What is not as promised, a block for each with what to do; then a line for all that is."""
    well = [each for each in outcomes if not each.fix]
    for each in outcomes:
        if each.fix:
            _show_finding(each)
    if well:
        print(tr("well: {count}").format(count=len(well)))
        titles = {"check": tr("check"), "title": tr("about"), "measured": tr("measured")}
        show_rows(_rows(tuple(well)), titles, Output.TABLE)


def _show_finding(outcome: "CheckResult") -> None:
    severity = cell("severity", outcome.severity)
    print(f"{outcome.check}: {severity}: {outcome.title}")
    told = {
        tr("measured"): outcome.measured,
        tr("needed"): outcome.threshold,
        tr("to fix"): outcome.fix,
    }
    show_lines((f"  {what}", said) for what, said in told.items())
    print()


def _show_sizing(config: "Config") -> None:
    print()
    sizing = {
        "calls": tr("calls"),
        "port_range": tr("firewall range"),
        "descriptors": tr("open files"),
        "udp_mem_pages": "net.ipv4.udp_mem",
        "gigabytes_per_day": tr("GB a day (10 busy hours)"),
    }
    show_rows(_sizing(config), sizing, Output.TABLE)
