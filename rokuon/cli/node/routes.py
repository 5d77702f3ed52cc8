"""`rokuon route list|explain`.

Knows nothing of how a route is chosen.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from api.words.typed_times import Edge, MomentUnclear, moment, zone_of
from archive.locate.when.values import Calendar
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.cli.terminal.session import config_of
from rokuon.machine import clock
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from rokuon.config.schema import Config, SourceSettings

app = Commands()


@app.command("list", help=tr("Every route of inline calls, in the order in which they are tried"))
def list_routes(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Show conditions and targets; the first route that matches takes a call."""
    from rokuon.compose.capture.route_explanation import listed_routes

    titles = {
        "name": tr("route"),
        "source": tr("source"),
        "number": tr("number"),
        "caller": tr("caller"),
        "header": tr("header"),
        "hours": tr("hours"),
        "outside": tr("outside"),
        "to": tr("targets"),
        "notice": tr("notice"),
        "record": tr("record"),
    }
    show_rows(listed_routes(config_of(context)), titles, output)


@app.command("explain", help=tr("Which route a call would take, and why no other one"))
def explain(
    context: typer.Context,
    source: Annotated[str, typer.Option("--source", help=tr("name of the source that sends it"))],
    number: Annotated[str, typer.Option("--number", help=tr("called number, or Request-URI"))],
    caller: Annotated[str, typer.Option("--caller", help=tr("number of the caller"))] = "",
    header: Annotated[
        list[str] | None, typer.Option("--header", help=tr('a header of the INVITE: "X-Line: b"'))
    ] = None,
    at: Annotated[
        str, typer.Option("--at", help=tr("when; without an offset by the clock of the source"))
    ] = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Exit 3 when it has nowhere to go."""
    from rokuon.compose.capture.route_explanation import asked_of, explanation

    config = config_of(context)
    asked = asked_of(config, _source(config, source), number, caller, _headers(header or []))
    told = explanation(config, asked, _when(_settings(config, source), at))
    if output is Output.JSON:
        show_value(told, output)
    else:
        _show(told)
    if told["outcome"] is None:
        raise typer.Exit(Exit.FINDINGS)


def _source(config: "Config", name: str) -> str:
    if name not in {source.name for source in config.source}:
        raise typer.BadParameter(tr("there is no source of this name"))
    return name


def _settings(config: "Config", name: str) -> "SourceSettings":
    return next(source for source in config.source if source.name == name)


def _headers(given: list[str]) -> tuple[str, ...]:
    for header in given:
        if ":" not in header:
            raise typer.BadParameter(tr('write headers as "Name: value"'))
    return tuple(given)


def _when(source: "SourceSettings", text: str) -> datetime:
    if not text:
        return clock.now()
    try:
        calendar = Calendar.of(source.country)
        return moment(text, zone_of(source.zone), Edge.BEGIN, clock.now(), calendar)
    except MomentUnclear as unclear:
        raise typer.BadParameter(str(unclear)) from unclear


def _show(told: Row) -> None:
    """The table of routes, then what would happen."""
    routes = cast("list[dict[str, Any]]", told["routes"])
    rows: list[Row] = [
        {"route": row["route"], "result": _result(row), "why": _why(row["mismatches"])}
        for row in routes
    ]
    show_rows(rows, {"route": tr("route"), "result": tr("result"), "why": tr("why")}, Output.TABLE)
    print()
    outcome = cast("dict[str, Any] | None", told["outcome"])
    if told["is_emergency"]:
        print(tr("emergency call: it goes through whatever else holds, and is recorded if it can"))
    if outcome is None:
        print(tr("no route takes this call; it is answered 404"))
    else:
        show_value(_outcome(outcome), Output.TABLE)
    if outcome is not None and outcome.get("covers_announcements"):
        print(
            tr(
                "warning: what the PBX plays on answering is lost while the notice is played; "
                'for menus, queues and mailboxes set notice_when to "answer-first" or "early"'
            )
        )


def _result(row: dict[str, Any]) -> str:
    if row["is_taken"]:
        return tr("taken")
    return (
        tr("would match, but an earlier one is taken") if row["matches"] else tr("does not match")
    )


def _why(mismatches: list[dict[str, Any]]) -> str:
    """Each condition that does not hold, with what the call has."""
    names = {
        "source": tr("source"),
        "number": tr("number"),
        "caller": tr("caller"),
        "header": tr("header"),
        "hours": tr("hours"),
        "outside": tr("outside"),
    }
    return "; ".join(
        tr("{condition}: wanted {wanted}, seen {seen}").format(
            condition=names[each["condition"]],
            wanted=", ".join(each["wanted"]),
            seen=" = ".join(each["seen"]) or tr("nothing"),
        )
        for each in mismatches
    )


def _outcome(outcome: dict[str, Any]) -> Row:
    shown: Row = {
        tr("route"): outcome["route"] or "inline.emergency_to",
        tr("targets"): outcome["to"],
        tr("dialled"): outcome["dialled"],
    }
    if outcome.get("notice"):
        shown |= {
            tr("notice"): outcome["notice"],
            "notice_to": outcome["notice_to"],
            "notice_when": outcome["notice_when"],
            "without_notice": outcome["without_notice"],
            "record_from": outcome["record_from"],
        }
    elif "notice" in outcome:
        shown[tr("notice")] = tr("none")
    for mode in outcome.get("record", ()):
        shown[tr("recorded at {target}").format(target=mode["target"])] = _mode(mode)
    return shown


def _mode(mode: dict[str, Any]) -> str:
    """The mode with whose word it was, and whether it may be changed."""
    deciders = {
        "route": tr("the route's word counts"),
        "target": tr("the target's word counts"),
        "both": tr("both say so"),
        "nobody": tr("nobody has an opinion"),
    }
    return tr("{mode} (route: {route}, target: {target}; {why}; {change})").format(
        mode=mode["mode"],
        route=mode["route_says"],
        target=mode["target_says"],
        why=deciders[mode["by"]],
        change=tr("may be changed") if mode["may_change"] else tr("stays so"),
    )
