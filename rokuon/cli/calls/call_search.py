"""`rokuon calls find`: which calls fit what is asked, newest first.

Knows nothing of how calls are found.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer

from rokuon.cli.calls.clues import Clues, ledger_options
from rokuon.cli.terminal.api import Purpose, client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows
from rokuon.cli.terminal.time_options import Since, Until, Zone, in_zone, window_of
from rokuon.machine.api_client import Client
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from api.calls.call_summaries import Grouped

# One question to the API; whoever wants more is asked for again.
PAGE: Final = 500


def add_to(app: Commands) -> None:
    """Make it a verb of `calls`."""
    app.command("find", help=tr("Find calls by time, agent, number, id, direction, duration"))(find)


def find(
    context: typer.Context,
    since: Since,
    until: Until,
    zone: Zone = "",
    *,
    clues: Clues,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=1000, help=tr("at most so many calls"))
    ] = 50,
    purpose: Purpose = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Search; the search itself is journalled before its result is shown."""
    from api.calls.call_summaries import by_calls

    place, ends = window_of(context, since, until, zone)
    pages = _Pages(client_of(context, purpose), _asked(ends, place, clues, limit))
    _show_found(by_calls(pages, limit), place, limit, output)
    if pages.unknown_direction:
        _say_some_are_unknown(pages.unknown_direction)
    if pages.destroyed:
        _say_there_were_more(pages.destroyed, clues)
    if pages.unread:
        _say_what_is_unread(pages.unread)
    if pages.unrecorded:
        _say_some_are_unrecorded(pages.unrecorded, clues)


def _asked(ends: tuple[datetime, datetime], place: ZoneInfo, clues: list[Row], limit: int) -> Row:
    begin, end = ends
    window = {"from": begin.isoformat(), "to": end.isoformat(), "zone": place.key}
    return {"window": window, "clues": clues, "limit": min(limit + 1, PAGE)}


@dataclass(slots=True)
class _Pages:
    """Page after page of one search; `destroyed` is how many recordings of its time are gone.

    `unread` is how many of them were never read for what they mention, `unknown_direction` how many
    it left out of which nobody knows who called, `unrecorded` how many calls without a recording
    have the number or name.
    """

    client: Client
    asked: Row
    destroyed: int = 0
    unread: int = 0
    unknown_direction: int = 0
    unrecorded: int = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        cursor: str | None = ""
        while cursor is not None:
            more = {"cursor": cursor} if cursor else {}
            page = self.client.post("/calls/search", {**self.asked, **more})
            self.destroyed = page["destroyed"]
            self.unread = page["not_read_anew"]
            self.unknown_direction = self.unknown_direction or page["unknown_direction"]
            self.unrecorded = self.unrecorded or page["unrecorded"]
            yield from page["calls"]
            cursor = page["next_cursor"]


def _show_found(found: "Grouped", place: ZoneInfo, limit: int, output: Output) -> None:
    """A line for each call, or a row for each recording; and whether there are more."""
    from rokuon.cli.calls.call_rows import lines_of, rows_of

    lines = lines_of(found, place)
    if output is Output.JSON:
        show_rows(rows_of(found, place), {}, output)
    else:
        titles = _titles(place)
        for key, title in (("others", tr("side not known")), ("limit", tr("limit"))):
            if any(line[key] for line in lines):
                titles[key] = title
        show_rows(lines, titles, output)
    guessed = sum(all(each["by_guess"] for each in call) for call in found.calls)
    if guessed:
        said = tr("the last {count} fit by a guess: nobody knows on which side who is asked for is")
        print(said.format(count=guessed), file=sys.stderr)
    if found.is_more:
        _say_there_are_more(limit, "" if guessed else str(lines[-1]["started_at"]))


def _say_there_are_more(limit: int, oldest: str) -> None:
    """Beside the answer, so that a program reads JSON alone; without `oldest` times say nothing."""
    said = tr("stopped at {count} call(s), there are older ones: --to {time}, or a larger --limit")
    if not oldest:
        said = tr("stopped at {count} call(s), there are more: a larger --limit")
    print(said.format(count=limit, time=oldest), file=sys.stderr)


def _say_some_are_unknown(count: int) -> None:
    """A search by direction leaves out calls that may be meant."""
    from api.words.tombstone_words import told_count

    said = tr(
        "calls of unknown direction that were left out: {count}; --direction unknown finds them"
    )
    print(said.format(count=told_count(count)), file=sys.stderr)


def _say_there_were_more(destroyed: int, clues: list[Row]) -> None:
    """Beside the answer too; who may not have seen them is not told of them."""
    from api.words.tombstone_words import told_count

    said = tr("recordings of that time that were destroyed: {count}")
    if any(each["kind"] == "queue" for each in clues):
        said = tr("recordings of that time and queue that were destroyed: {count}")
    print(said.format(count=told_count(destroyed)), file=sys.stderr)


def _say_what_is_unread(unread: int) -> None:
    from api.words.tombstone_words import unread_count

    said = tr(
        "recordings of that time that were never read for numbers and names beside their"
        " participants: {count}; rokuon index rebuild reads them"
    )
    print(said.format(count=unread_count(unread)), file=sys.stderr)


def _say_some_are_unrecorded(count: int, clues: list[Row]) -> None:
    """Who asks what became of a call is not to think that there was none."""
    from api.words.tombstone_words import told_count

    said = tr(
        "calls of that time with this number or name that have no recording: {count};"
        " rokuon calls ledger --without-recording {options} lists them"
    )
    print(said.format(count=told_count(count), options=ledger_options(clues)), file=sys.stderr)


def _titles(place: ZoneInfo) -> dict[str, str]:
    return {
        "call": tr("call"),
        "started_at": in_zone(tr("begin"), place),
        "duration_s": tr("seconds"),
        "held_s": tr("on hold (s)"),
        "direction": tr("direction"),
        "customer": tr("customer"),
        "agent": tr("agent"),
        "numbers": tr("numbers"),
        "state": tr("state"),
        "recordings": tr("recordings"),
    }
