"""`rokuon retention simulate|changes`: what another policy would make of the archive.

Knows nothing of what a rule means.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from rokuon.cli.operation.jobs import followed
from rokuon.cli.terminal.api import Purpose, client_of
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
from rokuon.machine.api_client import Client
from rokuon.messages.errors import JobNotDone
from rokuon.messages.i18n import language, tr, words_in

_MIB: Final = 1 << 20
_NONE: Final = {"recordings": 0, "bytes": 0}


def add_to(app: Commands) -> None:
    """The commands under their noun."""
    app.command(
        "simulate", help=tr("Show what a policy would make of the archive; changes nothing")
    )(simulate)
    app.command("changes", help=tr("List every recording that a simulated policy changes"))(changes)


def simulate(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=tr("a policy, TOML"))],
    output: OutputOption = Output.TABLE,
) -> None:
    """What falls due sooner or later than today, how all would stand, and when they would go.

    Ctrl-C ends the waiting and has the job cancelled.
    """
    found = _simulated(client_of(context), file.read_text("utf-8"))
    if output is Output.JSON:
        show_value(found, output)
        return
    sums = found["result"]
    show_rows([*_rows(sums, "changes"), *_rows(sums, "stands")], _titles(tr("what")), output)
    if sums["circumstances"]:
        print()
        found_so = [_circumstance(each) for each in sums["circumstances"]]
        show_rows(found_so, _circumstance_titles(), output)
    if sums["months"] or sums["months_today"]:
        print()
        show_rows(_months(sums), _month_titles(), output)
    if facts := _facts(sums):
        print()
        show_rows(facts, _fact_titles(), output)
    if sums["ledger_pages_due"] or sums["ledger_pages_due_today"]:
        print()
        print(_page_words(sums))
    print()
    print(_list_words(found["job"]["number"]))


def _page_words(sums: dict[str, Any]) -> str:
    told = tr("{then} page(s) of the ledger would have to go at once, today {today}.")
    return told.format(then=sums["ledger_pages_due"], today=sums["ledger_pages_due_today"])


def changes(
    context: typer.Context,
    number: Annotated[int, typer.Argument(min=1, help=tr("of the job that simulated"))],
    purpose: Purpose = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Of those within your reach; in the journal as a search."""
    client = client_of(context, purpose)
    show_pages(_pages(client, f"/simulations/{number}/recordings"), _changed_titles(), output)


def _pages(client: Client, path: str) -> Iterator[list[Row]]:
    behind: str | None = ""
    while behind is not None:
        page = client.get(path, behind=behind)
        if page["recordings"]:
            yield [_changed(each) for each in page["recordings"]]
        behind = page["behind"]


def _changed(own: dict[str, Any]) -> Row:
    return {
        **own,
        "call": own["conversation"],
        "started_at": moment(own["started_at"]),
        "simulated_change": own["change"],
        "goes_today": own["today"]["last_day"] or "",
        "goes_then": own["then"]["last_day"] or "",
    }


def _changed_titles() -> dict[str, str]:
    return {
        "call": tr("call"),
        "recording": tr("recording"),
        "started_at": tr("begin"),
        "simulated_change": tr("what changes"),
        "goes_today": tr("last day today"),
        "goes_then": tr("last day then"),
    }


def _circumstance(own: dict[str, Any]) -> Row:
    from api.words.circumstance_words import about_told

    return {
        "circumstance": own["kind"],
        "rules": ", ".join(own["rules"]),
        "about": about_told(own, words_in, language()),
        "recordings": own["recordings"],
        "mib": _mib(own),
    }


def _circumstance_titles() -> dict[str, str]:
    return {
        "circumstance": tr("worth a look"),
        "rules": tr("by rules"),
        "about": tr("about"),
        "recordings": tr("recordings"),
        "mib": tr("MiB"),
    }


def _months(sums: dict[str, Any]) -> list[Row]:
    """The calendar of both policies, month by month."""
    today, then = sums["months_today"], sums["months"]
    return [
        {
            "month": month,
            "today": today.get(month, _NONE)["recordings"],
            "then": then.get(month, _NONE)["recordings"],
            "mib": _mib(then.get(month, _NONE)),
        }
        for month in sorted({*today, *then})
    ]


def _month_titles() -> dict[str, str]:
    return {
        "month": tr("month in which they go"),
        "today": tr("by the policy of today"),
        "then": tr("by this one"),
        "mib": tr("MiB"),
    }


def _facts(sums: dict[str, Any]) -> list[Row]:
    """When facts that outlive their audio end, month by month, and last those without an end."""
    today, then = sums["facts_months_today"], sums["facts_months"]
    rows = [
        {"month": month, "today": today.get(month, 0), "then": then.get(month, 0)}
        for month in sorted({*today, *then})
    ]
    no_end = {"today": sums["facts_no_end_today"], "then": sums["facts_no_end"]}
    return [*rows, {"month": tr("without an end"), **no_end}] if any(no_end.values()) else rows


def _fact_titles() -> dict[str, str]:
    titles = _month_titles()
    return {
        "month": tr("month in which their facts end"),
        "today": titles["today"],
        "then": titles["then"],
    }


def _list_words(number: int) -> str:
    return tr("each recording that changes: rokuon retention changes {number}").format(
        number=number
    )


def _simulated(client: Client, text: str) -> dict[str, Any]:
    """The simulation when its job has ended; raises `JobNotDone` where that came to nothing."""
    started = client.post("/simulations", {"text": text})
    number = started["job"]["number"]
    try:
        found = followed(client, f"/simulations/{number}", tr("judging recordings"), started)
    except KeyboardInterrupt:
        client.post(f"/jobs/{number}/cancel", {})
        raise
    if found["result"] is None:
        raise JobNotDone(
            tr("the job has ended without a result; rokuon jobs show {number} says why").format(
                number=number
            )
        )
    return found


def _rows(found: dict[str, Any], key: str) -> list[Row]:
    return [_row(_words()[code], own) for code, own in found[key].items()]


def _row(what: str, own: dict[str, int]) -> Row:
    return {"what": what, "recordings": own["recordings"], "mib": _mib(own)}


def _mib(own: dict[str, int]) -> str:
    return f"{own['bytes'] / _MIB:.1f}"


def _titles(what: str) -> dict[str, str]:
    return {"what": what, "recordings": tr("recordings"), "mib": tr("MiB")}


def _words() -> dict[str, str]:
    return {
        "newly_due": tr("due at once, not today"),
        "earlier": tr("go earlier"),
        "later": tr("go later"),
        "same": tr("go as today"),
        "due": tr("then: due"),
        "dated": tr("then: with a day on which they go"),
        "protected": tr("then: protected by a minimum, a hold or a case"),
        "unknown": tr("then: kept, for something is not known"),
        "no_end": tr("then: kept, without an end"),
    }
