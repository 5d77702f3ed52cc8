"""`rokuon retention policy check|import|export|list|diff`: the retention policy.

Knows nothing of what a rule means, nor of who may take a policy over.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from rokuon.cli.terminal.api import client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, moment, show_rows, show_value
from rokuon.messages.i18n import tr

app = Commands()

_JSON: Final = "application/json"
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=tr("a policy, TOML"))]
Number = Annotated[int, typer.Argument(min=0, help=tr("of a revision; 0: the policy as shipped"))]
Retroactive = Annotated[
    bool, typer.Option("--retroactive", help=tr("also for recordings that are there already"))
]


@app.command("check", help=tr("Show what taking a policy over would mean; changes nothing"))
def check(
    context: typer.Context,
    file: File,
    retroactive: Retroactive = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """What differs, what is worth a look, whether it takes two persons, since when it decides."""
    found = client_of(context).post("/policies/check", _body(file, retroactive))
    if output is Output.JSON:
        show_value(found, output)
        return
    for line in found["difference"]:
        print(line)
    for each in found["findings"]:
        print(each["told"])
    keys = ("sha256", "care", "because", "compared_with")
    terms = {**{key: found[key] for key in keys}, "in_force_at": _at_home(found)}
    if found["one_person"] and found["care"] == "two_persons":
        terms["care"] = tr("you alone, for this installation is one person's")
    show_value({key: value for key, value in terms.items() if value != ""}, output)


@app.command("import", help=tr("Make a file the retention policy"))
def import_(
    context: typer.Context,
    file: File,
    retroactive: Retroactive = False,
    output: OutputOption = Output.TABLE,
) -> None:
    """What may shorten is proposed; when another person has approved, do the same again."""
    body = json.dumps(_body(file, retroactive)).encode()
    show_taken_over(client_of(context).put("/policies", body, _JSON), output)


def show_taken_over(done: dict[str, Any], output: Output) -> None:
    """What became of a wish for another policy."""
    if output is Output.JSON:
        show_value(done, output)
        return
    if not done["is_new"]:
        print(tr("nothing changes: it is the latest revision"))
    show_rows([_row(done["revision"])], _titles(), output)


@app.command("export", help=tr("Write the text of a revision; without a number of the latest"))
def export(
    context: typer.Context,
    number: Annotated[
        int | None, typer.Argument(min=0, help=tr("of a revision; 0: the policy as shipped"))
    ] = None,
    output: OutputOption = Output.TABLE,
) -> None:
    """The same text for the same policy, for version control."""
    own = "latest" if number is None else str(number)
    found = client_of(context).get(f"/policies/{own}")
    if output is Output.JSON:
        show_value(found, output)
    else:
        print(found["text"], end="")


@app.command("list", help=tr("Show every revision: since when, by whom, and whether it decides"))
def list_(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Oldest first; 0 is the policy as shipped."""
    found = client_of(context).get("/policies")["revisions"]
    rows = found if output is Output.JSON else [_row(each) for each in found]
    show_rows(rows, _titles(), output)


@app.command("call-back", help=tr("Take a revision back that cools off; one person is enough"))
def call_back(context: typer.Context, number: Number, output: OutputOption = Output.TABLE) -> None:
    """It stays in the list, and never decides."""
    done = client_of(context).post(f"/policies/{number}/call-back", None)
    rows = [done] if output is Output.JSON else [_row(done)]
    show_rows(rows, _titles(), output)


@app.command("diff", help=tr("Show how two revisions differ"))
def diff(
    context: typer.Context, older: Number, newer: Number, output: OutputOption = Output.TABLE
) -> None:
    """The rules that differ, line by line."""
    found = client_of(context).get(f"/policies/{older}/difference/{newer}")
    if output is Output.JSON:
        show_value(found, output)
        return
    for line in found["difference"]:
        print(line)


def _body(file: Path, retroactive: bool) -> dict[str, Any]:
    return {"text": file.read_text("utf-8"), "retroactive": retroactive}


def _at_home(found: dict[str, Any]) -> str:
    """Since when it decides, in the policy's zone; the policy as shipped always did."""
    return found["at_home"] if found.get("number") != 0 else ""


def _row(revision: dict[str, Any]) -> Row:
    return {
        **revision,
        "policy_state": revision["state"],
        "in_force_at": _at_home(revision),
        "taken_over_at": moment(revision["taken_over_at"]),
        "sha256": revision["sha256"][:16],
    }


def _titles() -> dict[str, str]:
    return {
        "number": tr("number"),
        "policy_state": tr("state"),
        "in_force_at": tr("in force from"),
        "retroactive": tr("retroactive"),
        "taken_over_by": tr("by"),
        "taken_over_at": tr("taken over"),
        "one_person": tr("one person"),
        "sha256": tr("SHA-256"),
    }
