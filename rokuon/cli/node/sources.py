"""`rokuon source unknown|test|report|learn`.

Knows nothing of SIP.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.exits import Exit
from rokuon.cli.terminal.output import Output, OutputOption, show_rows, show_value
from rokuon.cli.terminal.session import config_of, session_of
from rokuon.cli.words.values import setting_label
from rokuon.config.amendment import line_of
from rokuon.messages.errors import NotReady
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from archive.catalog.search.source_guesses import SourceGuesses
    from rokuon.config.file_change import FileChange
    from rokuon.config.schema import Config

Name = Annotated[str, typer.Argument(help=tr("name of a source"))]
# As many numbers as somebody looks through; JSON has all.
MOST_SHOWN: Final = 64

app = Commands()


@app.command("unknown", help=tr("Who sent us calls without being configured"))
def unknown(context: typer.Context, output: OutputOption = Output.TABLE) -> None:
    """Exit 3 when there is one, with the block to add."""
    from rokuon.compose.capture.sources import unknown_sources

    config = config_of(context)
    rows = unknown_sources(config)
    titles = {"address": tr("address"), "count": tr("calls"), "last_at": tr("last")}
    show_rows(rows, titles, output)
    if output is Output.TABLE:
        for number, row in enumerate(rows, start=1):
            print("\n" + _advice(config, str(row["address"]), number))
    if rows:
        raise typer.Exit(Exit.FINDINGS)


def _advice(config: "Config", address: str, number: int) -> str:
    """The block to add; an address that a source has already lacks something else."""
    from rokuon.compose.capture.sources import source_at

    source = source_at(config, address)
    if source is None:
        return f'[[source]]\nname = "new-{number}"\naddress = ["{address}"]'
    return tr('{address} is of source "{name}", which must show its certificate').format(
        address=address, name=source.name
    )


@app.command("test", help=tr("Which source an address would be, and with which settings"))
def probe(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help=tr("IP address of a peer"))],
    output: OutputOption = Output.TABLE,
) -> None:
    """Exit 3 when no source has the address."""
    from rokuon.compose.capture.sources import source_of

    row = source_of(config_of(context), address)
    if row is None:
        print(tr("no source has this address; calls from it are refused"))
        raise typer.Exit(Exit.FINDINGS)
    if output is Output.TABLE:
        row = {setting_label(key): value for key, value in row.items()}
    show_value(row, output)


@app.command("report", help=tr("What a source does otherwise than the RFCs say, what is a guess"))
def report(context: typer.Context, name: Name, output: OutputOption = Output.TABLE) -> None:
    """All of it was tolerated; `rokuon calls trace` shows the messages of the example."""
    from rokuon.doctor.source_deviations import report_of

    config = config_of(context)
    _number_of(config, name)
    found = report_of(config, name)
    titles = {
        "code": tr("code"),
        "what": tr("what"),
        "recordings": tr("recordings"),
        "of": tr("of"),
        "last": tr("last"),
        "example": tr("example"),
    }
    show_rows(found.rows, titles, output)
    if output is Output.TABLE and found.guesses.guessed:
        print("\n".join(["", *_what_would_tell(config, name, found.guesses)]))


def _what_would_tell(config: "Config", name: str, guesses: "SourceGuesses") -> Iterator[str]:
    """How much is a guess, which numbers stood in it, and the setting that would tell."""
    said = tr("sides guessed {guessed} of {all}, direction unknown {undirected} of {all}")
    yield said.format(
        guessed=guesses.guessed, all=guesses.recordings, undirected=guesses.undirected
    )
    if guesses.short:
        more = " …" if len(guesses.short) > MOST_SHOWN else ""
        numbers = " ".join(guesses.short[:MOST_SHOWN]) + more
        yield tr("short numbers seen: {numbers}").format(numbers=numbers)
    entries = _new_entries(config, name, guesses)
    if entries:
        yield line_of(entries)
        yield f"rokuon source learn {name}"
    else:
        yield tr("what would tell: the table of agents (rokuon agents import)")


def _new_entries(config: "Config", name: str, guesses: "SourceGuesses") -> tuple[str, ...]:
    from rokuon.doctor.number_rules import proposed

    there = config.source[_number_of(config, name)].internal_numbers
    return tuple(each for each in proposed(guesses.short, guesses.full) if each not in there)


def _number_of(config: "Config", name: str) -> int:
    """Its place among the sources of the file."""
    names = [source.name for source in config.source]
    if name not in names:
        raise typer.BadParameter(tr("there is no source of this name"))
    return names.index(name)


@app.command("learn", help=tr("Write the numbers of its agents into the configuration of a source"))
def learn(
    context: typer.Context,
    name: Name,
    is_right: Annotated[bool, typer.Option("--yes", help=tr("do not ask"))] = False,
) -> None:
    """What `report` proposes, shown before it is written; a copy of the file as it was stays.

    Exit 3 where there is nothing to propose.
    """
    from rokuon.doctor.source_deviations import report_of

    file, config = session_of(context).config_file, config_of(context)
    number = _number_of(config, name)
    entries = _new_entries(config, name, report_of(config, name).guesses)
    if not entries:
        print(tr("nothing to learn: no numbers that would tell a guess"))
        raise typer.Exit(Exit.FINDINGS)
    if file is None:
        said = tr("there is no configuration file; write: {line}")
        raise NotReady(said.format(line=line_of(entries)))
    change = _change_of(file, number, entries)
    print(change.difference())
    print(tr("seen so far; what else begins so from outside would be taken for an agent's"))
    if not is_right:
        _ask(tr("Write this into {file}?").format(file=file))
    change.write()
    print(tr("written; the file as it was is {copy}").format(copy=change.copy))
    print(tr("rokuon reload takes it up, for calls from then on"))
    print(tr("of calls that are there the table of agents tells (rokuon agents import)"))


def _change_of(file: Path, number: int, entries: tuple[str, ...]) -> "FileChange":
    from rokuon.config.amendment import NotAmendable, with_internal_numbers
    from rokuon.config.file_change import FileChange

    change = FileChange.of(file)
    try:
        return change.to(with_internal_numbers(change.before, number, entries))
    except NotAmendable:
        said = tr("this cannot be written into the file as it stands; add it by hand: {line}")
        raise NotReady(said.format(line=line_of(entries))) from None


def _ask(question: str) -> None:
    """Without somebody to ask nothing is written."""
    if not sys.stdin.isatty():
        raise typer.BadParameter(tr("nobody to ask: say --yes"))
    typer.confirm(question, abort=True)
