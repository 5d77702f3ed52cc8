"""`rokuon calls find|live|show|export|ledger|trace`, and what is done to calls that are up.

Knows nothing of how calls are found or read.
"""

from datetime import datetime
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from rokuon import clock
from rokuon.choices import AudioForm, Direction, TraceForm
from rokuon.cli.commands import Commands
from rokuon.cli.exits import Exit
from rokuon.cli.moments import MomentUnclear, window, zone_of
from rokuon.cli.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.cli.progress import progress
from rokuon.cli.session import config_of
from rokuon.i18n import tr

app = Commands()


Call = Annotated[str, typer.Argument(help=tr("the call's id, as calls find shows it"))]
Since = Annotated[
    str,
    typer.Option("--from", help=tr("begin of the window: 2026-10-29 17:00, 10/29, yesterday, -7d")),
]
Until = Annotated[str, typer.Option("--to", help=tr("end of the window; a day is all of it"))]
Zone = Annotated[str, typer.Option("--zone", help=tr("zone of the times, e.g. Asia/Tokyo"))]


def _window(since: str, until: str, zone: str) -> tuple[ZoneInfo | None, tuple[datetime, datetime]]:
    """The zone of a window, and its two ends."""
    try:
        place = zone_of(zone)
        return place, window(since, until, place, clock.now())
    except MomentUnclear as unclear:
        raise typer.BadParameter(str(unclear)) from unclear


@app.command("find", help=tr("Find calls by time, agent, number, id, direction, duration"))
def find(
    context: typer.Context,
    since: Since,
    until: Until,
    zone: Zone = "",
    agent: Annotated[
        list[str] | None,
        typer.Option("--agent", help=tr("agent: id, name, kana or alias; of several any one")),
    ] = None,
    number: Annotated[
        str, typer.Option("--number", help=tr("number: full, or its last digits"))
    ] = "",
    id_: Annotated[
        str, typer.Option("--id", help=tr("an id of the call: Call-ID, Session-ID, UCID, GUID"))
    ] = "",
    queue: Annotated[str, typer.Option("--queue", help=tr("the queue that its route names"))] = "",
    tag: Annotated[str, typer.Option("--tag", help=tr("a tag that its route names"))] = "",
    direction: Annotated[
        Direction | None, typer.Option("--direction", help=tr("inbound, outbound or internal"))
    ] = None,
    min_duration: Annotated[
        float, typer.Option("--min-duration", min=0, help=tr("at least so many seconds"))
    ] = 0.0,
    max_duration: Annotated[
        float | None, typer.Option("--max-duration", min=0, help=tr("at most so many seconds"))
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, help=tr("at most so many calls"))
    ] = 50,
    output: OutputOption = Output.TABLE,
) -> None:
    """Search; the search itself is journalled before its result is shown."""
    from rokuon.compose.calls import CallQuery, find_calls

    place, (begin, end) = _window(since, until, zone)
    query = CallQuery(
        since=begin,
        until=end,
        agent=tuple(agent or ()),
        number=number,
        id=id_,
        queue=queue,
        tag=tag,
        direction=direction,
        min_duration_s=min_duration,
        max_duration_s=max_duration,
        limit=limit,
    )
    show_rows(find_calls(config_of(context), query, shown_in=place), _titles(), output)


def _titles() -> dict[str, str]:
    return {
        "call": tr("call"),
        "started_at": tr("begin"),
        "duration_s": tr("seconds"),
        "direction": tr("direction"),
        "customer": tr("customer"),
        "agent": tr("agent"),
        "state": tr("state"),
    }


@app.command("show", help=tr("Show everything known about a call"))
def show(context: typer.Context, call: Call, output: OutputOption = Output.TABLE) -> None:
    """Write one call with its recordings and legs."""
    from rokuon.compose.calls import show_call
    from rokuon.compose.live import live_row

    config = config_of(context)
    if (growing := live_row(config, call)) is not None:
        show_value(growing, output)
        return
    shown = show_call(config, call)
    if output is Output.JSON:
        show_value(shown, output)
    else:
        _show_recordings(shown)


def _show_recordings(call: Row) -> None:
    """A block for each recording: what it is, its legs, its route, who came and went."""
    recordings = call["recordings"]
    assert isinstance(recordings, list)
    tables = _tables()
    for recording in recordings:
        told = {key: recording.pop(key) for key in tables}
        show_value(recording, Output.TABLE)
        for key, titles in tables.items():
            rows = [told[key]] if key == "route" and told[key] else told[key]
            if rows or key == "legs":
                print()
                show_rows(rows, titles, Output.TABLE)


def _tables() -> dict[str, dict[str, str]]:
    """What of a recording is a table of its own, in the order in which they are shown."""
    legs = {
        "side": tr("side"),
        "name": tr("name"),
        "number": tr("number"),
        "agent": tr("agent"),
        "attributed_by": tr("attributed by"),
        "confidence": tr("confidence"),
        "from": tr("from"),
        "until": tr("to"),
    }
    changes = {
        "at": tr("at"),
        "what": tr("what"),
        "address": tr("address"),
        "told_at": tr("by the source's clock"),
    }
    intervals = {
        "from": tr("not kept from"),
        "until": tr("to"),
        "by": tr("by"),
        "reason": tr("reason"),
        "until_because": tr("ended by"),
    }
    marks = {
        "route": tr("route"),
        "target": tr("target"),
        "mode": tr("recording"),
        "queue": tr("queue"),
        "purpose": tr("purpose"),
        "controller": tr("controller"),
        "tags": tr("tags"),
    }
    return {"legs": legs, "route": marks, "participants": changes, "masked": intervals}


@app.command("export", help=tr("Write a call to a file"))
def export(
    context: typer.Context,
    call: Call,
    target: Annotated[Path, typer.Option("-O", "--file", help=tr("the file to write"))],
    format_: Annotated[
        AudioForm, typer.Option("--format", help=tr("audio, or the datagrams as received"))
    ] = AudioForm.WAV,
) -> None:
    """Export; journalled before the first byte is opened. An existing file is not replaced."""
    from rokuon.compose.exports import export_call

    if target.exists():
        raise typer.BadParameter(tr("{file} exists already").format(file=target))
    with progress(tr("exporting")) as step:
        files = export_call(config_of(context), call, format_, target, step)
    for file in files:
        print(tr("{file}: {count} bytes").format(file=file, count=file.stat().st_size))


@app.command("live", help=tr("Calls that are being recorded now, and what is wrong with them"))
def live(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Exit 3 when one has a trouble: no RTP, one way, lossy, mixed, another codec than agreed."""
    from rokuon.compose.live import live_rows

    rows = live_rows(config_of(context))
    titles = {
        "recording": tr("recording"),
        "started_at": tr("begin"),
        "source": tr("source"),
        "caller": tr("caller"),
        "called": tr("called"),
        "state": tr("state"),
        "phase": tr("phase"),
        "duration_s": tr("seconds"),
        "troubles": tr("troubles"),
    }
    show_rows(rows, titles, output)
    if any(row["troubles"] for row in rows):
        raise typer.Exit(Exit.FINDINGS)


Reason = Annotated[
    str, typer.Option("--reason", help=tr("why; the recording and the journal keep it"))
]


@app.command("start", help=tr("Begin the recording of a live call that has none"))
def start(
    context: typer.Context, call: Call, reason: Reason, output: OutputOption = Output.TABLE
) -> None:
    """Exit 4 where the route of the call does not have that on demand."""
    from capture.questions import Wish
    from rokuon.compose.live import control_call

    show_value(control_call(config_of(context), call, Wish.START, reason), output)


@app.command("pause", help=tr("Keep nothing of a live call until calls resume"))
def pause(
    context: typer.Context, call: Call, reason: Reason, output: OutputOption = Output.TABLE
) -> None:
    """Answers when the moment is chosen: nothing that arrives from then on is kept."""
    from capture.questions import Wish
    from rokuon.compose.live import control_call

    show_value(control_call(config_of(context), call, Wish.PAUSE, reason), output)


@app.command("resume", help=tr("Keep a paused live call again"))
def resume(
    context: typer.Context, call: Call, reason: Reason, output: OutputOption = Output.TABLE
) -> None:
    """What arrives from now on is kept."""
    from capture.questions import Wish
    from rokuon.compose.live import control_call

    show_value(control_call(config_of(context), call, Wish.RESUME, reason), output)


@app.command("stop", help=tr("End the recording of a live call; the call goes on"))
def stop(
    context: typer.Context, call: Call, reason: Reason, output: OutputOption = Output.TABLE
) -> None:
    """Exit 4 where the route of an inline call forbids it."""
    from capture.questions import Wish
    from rokuon.compose.live import control_call

    show_value(control_call(config_of(context), call, Wish.STOP, reason), output)


@app.command("ledger", help=tr("Every call of a time with its fate: recorded, or why not"))
def ledger(
    context: typer.Context,
    since: Since,
    until: Until,
    zone: Zone = "",
    source: Annotated[str, typer.Option("--source", help=tr("name of a source"))] = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Journalled as a search."""
    from rokuon.compose.ledger import ledger_of

    config = config_of(context)
    if source and source not in {each.name for each in config.source}:
        raise typer.BadParameter(tr("there is no source of this name"))
    place, ends = _window(since, until, zone)
    rows = ledger_of(config, *ends, source=source, shown_in=place)
    titles = {
        "at": tr("begin"),
        "source": tr("source"),
        "fate": tr("fate"),
        "status": tr("status"),
        "reason": tr("reason"),
        "detail": tr("detail"),
        "call_id": tr("Call-ID"),
    }
    show_rows(rows, titles, output)


@app.command("trace", help=tr("Show the SIP messages of a call"))
def trace(
    context: typer.Context,
    call: Call,
    format_: Annotated[
        TraceForm, typer.Option("--format", help=tr("lines to read, or a capture file"))
    ] = TraceForm.LADDER,
    target: Annotated[
        Path | None, typer.Option("-O", "--file", help=tr("the capture file to write"))
    ] = None,
) -> None:
    """Secrets are masked; journalled as an export. An existing file is not replaced."""
    from rokuon.compose.errors import NothingFound
    from rokuon.compose.exports import trace_call
    from rokuon.compose.live import live_row

    if (format_ is TraceForm.PCAP) != (target is not None):
        raise typer.BadParameter(tr("a capture file needs --format pcap and --file"))
    if target is not None and target.exists():
        raise typer.BadParameter(tr("{file} exists already").format(file=target))
    config = config_of(context)
    if live_row(config, call) is not None:
        raise NothingFound(tr("this call is being recorded; its trace is there when it is over"))
    for line in trace_call(config, call, target):
        print(line)
