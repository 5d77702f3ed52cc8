"""`rokuon retention plan|approve|withdraw|apply|stop|runs|overdue|tombstones`: destroying.

Knows nothing of what makes a recording due, nor of who may destroy.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Final

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows, show_value
from rokuon.machine.api_client import Client
from rokuon.messages.i18n import tr

_MIB: Final = 1 << 20
Number = Annotated[int, typer.Argument(min=1, help=tr("of a plan"))]


def add_to(app: Commands) -> None:
    """The commands under their noun."""
    for name, told, command in (
        ("plan", tr("Plan what is due, for another person to approve; or show a plan"), plan),
        ("approve", tr("Approve a plan that another person made"), approve),
        ("withdraw", tr("Take the approval of a plan back, at whatever stage it is"), withdraw),
        ("apply", tr("Have an approved plan carried out; or go on where it was stopped"), apply),
        ("stop", tr("Begin nothing more of a plan"), stop),
        ("runs", tr("Show what became of plans that are carried out"), runs),
        ("overdue", tr("Show what must have gone by now, and why it has not"), overdue),
        ("tombstones", tr("Show what is left of recordings that were destroyed"), tombstones),
    ):
        app.command(name, help=told)(command)


def plan(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(min=1, help=tr("a plan to be shown; without: make one"))
    ] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """All that must go now and is in no other plan; of a plan each recording with its fate."""
    client = client_of(context)
    if number is None:
        _show(client.post("/plans", {}), output)
        return
    found = client.get(f"/plans/{number}")
    lines = list(_lines(client, number))
    if output is Output.JSON:
        show_value({**found, "list": lines}, output)
        return
    _show(found, output)
    show_rows([_line(each) for each in lines], _line_titles(), output)


def approve(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(min=1, help=tr("of a plan"))] = None,
    end_standing: Annotated[
        bool,
        typer.Option(
            "--end-standing", help=tr("let no approval stand for later plans any more, instead")
        ),
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Another person than who made it; without a number: the rules for which an approval stands."""
    client = client_of(context)
    if end_standing:
        show_value(client.delete("/standing-approvals"), output)
        return
    if number is None:
        _show_standing(client, output)
        return
    found = client.post(f"/plans/{number}/approve", {})
    if output is Output.JSON:
        show_value(found, output)
        return
    show_rows([_plan(found)], _titles(), output)
    words = tr("you have approved {number}; who made it goes on: rokuon retention apply {number}")
    print(words.format(number=number))


def withdraw(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """Whoever gave it; a plan that is applied is stopped."""
    _show(client_of(context).post(f"/plans/{number}/withdraw", {}), output)


def apply(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """It cools off, then the runner destroys."""
    _show(client_of(context).post(f"/plans/{number}/apply", {}), output)


def stop(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """What is under way is finished; no approval stands for its rules any more."""
    _show(client_of(context).post(f"/plans/{number}/stop", {}), output)


def runs(
    context: typer.Context,
    all_: Annotated[
        bool, typer.Option("--all", help=tr("also plans that nobody has had carried out yet"))
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Newest first; also those that cool off."""
    found = client_of(context).get("/plans" if all_ else "/runs")["plans"]
    rows = found if output is Output.JSON else [_plan(each) for each in found]
    show_rows(rows, _titles(), output)


def overdue(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """What has been due the longest first."""
    found = client_of(context).get("/overdue")["recordings"]
    rows = found if output is Output.JSON else [_overdue(each) for each in found]
    titles = {
        "recording": tr("recording"),
        "due_at": tr("due since"),
        "rules": tr("rules"),
        "what_goes": tr("what goes"),
        "overdue": tr("reason"),
        "plan": tr("plan"),
        "plan_state": tr("state of the plan"),
    }
    show_rows(rows, titles, output)


def tombstones(
    context: typer.Context,
    begins: Annotated[datetime, typer.Option("--from", help=tr("the first hour, UTC"))],
    ends: Annotated[datetime, typer.Option("--to", help=tr("until before then, UTC"))],
    output: OutputOption = Output.TABLE,
) -> None:
    """Of recordings that began in these hours; no number and no name is left."""
    asked = {"from": f"{begins.isoformat()}Z", "to": f"{ends.isoformat()}Z"}
    found = client_of(context).get("/tombstones", **asked)["tombstones"]
    rows = found if output is Output.JSON else [_tombstone(each) for each in found]
    titles = {
        "hour_at": tr("hour"),
        "queues": tr("queues"),
        "rules": tr("rules"),
        "what_goes": tr("what went"),
        "facts_until": tr("facts kept until"),
        "destroyed_at": tr("destroyed"),
        "plan": tr("plan"),
        "digest": tr("digest"),
    }
    show_rows(rows, titles, output)


def _lines(client: Client, number: int) -> Any:
    """Page after page."""
    behind = 0
    while page := client.get(f"/plans/{number}/recordings", behind=behind)["recordings"]:
        yield from page
        behind = page[-1]["place"]


def _show(found: dict[str, Any], output: Output) -> None:
    if output is Output.JSON:
        show_value(found, output)
        return
    show_rows([_plan(found)], _titles(), output)
    for words in _words(found):
        print(words.format(number=found["number"], name=found["ended_by"]))


def _words(found: dict[str, Any]) -> Iterator[str]:
    """What comes next."""
    if found["ended"] == "stopped":
        yield tr("{name} has stopped {number}; nothing more of it is begun")
        yield tr("what is due by its rules takes the word of two persons anew, and cools off")
        if found["approved_at"] and not found["key_daemon_told_at"]:
            yield tr("the key daemon has not confirmed that yet: it is told again by itself")
        if others := ", ".join(map(str, found["goes_on"])):
            yield tr("by the same rules, approved by themselves, go on: {plans}").replace(
                "{plans}", others
            )
    elif found["approved_at"] is None and found["proposal"] is not None:
        yield tr("{number} waits: another person: rokuon retention approve {number}; then apply")


def _show_standing(client: Client, output: Output) -> None:
    found = client.get("/standing-approvals")["approvals"]
    rows = (
        found
        if output is Output.JSON
        else [{**each, "since": _moment(each["since"])} for each in found]
    )
    titles = {
        "rule": tr("rule"),
        "revision": tr("revision"),
        "plan": tr("plan"),
        "since": tr("since"),
    }
    show_rows(rows, titles, output)


def _plan(found: dict[str, Any]) -> Row:
    stages = {"gone": 0, "dropped": 0} | {
        stage: sum(each["recordings"] for each in found["stages"] if each["stage"] == stage)
        for stage in {each["stage"] for each in found["stages"]}
    }
    return {
        "number": found["number"],
        "recordings": found["recordings"],
        "mib": f"{found['bytes'] / _MIB:.1f}",
        "gone": stages["gone"],
        "kept": stages["dropped"],
        "due_at": _moment(found["due_at"]),
        "plan_state": found["state"],
        "one_person": found["one_person"],
        "sha256": found["sha256"][:16],
    }


def _titles() -> dict[str, str]:
    return {
        "number": tr("plan"),
        "recordings": tr("recordings"),
        "mib": tr("MiB"),
        "gone": tr("destroyed"),
        "kept": tr("kept"),
        "due_at": tr("not before"),
        "plan_state": tr("state"),
        "one_person": tr("one person"),
        "sha256": tr("SHA-256"),
    }


def _line(each: dict[str, Any]) -> Row:
    return {
        "recording": each["recording"] or each["digest"][:32],
        "rules": f"{each['revision']}: {', '.join(each['rules'])}",
        "what_goes": each["scope"],
        "stage": each["stage"],
        "overdue": each["cause"],
        "destroyed_at": _moment(each["destroyed_at"]),
    }


def _line_titles() -> dict[str, str]:
    return {
        "recording": tr("recording, or what its tombstone has"),
        "rules": tr("rules"),
        "what_goes": tr("what goes"),
        "stage": tr("stage"),
        "overdue": tr("reason"),
        "destroyed_at": tr("destroyed"),
    }


def _overdue(each: dict[str, Any]) -> Row:
    return {
        **each,
        "due_at": _moment(each["due_at"]),
        "rules": ", ".join(each["rules"]),
        "what_goes": each["scope"],
        "overdue": each["reason"],
        "plan": each["plan"] or "",
        "plan_state": each["waits"],
    }


def _tombstone(each: dict[str, Any]) -> Row:
    return {
        **each,
        "hour_at": _moment(each["hour_at"]),
        "destroyed_at": _moment(each["destroyed_at"]),
        "what_goes": each["scope"],
        "facts_until": _moment(each["facts_until"]),
        "queues": ", ".join(each["queues"]),
        "rules": ", ".join(each["rules"]),
        "digest": each["digest"][:16],
    }


def _moment(text: str | None) -> str:
    return moment(text) if text else ""
