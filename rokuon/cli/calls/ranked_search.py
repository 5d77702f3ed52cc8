"""`rokuon calls find TEXT`: what was understood of it, and which calls are likely to be meant.

Knows nothing of how calls are ranked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from rokuon.cli.calls.call_rows import line_titles
from rokuon.cli.calls.ranked_clues import option_at
from rokuon.cli.calls.ranked_rows import (
    candidate_rows,
    candidate_styles,
    cause_of,
    chances_told,
    clue_titles,
    facet_told,
    lost_of,
    understood_rows,
)
from rokuon.cli.terminal.output import Output, show_rows, show_value, show_whole
from rokuon.machine.api_client import ApiRefused, Client
from rokuon.machine.visible_text import visible
from rokuon.messages.i18n import tr

Question = Mapping[str, Any]
Ranked = dict[str, Any]
# One question to the API; whoever wants more is asked for again.
PAGE: Final = 500


@dataclass(frozen=True, slots=True)
class Shown:
    """How an answer is shown: by which clock, and whether with what stands behind it."""

    place: ZoneInfo
    output: Output
    explained: bool = False
    whose: str = ""  # zone it is, where none was given


def show_ranked(client: Client, asked: Question, limit: int, how: Shown) -> None:
    """Ask, page after page, and write the answer. Raises `ApiAway`, `ApiRefused`."""
    ranked = _asked(client, asked, limit)
    if how.output is Output.JSON:
        own = {"zone": how.place.key, "zone_because": how.whose} if how.whose else {}
        show_value({**ranked, **own}, how.output)
        return
    _show_understood(ranked, asked, how.place)
    if how.whose:
        said = tr("times are read by {zone}: {whose}")
        print(said.format(zone=how.place.key, whose=how.whose), end="\n\n")
    _show_candidates(ranked, how, is_first="cursor" not in asked)
    _show_counts(ranked, how)
    _show_help(ranked)


def _asked(client: Client, asked: Question, limit: int) -> Ranked:
    """As many candidates as are asked for; all else is of the first page."""
    answer = _page(client, {**asked, "limit": min(limit, PAGE)})
    while limit > PAGE and answer["next_cursor"]:
        limit -= PAGE
        more = {"limit": min(limit, PAGE), "cursor": answer["next_cursor"]}
        page = _page(client, {**asked, **more})
        candidates = [*answer["candidates"], *page["candidates"]]
        answer = {**answer, "candidates": candidates, "next_cursor": page["next_cursor"]}
    return answer


def _page(client: Client, asked: Question) -> Ranked:
    try:
        ranked: Ranked = client.post("/calls/search", asked)["ranked"]
    except ApiRefused as refused:
        refused.faults = tuple(_named_faults(refused, asked))
        raise
    return ranked


def _named_faults(refused: ApiRefused, asked: Question) -> Iterator[str]:
    """What is wrong, each with the option that it is about; never what was typed there."""
    for pointer, fault in zip(refused.pointers, refused.faults, strict=True):
        option = option_at(pointer, asked.get("clues", ()))
        yield f"{option}: {fault}" if option else fault


def _show_understood(ranked: Ranked, asked: Question, place: ZoneInfo) -> None:
    """The echo of each clue; what nothing was made of, so that nobody thinks it counted."""
    text = str(asked.get("text", ""))
    understood = tr("understood as ({zone})").format(zone=place.key)
    titles = {"understood": understood, "sure": tr("how sure")}
    if text:
        titles["of"] = tr("of the text")
    show_rows(understood_rows(ranked, text), titles, Output.TABLE)
    for unused in ranked["unused"]:
        print(tr("not used: {text}").format(text=visible(unused["text"])))
    for each in ranked["not_used"]:
        option = option_at(f"/clues/{each['clue']}", asked["clues"])
        print(tr("not used: {text}").format(text=f"{option}: {each['words']}"))
    for note in ranked["notes"]:
        print(tr("note: {text}").format(text=visible(note)))
    print()


def _show_candidates(ranked: Ranked, how: Shown, *, is_first: bool) -> None:
    """A later page does not know how many came before it."""
    rows = candidate_rows(ranked, how.place)
    if not rows:
        print(tr("no call fits"))
        return
    titles = {**_titles(how.place), **clue_titles(ranked, explained=how.explained)}
    if not is_first:
        del titles["rank"]
    if how.explained:
        titles["score"] = tr("score")
    told = {key: title for key, title in titles.items() if any(row.get(key) for row in rows)}
    show_whole(rows, told, candidate_styles(ranked))


def _show_more(ranked: Ranked) -> None:
    """How many there are in all, how to see the others, what is not shown."""
    total = f"{ranked['total']:,}{'+' if ranked['is_cut'] else ''}"
    print(tr("recorded calls that fit well enough: {total}").format(total=total))
    if ranked["next_cursor"]:
        said = tr("less likely ones: --cursor {cursor}, or a larger --limit")
        print(said.format(cursor=ranked["next_cursor"]))
    elif ranked["has_less_likely"]:
        print(tr("Less likely calls are not listed: one more clue tells them apart."))
    if lost := lost_of(ranked):
        print(lost)


def _show_counts(ranked: Ranked, how: Shown) -> None:
    """How many there are, and what may have become of the call that is meant."""
    _show_more(ranked)
    if how.explained:
        for facet in ranked["facets"]:
            if facet["values"]:
                print(visible(facet_told(facet)))
    cause = cause_of(ranked["chances"])
    if cause and not ranked["relaxations"]:
        print(cause)
    if ranked["candidates"]:
        said = tr("what became of the call that is meant, a guess: {chances}")
        print(said.format(chances=chances_told(ranked["chances"])))


def _show_help(ranked: Ranked) -> None:
    """What helps: which clue to drop, what is not known here, what to ask next."""
    if ranked["relaxations"]:
        print(tr("no recorded call fits all that is certain:"))
    for relaxation in ranked["relaxations"]:
        print(visible(relaxation["words"]))
    if not ranked["knows_agents"]:
        print(
            tr(
                "there is no table of agents: names are those that calls told; "
                "rokuon agents import takes one"
            )
        )
    if question := ranked["question"]:
        said = tr("next question: {question} (nobody knows: --asked {code})")
        print(said.format(question=question["words"], code=question["code"]))


def _titles(place: ZoneInfo) -> dict[str, str]:
    """The columns of a list, and what only some candidates have."""
    return {
        "rank": tr("rank"),
        "sure": tr("is it this one"),
        **line_titles(place),
        "others": tr("side not known"),
        "source": tr("source"),
        "certificate": tr("certificate of destruction"),
        "limit": tr("limit"),
        "burst": tr("the same party called at"),
    }
