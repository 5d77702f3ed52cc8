"""`rokuon jobs list|show|cancel`: work that outlives the command that asked for it.

Knows nothing of what a job does.
"""

from typing import Annotated, Any, Final

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows, show_value
from rokuon.cli.terminal.progress import progress
from rokuon.machine.api_client import Client
from rokuon.messages.i18n import tr

app = Commands()

# Of a job that runs; who follows one asks so often.
LOOK_S: Final = 0.5
_GOING_ON: Final = frozenset({"queued", "running"})
Number = Annotated[int, typer.Argument(min=1, help=tr("its number in the list"))]


@app.command("list", help=tr("Show which jobs wait, run, or have ended of late"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """The newest first."""
    found = client_of(context).get("/jobs")["jobs"]
    show_rows(found if output is Output.JSON else [_row(each) for each in found], _titles(), output)


@app.command("show", help=tr("Show one job, where it stands and how often it was tried"))
def show(
    context: typer.Context,
    number: Number,
    follow: Annotated[bool, typer.Option("--follow", help=tr("until it has ended"))] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """With `--follow` a progress bar until it has ended; 1 unless it is done."""
    client = client_of(context)
    path = f"/jobs/{number}"
    found = followed(client, path, tr("working"), client.get(path)) if follow else client.get(path)
    _show(found, output)
    if follow and found["state"] != "done":
        raise typer.Exit(Exit.ERROR)


@app.command("cancel", help=tr("Want a job to stop"))
def cancel(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """One that waits is cancelled at once, one that runs at its next step."""
    _show(client_of(context).post(f"/jobs/{number}/cancel", {}), output)


def followed(client: Client, path: str, title: str, first: dict[str, Any]) -> dict[str, Any]:
    """What is answered at `path` when its job has ended, the bar moving meanwhile.

    An answer is a job, or has one under `job`; `first` is the one that is there already.
    """
    answer = first
    with progress(title) as step:
        while (job := answer.get("job", answer))["state"] in _GOING_ON:
            step(job["done"], job["total"] or 1)
            client.sleep(LOOK_S)
            answer = client.get(path)
    return answer


def _show(job: dict[str, Any], output: Output) -> None:
    if output is Output.JSON:
        show_value(job, output)
        return
    show_rows([_row(job)], _titles(), output)
    if job["attempts"]:
        print()
        show_rows([_attempt(each) for each in job["attempts"]], _attempt_titles(), output)


def _row(job: dict[str, Any]) -> Row:
    return {
        **job,
        "job_kind": job["kind"],
        "job_state": "stopping" if _is_stopping(job) else job["state"],
        "ordered_at": moment(job["ordered_at"]),
        "progress": f"{job['done']}/{job['total']}" if job["total"] else "",
        "tried": len(job["attempts"]),
    }


def _is_stopping(job: dict[str, Any]) -> bool:
    return bool(job["cancel_wished"]) and job["state"] in _GOING_ON


def _attempt(own: dict[str, Any]) -> Row:
    return {
        "begun_at": moment(own["begun_at"]),
        "ended_at": moment(own["ended_at"]),
        "attempt_ended": own["ended"],
        "why": own["why"],
    }


def _titles() -> dict[str, str]:
    return {
        "number": tr("number"),
        "job_kind": tr("what"),
        "job_state": tr("state"),
        "progress": tr("so far"),
        "tried": tr("attempts"),
        "author": tr("by"),
        "ordered_at": tr("ordered"),
    }


def _attempt_titles() -> dict[str, str]:
    return {
        "begun_at": tr("begin"),
        "ended_at": tr("end"),
        "attempt_ended": tr("came to"),
        "why": tr("error"),
    }
