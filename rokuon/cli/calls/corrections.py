"""`rokuon calls correct|tag|note`: what is so, said after capture.

Knows nothing of what a correction does.
"""

from typing import Annotated, Any

import typer

from rokuon.cli.calls.course_rows import correction_row
from rokuon.cli.calls.live_calls import Call
from rokuon.cli.terminal.api import BreakGlass, Purpose, client_of, recordings_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, show_value
from rokuon.cli.terminal.time_options import UTC_ZONE
from rokuon.machine.api_client import Client, part
from rokuon.messages.choices import Corrected, PartySide
from rokuon.messages.errors import SeveralFound
from rokuon.messages.i18n import tr

_OF_SOMEBODY = frozenset({Corrected.AGENT, Corrected.SIDE, Corrected.NUMBER})
What = Annotated[
    Corrected, typer.Argument(help=tr("agent, side, number, queue, controller or purpose"))
]
Values = Annotated[
    list[str], typer.Argument(help=tr('what is so; "" for none; of purposes all that there are'))
]
Participant = Annotated[
    str, typer.Option("--participant", help=tr("whose: the participant's id, as calls show has it"))
]
OnStream = Annotated[
    int | None, typer.Option("--stream", min=0, help=tr("whose: who speaks on this stream"))
]
OnSide = Annotated[
    PartySide | None, typer.Option("--side", help=tr("whose: the only one who is on this side"))
]
Because = Annotated[str, typer.Option("--reason", help=tr("why; kept beside it"))]


def add_to(app: Commands) -> None:
    """Make them verbs of `calls`."""
    app.command("correct", help=tr("Correct what is said of a recording"))(correct)
    app.command("tag", help=tr("Tag a recording, or take a tag away"))(tag)
    app.command("note", help=tr("Write a note to a recording"))(note)


def correct(
    context: typer.Context,
    call: Call,
    kind: What,
    values: Values,
    reason: Because,
    participant: Participant = "",
    stream: OnStream = None,
    side: OnSide = None,
    likely: Annotated[
        bool, typer.Option("--likely", help=tr("of an agent: likely, not certain"))
    ] = False,
    purpose: Purpose = "",
    break_glass: BreakGlass = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """What was said before still finds the call; calls show has both."""
    body: dict[str, Any] = {"kind": kind, "reason": reason, "value": _value(kind, values)}
    if kind in _OF_SOMEBODY:
        body["whom"] = _whom(participant, stream, side)
    if likely:
        body["confidence"] = "likely"
    client = client_of(context, purpose, break_glass)
    _show(client.post(f"{_path(client, call)}/corrections", body), output)


def tag(
    context: typer.Context,
    call: Call,
    tag: Annotated[str, typer.Argument(help=tr("the tag"))],
    remove: Annotated[bool, typer.Option("--remove", help=tr("take it away"))] = False,
    reason: Because = "",
    purpose: Purpose = "",
    break_glass: BreakGlass = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """A tag that was taken away still finds the call."""
    client = client_of(context, purpose, break_glass)
    path = f"{_path(client, call)}/tags"
    if remove:
        _show(client.delete(f"{path}/{part(tag)}", reason=reason), output)
    else:
        _show(client.post(path, {"value": tag, "reason": reason}), output)


def note(
    context: typer.Context,
    call: Call,
    text: Annotated[str, typer.Argument(help=tr("the text"))],
    reason: Because = "",
    purpose: Purpose = "",
    break_glass: BreakGlass = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Whoever reads of the recording reads it, with its author and time."""
    client = client_of(context, purpose, break_glass)
    _show(client.post(f"{_path(client, call)}/notes", {"value": text, "reason": reason}), output)


def _value(kind: Corrected, values: list[str]) -> str | list[str]:
    if kind is Corrected.PURPOSE:
        return values
    if len(values) != 1:
        raise typer.BadParameter(tr("one value"))
    return values[0]


def _whom(participant: str, stream: int | None, side: PartySide | None) -> dict[str, Any]:
    """Whose leg is meant, told in one of three ways."""
    told: list[dict[str, Any]] = []
    told += [{"by": "participant", "participant": participant}] if participant else []
    told += [{"by": "stream", "stream": stream}] if stream is not None else []
    told += [{"by": "side", "side": side}] if side is not None else []
    if len(told) != 1:
        raise typer.BadParameter(tr("say whose: one of --participant, --stream, --side"))
    return told[0]


def _path(client: Client, call: str) -> str:
    """Where the one recording that is meant lies. Raises `SeveralFound`."""
    found = [str(each["recording"]) for each in recordings_of(client, call)]
    if len(found) > 1:
        raise SeveralFound(call, tuple(found))
    return f"/recordings/{found[0]}"


def _show(written: dict[str, Any], output: Output) -> None:
    row = correction_row(written, UTC_ZONE)
    if output is Output.TABLE and not row["side_guessed"]:
        del row["side_guessed"]
    show_value(row, output)
