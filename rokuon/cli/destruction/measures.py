"""`rokuon retention measures|freeze|unfreeze|suspend|resume|erase`: what cases do to recordings.

Knows nothing of who may, nor of how a measure decides.
"""

import sys
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from rokuon.cli.calls.live_calls import Call
from rokuon.cli.terminal.api import client_of, is_missing, own_paths
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_pages, show_value
from rokuon.machine.api_client import ApiRefused, Client
from rokuon.messages.i18n import tr

Case = Annotated[str, typer.Option("--case", help=tr("the id of the case"))]


def add_to(app: Commands) -> None:
    """Make them verbs of `retention`."""
    app.command("measures", help=tr("List what a case has done to recordings"))(measures)
    app.command("freeze", help=tr("Keep a call for a case, whatever the policy says"))(freeze)
    # All of these take another person: exit 3 until it has approved.
    app.command("unfreeze", help=tr("Keep a call for a case no more"))(unfreeze)
    app.command("suspend", help=tr("Stop the use of a call for a case"))(suspend)
    app.command("resume", help=tr("Let a call be used again that a case had stopped"))(resume)
    app.command(
        "erase", help=tr("Have a call erased: granted to who asked, or ordered by a court")
    )(erase)


def measures(
    context: typer.Context,
    case: Case,
    output: OutputOption = Output.TABLE,
) -> None:
    """Those within your reach, oldest first, also what was lifted."""
    titles = {
        "kind": tr("measure"),
        "recording": tr("recording"),
        "taken_at": tr("since"),
        "author": tr("by"),
        "lifted_at": tr("lifted"),
        "whole_conversation": tr("whole conversation"),
        "one_person": tr("one person"),
    }
    show_pages(_pages(client_of(context), case), titles, output)


def _pages(client: Client, case: str) -> Iterator[list[Row]]:
    behind = 0
    while page := client.get("/measures", case=case, behind=behind)["measures"]:
        yield [_known(each) for each in page]
        behind = page[-1]["place"]


def _known(each: dict[str, Any]) -> Row:
    return {
        **each,
        "taken_at": moment(each["taken_at"]),
        "lifted_at": moment(each["lifted_at"]),
    }


def freeze(
    context: typer.Context,
    call: Call,
    case: Case,
    whole_conversation: Annotated[
        bool,
        typer.Option("--whole-conversation", help=tr("also what comes to the conversation later")),
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """One person is enough."""
    body = _body("freeze", case) | {"whole_conversation": whole_conversation}
    _do(client_of(context), call, "/measures", body, output)


def unfreeze(
    context: typer.Context, call: Call, case: Case, output: OutputOption = Output.TABLE
) -> None:
    """What the policy says of it holds again."""
    _do(client_of(context), call, "/measures/lift", _body("freeze", case), output)


def suspend(
    context: typer.Context, call: Call, case: Case, output: OutputOption = Output.TABLE
) -> None:
    """Nobody hears or exports it, and searches do not find it."""
    _do(client_of(context), call, "/measures", _body("suspension", case), output)


def resume(
    context: typer.Context, call: Call, case: Case, output: OutputOption = Output.TABLE
) -> None:
    """Unless another case has stopped it as well."""
    _do(client_of(context), call, "/measures/lift", _body("suspension", case), output)


def erase(
    context: typer.Context,
    call: Call,
    case: Case,
    granted: Annotated[
        bool, typer.Option("--granted", help=tr("granted to who asked; laws may keep it"))
    ] = False,
    court: Annotated[
        bool, typer.Option("--court", help=tr("ordered by a court; no minimum keeps it"))
    ] = False,
    withdraw: Annotated[
        bool, typer.Option("--withdraw", help=tr("take that back, while the call is there"))
    ] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Its use is stopped at once; retention destroys it when nothing keeps it."""
    if granted == court:
        raise typer.BadParameter(tr("say which: --granted or --court"))
    kind = "erasure_granted" if granted else "erasure_court"
    what = "/measures/lift" if withdraw else "/measures"
    _do(client_of(context), call, what, _body(kind, case), output)


def _body(kind: str, case: str) -> dict[str, Any]:
    return {"kind": kind, "case": case}


def _do(client: Client, call: str, what: str, body: dict[str, Any], output: Output) -> None:
    """Have it done, and show of which recordings."""
    done = _posted(client, call, what, body)
    told = {
        "kind": done["kind"],
        "case": done["case"],
        "recordings": "\n".join(done["recordings"]) or tr("nothing is changed: it is so already"),
    }
    show_value(done if output is Output.JSON else told, output)
    for line in going_lines(done) if output is not Output.JSON else ():
        print(line, file=sys.stderr)


def going_lines(done: dict[str, Any]) -> list[str]:
    """So that nobody thinks that what is being destroyed is safe."""
    going = tr(
        "{recording} was about to be destroyed: if it is still there afterwards, this is in force"
        " (rokuon retention explain)"
    )
    late = tr("{recording} is destroyed: it was too late")
    said = [going.format(recording=each) for each in done["going"]]
    return said + [late.format(recording=each) for each in done["too_late"]]


def _posted(client: Client, call: str, what: str, body: dict[str, Any]) -> dict[str, Any]:
    """To a call, else to a recording, by its own id or by one that others know it by.

    Nothing of it is read before: who freezes it may not see it yet.
    """
    for path in own_paths(call):
        try:
            done: dict[str, Any] = client.post(path + what, body)
        except ApiRefused as refused:
            if not is_missing(refused):
                raise
        else:
            return done
    found: dict[str, Any] = client.post("/calls/known", {"id": call})
    own = found["call"] or found["recording"]
    path = f"/calls/{own}" if found["call"] else f"/recordings/{own}"
    answer: dict[str, Any] = client.post(path + what, body)
    return answer
