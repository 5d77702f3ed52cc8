"""`rokuon calls live|start|pause|resume|stop`: calls that are up.

Knows nothing of how calls are watched or controlled.
"""

from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from rokuon.cli.calls.course_rows import live_row
from rokuon.cli.terminal.api import Purpose, client_of, is_missing
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.cli.terminal.time_options import UTC_ZONE, Zone, in_zone, place_of
from rokuon.machine import clock
from rokuon.machine.api_client import ApiRefused, Client
from rokuon.messages.errors import NothingFound, SeveralFound
from rokuon.messages.i18n import tr

Call = Annotated[
    str, typer.Argument(help=tr("the call's id, as calls find shows it, or its Call-ID"))
]
Reason = Annotated[
    str, typer.Option("--reason", help=tr("why; the recording and the journal keep it"))
]
_NOT_TO_SEE = frozenset({403, 503})


def add_to(app: Commands) -> None:
    """Make them verbs of `calls`."""
    app.command("live", help=tr("Calls that are being recorded now, and what is wrong with them"))(
        live
    )
    # Exit 4 where the route of the call forbids it.
    for action, words in _actions().items():
        app.command(action, help=words)(_control(action))


def _actions() -> dict[str, str]:
    return {
        "start": tr("Begin the recording of a live call that has none"),
        # Answers when the moment is chosen: nothing that arrives from then on is kept.
        "pause": tr("Keep nothing of a live call until calls resume"),
        "resume": tr("Keep a paused live call again"),
        "stop": tr("End the recording of a live call; the call goes on"),
    }


def row_of(client: Client, call: str, place: ZoneInfo) -> Row | None:
    """The call that is up under this id; None where none is, or it is not for this user to see."""
    try:
        found = client.get("/live/calls", id=call)["calls"]
    except ApiRefused as refused:
        if refused.status in _NOT_TO_SEE:
            return None
        raise
    return live_row(found[0], place, clock.now().timestamp()) if found else None


def live(
    context: typer.Context,
    zone: Zone = "",
    purpose: Purpose = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Exit 3 when one has a trouble: no RTP, one way, lossy, mixed, another codec than agreed."""
    place, now_s = place_of(zone), clock.now().timestamp()
    calls = client_of(context, purpose).get("/live/calls")["calls"]
    rows = [live_row(each, place, now_s) for each in calls]
    show_rows(rows, _titles(place), output)
    if any(row["troubles"] for row in rows):
        raise typer.Exit(Exit.FINDINGS)


def _titles(place: ZoneInfo) -> dict[str, str]:
    return {
        "recording": tr("recording"),
        "started_at": in_zone(tr("begin"), place),
        "source": tr("source"),
        "parties": tr("parties"),
        "state": tr("state"),
        "phase": tr("phase"),
        "duration_s": tr("seconds"),
        "troubles": tr("troubles"),
        "stray_codecs": tr("codecs outside the answer"),
        "call_id": tr("Call-ID"),
    }


def _control(action: str) -> Callable[..., None]:
    """The command of what is done to a live call."""

    def control(
        context: typer.Context,
        call: Call,
        reason: Reason,
        purpose: Purpose = "",
        output: OutputOption = Output.TABLE,
    ) -> None:
        show_value(_done(client_of(context, purpose), call, action, reason), output)

    return control


def _done(client: Client, call: str, action: str, reason: str) -> Row:
    """Have it done: the call as it is then."""
    recording = _recording_of(client, call)
    answer = client.post(f"/live/{recording}/{action}", {"reason": reason})["call"]
    if answer is not None:
        return live_row(answer, UTC_ZONE, clock.now().timestamp())
    # What is not kept, or could not be begun: nobody could be told.
    return {"recording": recording, "state": "unrecorded" if action == "start" else "stopped"}


def _recording_of(client: Client, call: str) -> str:
    """The one recording that grows under an id. Raises `NothingFound`, `SeveralFound`."""
    try:
        found = client.get("/live/calls", id=call)["calls"]
    except ApiRefused as refused:
        # Who may control and not look names the recording itself.
        if is_missing(refused) or refused.status not in _NOT_TO_SEE:
            raise
        return call
    if len(found) > 1:
        raise SeveralFound(call, tuple(each["recording"] for each in found))
    if not found:
        raise NothingFound(tr("no call of this id is being recorded"))
    return str(found[0]["recording"])
