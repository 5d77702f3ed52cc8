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

from archive.access.query import MAX_CLUES
from rokuon.cli.calls.clues import Clues, ledger_options
from rokuon.cli.calls.ranked_clues import RememberedOptions, refuse_more
from rokuon.cli.terminal.api import Purpose, client_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows
from rokuon.cli.terminal.time_options import (
    Since,
    Until,
    Zone,
    calendar_of,
    clock_of,
    ends_in,
    window_of,
)
from rokuon.machine.api_client import Client
from rokuon.messages.i18n import tr

if TYPE_CHECKING:
    from api.calls.call_summaries import Grouped

# One question to the API; whoever wants more is asked for again.
PAGE: Final = 500
# Where it is not said how many are wanted; of ranked ones each has its reasons.
LISTED: Final = 50
RANKED: Final = 10

Text = Annotated[
    list[str] | None,
    typer.Argument(
        help=tr(
            "what somebody remembers of one call, as it is said: late October in the evening, "
            "Tanaka or Nakata, 7788"
        )
    ),
]


def add_to(app: Commands) -> None:
    """Make it a verb of `calls`."""
    app.command(
        "find",
        help=tr(
            "Find calls: by time and clues that are certain, newest first; by what somebody "
            "remembers of one, in words or by clues that are likely, the likeliest first"
        ),
    )(find)


def find(
    context: typer.Context,
    text: Text = None,
    since: Since = "",
    until: Until = "",
    zone: Zone = "",
    *,
    clues: Clues,
    remembered: RememberedOptions,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit", min=1, max=1000, help=tr("at most so many calls: else 50, of ranked ones 10")
        ),
    ] = None,
    purpose: Purpose = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Search; the search itself is journalled before its result is shown."""
    is_ranked = bool(text) or remembered.ranks
    if since or until or not is_ranked:
        _need_both(context, since, until)
    if is_ranked:
        from rokuon.cli.calls.ranked_search import Shown, show_ranked

        (place, whose), calendar = clock_of(context, zone), calendar_of(context)
        ends = ends_in(place, since, until, calendar) if since else None
        asked = {
            **remembered.question(text or [], clues, place, calendar),
            **({"zone": place.key} if ends is None else {"window": _window(ends, place)}),
        }
        how = Shown(place, output, remembered.explained, whose)
        show_ranked(client_of(context, purpose), asked, limit or RANKED, how)
        return
    remembered.refuse_unranked(context)
    refuse_more(clues, MAX_CLUES)
    place, ends = window_of(context, since, until, zone)
    pages = _Pages(client_of(context, purpose), _window(ends, place), clues, limit or LISTED)
    _show_list(pages, place, output)


def _need_both(context: typer.Context, since: str, until: str) -> None:
    """A window has two ends; where nothing is ranked there is one."""
    for option, value in (("--from", since), ("--to", until)):
        if not value:
            # As the library says it of an option that is always needed.
            context.fail(
                f"Missing option '{option}'. "
                + tr("Without a window, say what is remembered: rokuon calls find TEXT")
            )


def _window(ends: tuple[datetime, datetime], place: ZoneInfo) -> Row:
    begin, end = ends
    return {"from": begin.isoformat(), "to": end.isoformat(), "zone": place.key}


def _show_list(pages: "_Pages", place: ZoneInfo, output: Output) -> None:
    """Newest first; beside the answer, what is not in it."""
    from api.calls.call_summaries import by_calls

    _show_found(by_calls(pages, pages.limit), place, pages.limit, output)
    if pages.unknown_direction:
        _say_some_are_unknown(pages.unknown_direction)
    if pages.destroyed:
        _say_there_were_more(pages.destroyed, pages.clues)
    if pages.unread:
        _say_what_is_unread(pages.unread)
    if pages.unrecorded:
        _say_some_are_unrecorded(pages.unrecorded, pages.clues)


@dataclass(slots=True)
class _Pages:
    """Page after page of one search; `destroyed` is how many recordings of its time are gone.

    `unread` is how many of them were never read for what they mention, `unknown_direction` how many
    it left out of which nobody knows who called, `unrecorded` how many calls without a recording
    have the number or name.
    """

    client: Client
    window: Row
    clues: list[Row]
    limit: int
    destroyed: int = 0
    unread: int = 0
    unknown_direction: int = 0
    unrecorded: int = 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        asked = {
            "window": self.window,
            "clues": self.clues,
            "limit": min(self.limit + 1, PAGE),
        }
        cursor: str | None = ""
        while cursor is not None:
            more = {"cursor": cursor} if cursor else {}
            page = self.client.post("/calls/search", {**asked, **more})
            self.destroyed = page["destroyed"]
            self.unread = page["not_read_anew"]
            self.unknown_direction = self.unknown_direction or page["unknown_direction"]
            self.unrecorded = self.unrecorded or page["unrecorded"]
            yield from page["calls"]
            cursor = page["next_cursor"]


def _show_found(found: "Grouped", place: ZoneInfo, limit: int, output: Output) -> None:
    """A line for each call, or a row for each recording; and whether there are more."""
    from rokuon.cli.calls.call_rows import line_titles, lines_of, rows_of

    lines = lines_of(found, place)
    if output is Output.JSON:
        show_rows(rows_of(found, place), {}, output)
    else:
        titles = line_titles(place)
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
