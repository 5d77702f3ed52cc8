"""`rokuon approval list|give|withdraw|one-person`: what takes two persons.

Knows nothing of who counts.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows, show_value
from rokuon.messages.i18n import tr

app = Commands()

_OPEN: Final = "open"

Number = Annotated[int, typer.Argument(min=1, help=tr("its number in the list"))]


@app.command("list", help=tr("Show what waits for another person"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Open proposals, oldest first; then who is no other person yet, and why."""
    answer = client_of(context).get("/approvals")
    found = answer["proposals"]
    if output is Output.JSON:
        show_rows(found, _titles(), output)
        return
    show_rows([row_of(each) for each in found], _titles(), output)
    for line in _barred(answer):
        print(line)


@app.command("give", help=tr("Approve what another person proposes"))
def give(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """What is to be done at once is done."""
    _show(client_of(context).post(f"/approvals/{number}/give", {}), output)


@app.command("withdraw", help=tr("Take back your proposal, or your approval"))
def withdraw(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """Before it is carried out."""
    _show(client_of(context).post(f"/approvals/{number}/withdraw", {}), output)


@app.command("one-person", help=tr("Propose that one person be enough here, or end that"))
def one_person(
    context: typer.Context,
    end: Annotated[bool, typer.Option("--end", help=tr("let it take two again"))] = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """Another person approves it."""
    if end:
        client_of(context).delete("/installation/one-person")
    else:
        _show(client_of(context).post("/installation/one-person", {}), output)


def _barred(answer: dict[str, Any]) -> Iterator[str]:
    """Of each proposal why who asks may not approve it, and whose approval does not count."""
    for each in answer["proposals"]:
        # Of one's own proposal everybody knows.
        if each["barred"] is not None and each["barred"]["why"] != "same":
            told = tr("Proposal {number}, you may not approve: {why}")
            yield told.format(number=each["number"], why=each["barred"]["detail"])
        for given in each["approvals"]:
            if given["void"] is not None and not given["one_person"]:
                told = tr("Proposal {number}, the approval of {name} does not count: {why}")
                why = given["void"]["detail"]
                yield told.format(number=each["number"], name=given["by"], why=why)
    yield from (each["detail"] for each in answer["waiting"])
    for each in answer["confirmed"]:
        yield tr("{name} was confirmed by {by}, {at}.").format(
            name=each["user"], by=each["by"] or "root", at=moment(each["at"])
        )


def _show(proposal: dict[str, Any], output: Output) -> None:
    if output is Output.JSON:
        show_value(proposal, output)
    else:
        show_rows([row_of(proposal)], _titles(), output)


def row_of(proposal: dict[str, Any]) -> Row:
    """A proposal as the table has it."""
    by = [each["by"] for each in proposal["approvals"]]
    is_approved = proposal["state"] == _OPEN and by
    return {
        **proposal,
        # Who approves it is not to wonder whether that was heard: it is open until it is done.
        "state": tr("approved, not done yet") if is_approved else proposal["state"],
        "expires_at": moment(proposal["expires_at"]),
        "approved_by": ", ".join(by),
        "digest": proposal["digest"][:16],
    }


def _titles() -> dict[str, str]:
    return {
        "number": tr("number"),
        "summary": tr("what"),
        "state": tr("state"),
        "proposed_by": tr("proposed by"),
        "approved_by": tr("approved by"),
        "expires_at": tr("until"),
        "digest": tr("digest"),
    }
