"""`rokuon doctor`.

Knows nothing of the checks.
"""

import dataclasses
from typing import TYPE_CHECKING, Annotated

import typer

from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.cli.terminal.session import config_of
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
) -> None:
    """Exit 0 when all is as promised, 3 otherwise."""
    from rokuon.doctor.examine import examine, has_findings
    from rokuon.doctor.gather import gather

    config = config_of(context)
    found = tuple(examine(gather(config)))
    unknown = set(only or ()) - {outcome.check for outcome in found}
    if unknown:
        known = ", ".join(outcome.check for outcome in found)
        raise typer.BadParameter(tr("there are only these checks: {known}").format(known=known))
    outcomes = tuple(outcome for outcome in found if not only or outcome.check in only)
    if output is Output.JSON:
        show_value({"checks": _rows(outcomes), "sizing": _sizing(config)}, output)
    else:
        _show_table(outcomes)
        if not only:
            _show_sizing(config)
    if has_findings(outcomes):
        raise typer.Exit(Exit.FINDINGS)


def _rows(outcomes: "tuple[CheckResult, ...]") -> list[Row]:
    return [dataclasses.asdict(outcome) for outcome in outcomes]


def _sizing(config: "Config") -> list[Row]:
    from rokuon.doctor.sizing_table import sizing_table

    return [dataclasses.asdict(row) for row in sizing_table(config.rtp.first_port)]


def _show_table(outcomes: "tuple[CheckResult, ...]") -> None:
    titles = {
        "check": tr("check"),
        "severity": tr("result"),
        "title": tr("about"),
        "measured": tr("measured"),
        "threshold": tr("needed"),
    }
    show_rows(_rows(outcomes), titles, Output.TABLE)
    for outcome in outcomes:
        if outcome.fix:
            print(tr("{check}: to fix: {fix}").format(check=outcome.check, fix=outcome.fix))


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
