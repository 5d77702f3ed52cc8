"""`rokuon hold place|list|show|preview|resume|release|cancel`: legal holds.

Knows nothing of how recordings are found or kept.
"""

import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from rokuon.cli.calls.clues import Clues
from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import (
    Output,
    OutputOption,
    Row,
    moment,
    show_pages,
    show_rows,
    show_value,
)
from rokuon.cli.terminal.progress import progress
from rokuon.cli.terminal.time_options import Zone, window_of
from rokuon.machine.api_client import Client
from rokuon.messages.i18n import tr

app = Commands()

# Before every call, and after.
_FIRST: Final = "1970-01-01T00:00:00+00:00"
_LAST: Final = "8999-12-31T00:00:00+00:00"

Number = Annotated[int, typer.Argument(min=1, help=tr("its number in the list"))]
Matter = Annotated[str, typer.Option("--matter", help=tr("the matter that it is for"))]
Why = Annotated[str, typer.Option("--reason", help=tr("why; the register and the journal keep it"))]
Review = Annotated[
    datetime,
    typer.Option(
        "--review",
        formats=["%Y-%m-%d"],
        help=tr("the day on which somebody looks whether it is still needed"),
    ),
]
Calls = Annotated[
    list[str] | None, typer.Argument(help=tr("calls and recordings by their ids; or options"))
]
IdsFile = Annotated[
    Path | None,
    typer.Option("--ids", exists=True, dir_okay=False, help=tr("a file of ids, one on each line")),
]
SinceIs = Annotated[str, typer.Option("--from", help=tr("begin of a window; else from the first"))]
UntilIs = Annotated[str, typer.Option("--to", help=tr("end of the window; else it has none"))]
Whole = Annotated[
    bool, typer.Option("--whole-conversation", help=tr("with the others of each conversation"))
]
Future = Annotated[bool, typer.Option("--future", help=tr("also what comes to fit later"))]
All = Annotated[bool, typer.Option("--all", help=tr("everything within your reach"))]


@app.command("place", help=tr("Keep recordings whatever a retention rule says"))
def place(
    context: typer.Context,
    matter: Matter,
    reason: Why,
    review: Review,
    calls: Calls = None,
    ids: IdsFile = None,
    everything: All = False,
    since: SinceIs = "",
    until: UntilIs = "",
    zone: Zone = "",
    *,
    clues: Clues,
    whole_conversation: Whole = False,
    future: Future = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """By ids, or by what `calls find` finds; the answer says what came too late."""
    body: Row = {"matter": matter, "reason": reason, "review_on": f"{review:%Y-%m-%d}"}
    body |= {"whole_conversation": whole_conversation, "future": future}
    body |= {"named": _named(calls or [], ids)}
    window = _window(context, since, until, zone)
    if clues or window or everything:
        body["query"] = {"clues": clues, **window}
    _place(client_of(context), body, output)


def _place(client: Client, body: Row, output: Output) -> None:
    with progress(tr("placing the hold")):
        placed = client.post("/holds", body)
    _show(client, placed, output)


def _named(calls: list[str], ids: Path | None) -> list[str]:
    """Ids as the API takes them."""
    named = [*calls, *(ids.read_text("utf-8").split() if ids else [])]
    return [each.replace("-", "").lower() for each in named]


@app.command("list", help=tr("Show every legal hold"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Oldest first."""
    found = client_of(context).get("/holds")["holds"]
    show_rows(found if output is Output.JSON else [_row(each) for each in found], _titles(), output)


@app.command("show", help=tr("Show a legal hold; with --recordings what it holds"))
def show(
    context: typer.Context,
    number: Number,
    recordings: Annotated[
        bool, typer.Option("--recordings", help=tr("its recordings, each with its state"))
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """What it says, how many recordings it has; or these one by one."""
    client = client_of(context)
    if recordings:
        pages = _recordings(client, number)
        is_table = output is Output.TABLE
        show_pages(map(_held_rows, pages) if is_table else pages, _held_titles(), output)
    else:
        _show(client, client.get(f"/holds/{number}"), output)


@app.command("preview", help=tr("Show what falls due when a hold is released"))
def preview(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """Changes nothing."""
    found = client_of(context).get(f"/holds/{number}/preview")
    if output is Output.TABLE:
        found = {**found, "kept_otherwise": found.pop("kept")}
    show_value(found, output)


@app.command("resume", help=tr("Go on with a placing that was cut off"))
def resume(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """Until it is active nothing at all is destroyed."""
    client = client_of(context)
    with progress(tr("placing the hold")):
        placed = client.post(f"/holds/{number}/resume", {})
    _show(client, placed, output)


@app.command("release", help=tr("Release a hold; another person approves it first"))
def release(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """Proposed first; when it is approved, do the same again."""
    client = client_of(context)
    _show(client, client.post(f"/holds/{number}/release", {}), output)


@app.command("cancel", help=tr("Give up a placing that was cut off; another person approves it"))
def cancel(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """Proposed first; when it is approved, do the same again."""
    client = client_of(context)
    _show(client, client.post(f"/holds/{number}/cancel", {}), output)


def _window(context: typer.Context, since: str, until: str, zone: str) -> Row:
    """The window of a search, perhaps without one end; {} where none is given: of all times."""
    if not since and not until:
        return {}
    place, (begin, end) = window_of(context, since or _FIRST, until or _LAST, zone)
    return {"window": {"from": begin.isoformat(), "to": end.isoformat(), "zone": place.key}}


def _show(client: Client, hold: dict[str, Any], output: Output) -> None:
    """The hold; beside it, for people, what it could not hold."""
    if output is Output.JSON:
        show_value(hold, output)
        return
    show_value(_told(hold), output)
    counts = hold["recordings"]
    late = counts["destroyed"] + counts["unknown"]
    if late:
        _say_what_was_late(counts, hold["late_for"])
        for state in ("destroyed", "unknown"):
            for page in _recordings(client, hold["number"], state) if counts[state] else ():
                show_rows(_held_rows(page), _held_titles(), output)
    if hold["state"] == "placing":
        said = tr("not active yet: it goes on by itself, or with rokuon hold resume {number}")
        print(said.format(number=hold["number"]), file=sys.stderr)


def _say_what_was_late(counts: dict[str, int], late_for: list[Row]) -> None:
    said = tr(
        "{held} of {all} are held; {destroyed} were destroyed before, {unknown} are unknown here"
    )
    print(said.format(**counts, all=sum(counts.values())), file=sys.stderr)
    for each in late_for:
        print(late_line(each), file=sys.stderr)


def _recordings(client: Client, number: int, state: str = "") -> Iterator[list[Row]]:
    """Page after page of what it has."""
    after: str | None = ""
    while after is not None:
        page = client.get(f"/holds/{number}/recordings", state=state, after=after)
        yield page["recordings"]
        after = page["next_after"]


def _told(hold: dict[str, Any]) -> Row:
    counts: dict[str, int] = hold["recordings"]
    times = ("placed_at", "active_at", "ended_at", "grace_until")
    left_out = ("recordings", "state", "late_for")
    return {
        **{key: value for key, value in hold.items() if key not in left_out},
        "hold_state": hold["state"],
        **{key: moment(hold[key]) if hold[key] else "" for key in times},
        **{f"recordings_{key}": count for key, count in counts.items() if count or key == "held"},
    }


def _row(hold: dict[str, Any]) -> Row:
    return {
        **hold,
        "hold_state": hold["state"],
        "held": hold["recordings"]["held"],
        "placed_at": moment(hold["placed_at"]),
    }


def _held_rows(recordings: list[Row]) -> list[Row]:
    return [
        {
            **each,
            "held_state": each["state"],
            "held_because": each["because"],
            "destroyed_at": moment(str(each["destroyed_at"])) if each["destroyed_at"] else "",
            "certificate": each["certificate"] or "",
        }
        for each in recordings
    ]


def _titles() -> dict[str, str]:
    return {
        "number": tr("number"),
        "hold_state": tr("state"),
        "matter": tr("matter"),
        "held": tr("recordings held"),
        "review_on": tr("to be reviewed on"),
        "placed_by": tr("by"),
        "placed_at": tr("placed"),
    }


def _held_titles() -> dict[str, str]:
    return {
        "recording": tr("recording"),
        "held_state": tr("state"),
        "held_because": tr("because"),
        "destroyed_at": tr("destroyed"),
        "certificate": tr("certificate"),
    }


def late_line(late: Row) -> str:
    """What one run had destroyed before a hold was placed."""
    first, last = moment(str(late["first_at"])), moment(str(late["last_at"]))
    when = first if first == last else tr("{first} to {last}").format(first=first, last=last)
    if late["certificate"] is None:
        said = tr("destroyed before: {recordings}, {when}; no certificate attests it")
    else:
        said = tr("destroyed before: {recordings}, {when}; certificate {certificate}")
    return said.format(**late, when=when)
