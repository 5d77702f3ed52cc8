"""`rokuon calls`: its verbs, and `show`: what is known of a call.

Knows nothing of how calls are read.
"""

from collections.abc import Sequence

import typer

from rokuon.cli.calls import call_search, corrections, exports, ledger, live_calls
from rokuon.cli.calls.call_tables import ONE_ROW, link_titles, recording_tables, titles_for
from rokuon.cli.calls.live_calls import Call
from rokuon.cli.terminal.api import BreakGlass, Purpose, client_of, is_missing, known_of
from rokuon.cli.terminal.commands import Commands
from rokuon.cli.terminal.output import Output, OutputOption, Row, show_rows, show_value
from rokuon.cli.terminal.time_options import Zone, place_of
from rokuon.cli.words.evidence_words import stray_words, undecoded_words
from rokuon.cli.words.values import cell, limit_words, marked
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.i18n import tr

app = Commands()
call_search.add_to(app)


@app.command("show", help=tr("Show everything known about a call"))
def show(
    context: typer.Context,
    call: Call,
    zone: Zone = "",
    purpose: Purpose = "",
    break_glass: BreakGlass = "",
    output: OutputOption = Output.TABLE,
) -> None:
    """Write one call with its recordings and legs."""
    from rokuon.cli.calls.call_rows import sides_named
    from rokuon.cli.calls.course_rows import course_row, link_row

    client, place = client_of(context, purpose, break_glass), place_of(zone)
    try:
        known = known_of(client, call)
    except ApiRefused as refused:
        # What is not archived yet may be up.
        growing = live_calls.row_of(client, call, place) if is_missing(refused) else None
        if growing is None:
            raise
        show_value(growing, output)
        return
    found = known["recordings"]
    links = [link_row(each, place) for each in known.get("inferred_links", ())]
    shown: Row = {
        "call": call,
        "recordings": [course_row(each, place) for each in found],
        "inferred_links": links,
        "more_inferred_links": known.get("more_inferred_links", False),
    }
    if output is Output.JSON:
        show_value(shown, output)
    else:
        _show_recordings(shown, [sides_named(each) for each in found])
        _show_links(links, is_more=bool(shown["more_inferred_links"]))


def _show_recordings(call: Row, sides: Sequence[Row]) -> None:
    """A block for each recording: what it is, its legs, its route, who came and went.

    `sides` are who is on them, for people.
    """
    recordings = call["recordings"]
    assert isinstance(recordings, list)
    tables = recording_tables()
    for recording, named in zip(recordings, sides, strict=True):
        strays = [stray_words(codec) for codec in recording.pop("stray_codecs")]
        senders = recording.pop("other_senders")
        unheard = [undecoded_words(each) for each in recording.pop("undecoded")]
        limit = limit_words(str(recording.pop("limit")))
        told = {key: recording.pop(key) for key in tables}
        told["legs"] = [_with_mark(each, "side", "side_guessed") for each in told["legs"]]
        told["other_sounds"] = [
            _with_mark(each, "sound", "is_guess") for each in told["other_sounds"]
        ]
        gaps = {"gaps": tr("not known")} if told["gaps"] is None else {}
        recording = {key: each for key, each in recording.items() if not key.endswith("_guess")}
        odd = {"stray_codecs": strays, "other_senders": senders, "undecoded": unheard}
        rare = {"limit": limit, **odd}
        shown = {name: value for name, value in rare.items() if value}
        show_value({**recording, **named, **gaps, **shown}, Output.TABLE)
        for key, titles in tables.items():
            rows = [told[key]] if key in ONE_ROW and told[key] else told[key]
            if rows or key == "legs":
                print()
                show_rows(rows, titles_for(rows, titles), Output.TABLE)


def _show_links(links: list[Row], *, is_more: bool) -> None:
    """For people; of more than these it is said that there are more."""
    if links:
        told = [{**each, "link": f"{each['because']}_{each['place']}"} for each in links]
        print()
        show_rows(told, link_titles(), Output.TABLE)
    if is_more:
        print(tr("there are more calls that seem to go with it: these are the nearest"))


def _with_mark(row: Row, key: str, guessed: str) -> Row:
    """For people: what is told says itself whether it is a guess."""
    return {**row, key: marked(cell(key, row[key]), is_guess=bool(row[guessed]))}


ledger.add_to(app)
live_calls.add_to(app)
corrections.add_to(app)
exports.add_to(app)
