"""`rokuon calls find|live|show|export|ledger|trace`, and what is done to calls that are up.

Knows nothing of how calls are found or read.
"""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final
from zoneinfo import ZoneInfo

import typer

from rokuon import clock
from rokuon.choices import AudioForm, Direction, NoticeResult, TraceForm
from rokuon.cli.call_tables import recording_tables
from rokuon.cli.commands import Commands
from rokuon.cli.evidence_words import stray_words
from rokuon.cli.exits import Exit
from rokuon.cli.moments import MomentUnclear, window, zone_of
from rokuon.cli.output import Output, OutputOption, Row, show_pages, show_rows, show_value
from rokuon.cli.progress import progress
from rokuon.cli.session import config_of
from rokuon.i18n import tr

app = Commands()


if TYPE_CHECKING:
    from rokuon.compose.call_lines import CallsFound

UTC_ZONE: Final = ZoneInfo("UTC")

Call = Annotated[
    str, typer.Argument(help=tr("the call's id, as calls find shows it, or its Call-ID"))
]
Since = Annotated[
    str,
    typer.Option("--from", help=tr("begin of the window: 2026-10-29 17:00, 10/29, yesterday, -7d")),
]
Until = Annotated[str, typer.Option("--to", help=tr("end of the window; a day is all of it"))]
Zone = Annotated[str, typer.Option("--zone", help=tr("zone of the times, e.g. Asia/Tokyo"))]


DirectionIs = Annotated[
    Direction | None, typer.Option("--direction", help=tr("inbound, outbound or internal"))
]
NoticeIs = Annotated[
    NoticeResult | None,
    typer.Option("--notice", help=tr("what became of the recording notice; the worst counts")),
]


def _window(since: str, until: str, zone: str) -> tuple[ZoneInfo, tuple[datetime, datetime]]:
    """The zone in which times are shown, and the two ends of a window."""
    try:
        named = zone_of(zone)
        return named or UTC_ZONE, window(since, until, named, clock.now())
    except MomentUnclear as unclear:
        raise typer.BadParameter(str(unclear)) from unclear


def _place(zone: str) -> ZoneInfo:
    """The zone in which times are shown: UTC where none is named."""
    try:
        return zone_of(zone) or UTC_ZONE
    except MomentUnclear as unclear:
        raise typer.BadParameter(str(unclear)) from unclear


AgentIs = Annotated[
    list[str] | None,
    typer.Option("--agent", help=tr("agent: id, name, kana or alias; of several any one")),
]
CustomerIs = Annotated[
    str, typer.Option("--customer", help=tr("customer: the name as the call has it"))
]


@app.command("find", help=tr("Find calls by time, agent, number, id, direction, duration"))
def find(
    context: typer.Context,
    since: Since,
    until: Until,
    zone: Zone = "",
    agent: AgentIs = None,
    customer: CustomerIs = "",
    number: Annotated[
        str, typer.Option("--number", help=tr("number: full, or its last digits"))
    ] = "",
    id_: Annotated[
        str, typer.Option("--id", help=tr("an id of the call: Call-ID, Session-ID, UCID, GUID"))
    ] = "",
    queue: Annotated[str, typer.Option("--queue", help=tr("the queue that its route names"))] = "",
    tag: Annotated[str, typer.Option("--tag", help=tr("a tag that its route names"))] = "",
    direction: DirectionIs = None,
    notice: NoticeIs = None,
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
    from rokuon.compose.calls import CallQuery, search_calls

    place, (begin, end) = _window(since, until, zone)
    query = CallQuery(
        since=begin,
        until=end,
        agent=tuple(agent or ()),
        customer=customer,
        number=number,
        id=id_,
        queue=queue,
        tag=tag,
        notice=notice or "",
        direction=direction,
        min_duration_s=min_duration,
        max_duration_s=max_duration,
        limit=limit,
    )
    _show_found(search_calls(config_of(context), query, place), place, limit, output)


def _show_found(found: "CallsFound", place: ZoneInfo, limit: int, output: Output) -> None:
    """A line for each call, or a row for each recording; and whether there are more."""
    if output is Output.JSON:
        show_rows(found.rows(place), {}, output)
    else:
        show_rows(found.lines(place), _titles(place), output)
    if found.is_more:
        _say_there_are_more(limit, str(found.lines(place)[-1]["started_at"]))


def _say_there_are_more(limit: int, oldest: str) -> None:
    """Beside the answer, so that a program reads JSON alone."""
    said = tr("stopped at {count} call(s), there are older ones: --to {time}, or a larger --limit")
    print(said.format(count=limit, time=oldest), file=sys.stderr)


def _titles(place: ZoneInfo) -> dict[str, str]:
    return {
        "call": tr("call"),
        "started_at": _in_zone(tr("begin"), place),
        "duration_s": tr("seconds"),
        "held_s": tr("on hold (s)"),
        "direction": tr("direction"),
        "customer": tr("customer"),
        "agent": tr("agent"),
        "numbers": tr("numbers"),
        "state": tr("state"),
        "recordings": tr("recordings"),
    }


def _in_zone(title: str, place: ZoneInfo) -> str:
    """The title of a column of times: by which clock they are."""
    return f"{title} ({place.key})"


@app.command("show", help=tr("Show everything known about a call"))
def show(
    context: typer.Context, call: Call, zone: Zone = "", output: OutputOption = Output.TABLE
) -> None:
    """Write one call with its recordings and legs."""
    from rokuon.compose.calls import show_call
    from rokuon.compose.live import live_row

    config, place = config_of(context), _place(zone)
    if (growing := live_row(config, call, place)) is not None:
        show_value(growing, output)
        return
    shown = show_call(config, call, place)
    if output is Output.JSON:
        show_value(shown, output)
    else:
        _show_recordings(shown)


def _show_recordings(call: Row) -> None:
    """A block for each recording: what it is, its legs, its route, who came and went."""
    recordings = call["recordings"]
    assert isinstance(recordings, list)
    tables = recording_tables()
    for recording in recordings:
        strays = [stray_words(codec) for codec in recording.pop("stray_codecs")]
        told = {key: recording.pop(key) for key in tables}
        show_value({**recording, "stray_codecs": strays} if strays else recording, Output.TABLE)
        for key, titles in tables.items():
            rows = [told[key]] if key == "route" and told[key] else told[key]
            if rows or key == "legs":
                print()
                show_rows(rows, titles, Output.TABLE)


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
def live(context: typer.Context, zone: Zone = "", output: OutputOption = Output.TABLE) -> None:
    """Exit 3 when one has a trouble: no RTP, one way, lossy, mixed, another codec than agreed."""
    from rokuon.compose.live import live_rows

    place = _place(zone)
    rows = live_rows(config_of(context), place)
    show_rows(rows, _live_titles(place), output)
    if any(row["troubles"] for row in rows):
        raise typer.Exit(Exit.FINDINGS)


def _live_titles(place: ZoneInfo) -> dict[str, str]:
    return {
        "recording": tr("recording"),
        "started_at": _in_zone(tr("begin"), place),
        "source": tr("source"),
        "parties": tr("parties"),
        "state": tr("state"),
        "phase": tr("phase"),
        "duration_s": tr("seconds"),
        "troubles": tr("troubles"),
        "stray_codecs": tr("codecs outside the answer"),
        "call_id": tr("Call-ID"),
    }


Reason = Annotated[
    str, typer.Option("--reason", help=tr("why; the recording and the journal keep it"))
]


@app.command("start", help=tr("Begin the recording of a live call that has none"))
def start(
    context: typer.Context, call: Call, reason: Reason, output: OutputOption = Output.TABLE
) -> None:
    """Exit 4 where the route of the call does not have that on demand."""
    from archive.live import Wish
    from rokuon.compose.live import control_call

    show_value(control_call(config_of(context), call, Wish.START, reason), output)


@app.command("pause", help=tr("Keep nothing of a live call until calls resume"))
def pause(
    context: typer.Context, call: Call, reason: Reason, output: OutputOption = Output.TABLE
) -> None:
    """Answers when the moment is chosen: nothing that arrives from then on is kept."""
    from archive.live import Wish
    from rokuon.compose.live import control_call

    show_value(control_call(config_of(context), call, Wish.PAUSE, reason), output)


@app.command("resume", help=tr("Keep a paused live call again"))
def resume(
    context: typer.Context, call: Call, reason: Reason, output: OutputOption = Output.TABLE
) -> None:
    """What arrives from now on is kept."""
    from archive.live import Wish
    from rokuon.compose.live import control_call

    show_value(control_call(config_of(context), call, Wish.RESUME, reason), output)


@app.command("stop", help=tr("End the recording of a live call; the call goes on"))
def stop(
    context: typer.Context, call: Call, reason: Reason, output: OutputOption = Output.TABLE
) -> None:
    """Exit 4 where the route of an inline call forbids it."""
    from archive.live import Wish
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
    """All of them, however many; shown as they are read."""
    from rokuon.compose.ledger import ledger_of

    config = config_of(context)
    if source and source not in {each.name for each in config.source}:
        raise typer.BadParameter(tr("there is no source of this name"))
    place, ends = _window(since, until, zone)
    pages = ledger_of(config, *ends, source=source, shown_in=place)
    titles = {
        "at": _in_zone(tr("begin"), place),
        "source": tr("source"),
        "parties": tr("parties"),
        "fate": tr("fate"),
        "status": tr("status"),
        "reason": tr("reason"),
        "detail": tr("detail"),
        "recording": tr("recording"),
        "call_id": tr("Call-ID"),
    }
    show_pages(pages, titles, output)


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
    zone: Zone = "",
) -> None:
    """Secrets are masked; journalled as an export. An existing file is not replaced."""
    from rokuon.compose.errors import NothingFound
    from rokuon.compose.exports import trace_call
    from rokuon.compose.live import live_row

    if (format_ is TraceForm.PCAP) != (target is not None):
        raise typer.BadParameter(tr("a capture file needs --format pcap and --file"))
    if target is not None and target.exists():
        raise typer.BadParameter(tr("{file} exists already").format(file=target))
    config, place = config_of(context), _place(zone)
    if live_row(config, call) is not None:
        raise NothingFound(tr("this call is being recorded; its trace is there when it is over"))
    if target is None:
        print(tr("times: {zone}").format(zone=place.key))
    for line in trace_call(config, call, target, place):
        print(line)
