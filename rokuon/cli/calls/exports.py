"""`rokuon calls export|trace`: what is taken away of a call.

Writes files whole or not at all. Knows nothing of how a copy is made.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from archive.disk.files import OBJECT_MODE, LocalDisk, draft_of, publish
from archive.reading.export_forms import ExportForm
from rokuon.cli.calls.course_rows import notice_row
from rokuon.cli.calls.live_calls import Call
from rokuon.cli.terminal.api import BreakGlass, Purpose, client_of, recordings_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.progress import progress
from rokuon.cli.terminal.time_options import UTC_ZONE, Zone, place_of
from rokuon.cli.words.evidence_words import silent_words
from rokuon.machine.api_client import Client, pieces
from rokuon.machine.visible_text import visible
from rokuon.messages.choices import TraceForm
from rokuon.messages.i18n import tr


def add_to(app: Commands) -> None:
    """Make them verbs of `calls`."""
    app.command("export", help=tr("Write a call to a file"))(export)
    app.command("trace", help=tr("Show the SIP messages of a call"))(trace)


def export(
    context: typer.Context,
    call: Call,
    target: Annotated[Path, typer.Option("-O", "--file", help=tr("the file to write"))],
    format_: Annotated[
        ExportForm, typer.Option("--format", help=tr("audio, or the datagrams as received"))
    ] = ExportForm.WAV,
    purpose: Purpose = "",
    break_glass: BreakGlass = "",
) -> None:
    """Export; journalled before the first byte is opened. An existing file is not replaced."""
    if target.exists():
        raise typer.BadParameter(tr("{file} exists already").format(file=target))
    client = client_of(context, purpose, break_glass)
    recordings = recordings_of(client, call)
    with progress(tr("exporting")) as step:
        for number, file in enumerate(numbered(target, len(recordings))):
            step(number, len(recordings))
            _write_copy(client, str(recordings[number]["recording"]), format_, file)
        step(len(recordings), len(recordings))
    for file in numbered(target, len(recordings)):
        print(tr("{file}: {count} bytes").format(file=file, count=file.stat().st_size))


def _write_copy(client: Client, recording: str, form: ExportForm, file: Path) -> None:
    """The copy, and beside it what it does not say itself."""
    path = f"/recordings/{recording}/export"
    with client.download("GET", path, format=form.value) as answer:
        _publish(file, pieces(answer))
    notes = client.get(f"{path}/notes")
    told = {
        "file": file.name,
        "recording": recording,
        "channels": [] if form is ExportForm.PCAP else notes["channels"],
        "notices": [notice_row(each, UTC_ZONE) for each in notes["notices"]],
        "silences": notes["silences"],
        "gaps": notes["gaps"],
        "replays": notes["replays"],
        "other_sounds": notes["other_sounds"],
        "has_sound": notes["has_sound"],
    }
    text = json.dumps(told, ensure_ascii=False, indent=2) + "\n"
    LocalDisk().write(side_file(file), (text.encode(),), OBJECT_MODE)
    if not notes["has_sound"]:
        print(tr("{file}: nobody is heard in it").format(file=file), file=sys.stderr)
    for silence in notes["silences"] if form is not ExportForm.PCAP else ():
        if silence["because"] == "codec":
            print(f"{file}: {visible(silent_words(silence))}", file=sys.stderr)


def side_file(file: Path) -> Path:
    """Where the notes lie: `call.wav.json` beside `call.wav`."""
    return file.with_name(f"{file.name}.json")


def numbered(target: Path, count: int) -> tuple[Path, ...]:
    """File names for so many recordings of one call."""
    others = (target.with_stem(f"{target.stem}-{n}") for n in range(2, count + 1))
    return (target, *others)[:count]


def _publish(path: Path, content: Iterator[bytes]) -> None:
    disk = LocalDisk()
    try:
        publish(disk, path, content)
    finally:
        disk.unlink(draft_of(path))


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
    purpose: Purpose = "",
) -> None:
    """Secrets are masked; it is in the journal. An existing file is not replaced."""
    if (format_ is TraceForm.PCAP) != (target is not None):
        raise typer.BadParameter(tr("a capture file needs --format pcap and --file"))
    if target is not None and target.exists():
        raise typer.BadParameter(tr("{file} exists already").format(file=target))
    client, place = client_of(context, purpose), place_of(zone)
    if target is not None:
        for file in _write_traces(client, call, target):
            print(file)
        return
    found = client.post("/calls/trace", {"id": call, "zone": place.key})
    print(tr("times: {zone}").format(zone=place.key))
    for line in (line for recording in found["recordings"] for line in recording):
        print(line)


def _write_traces(client: Client, call: str, target: Path) -> Iterator[Path]:
    """A capture file for each recording of the call."""
    number, count = 0, 1
    while number < count:
        number += 1
        body = {"id": call, "format": "pcap", "recording": number}
        with client.download("POST", "/calls/trace", body) as answer:
            count = int(answer.headers["Recordings"])
            file = numbered(target, count)[number - 1]
            _publish(file, pieces(answer))
        yield file
