"""`rokuon config check|show`.

Knows nothing of the rules of the configuration.
"""

import dataclasses
import sys
from pathlib import Path

import typer

from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.cli.terminal.session import session_of
from rokuon.compose.archive.catalog_url import without_password
from rokuon.config.config_problems import ConfigRefused, Findings
from rokuon.messages.i18n import tr

app = Commands()


@app.command("check", help=tr("Check the configuration; every problem with its place"))
def check(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Exit 0 when it can be used, 3 when it cannot."""
    from rokuon.config.load import load, remarks
    from rokuon.doctor.machine_rules import machine_problems

    session = session_of(context)
    try:
        config = load(session.config_file, machine_problems)
    except ConfigRefused as refused:
        _show(refused.findings, output)
        raise typer.Exit(Exit.FINDINGS) from refused
    found = remarks(session.config_file, config)
    if found.problems or output is Output.JSON:
        _show(found, output)
    else:
        name = str(session.config_file or tr("the defaults"))
        print(tr("{name}: nothing to object to").format(name=name))


def _show(found: Findings, output: Output) -> None:
    if output is Output.TABLE:
        print(found.render(), file=sys.stderr)
        return
    rows: list[Row] = [
        {
            "file": found.name,
            "line": problem.position.line,
            "column": problem.position.column,
            "code": problem.code,
            "level": problem.level,
            "key": problem.key,
            "message": problem.message,
            "help": problem.help,
        }
        for problem in found.problems
    ]
    show_rows(rows, {}, output)


@app.command("show", help=tr("Show every setting in force, defaults included"))
def show(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Write the configuration as it is used."""
    config = session_of(context).config()
    settings = _plain(dataclasses.asdict(config))
    assert isinstance(settings, dict)
    if config.catalog.url:
        settings["catalog"]["url"] = without_password(config.catalog.url)
    if output is Output.JSON:
        show_value(settings, output)
        return
    show_value(_flat(settings), output)


def _plain(value: object) -> object:
    match value:
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
        case Path():
            return str(value)
    return value


def _flat(settings: Row) -> Row:
    flat: Row = {}
    for section, content in settings.items():
        tables = content if isinstance(content, list) else [content]
        for index, table in enumerate(tables):
            name = f"{section}[{index}]" if isinstance(content, list) else section
            flat |= {f"{name}.{key}": value for key, value in table.items()}
    return flat
