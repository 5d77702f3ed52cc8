"""Ranked calls as the API answers them, in the rows that people read.

Pure: knows the form of `docs/locate.md` (HTTP), nothing of how they are asked for or shown.
"""

from collections.abc import Mapping
from datetime import tzinfo
from typing import Any, Final

from api.calls.call_summaries import CallLine
from api.words.clue_words import LEADING
from api.words.likelihood_words import cause_told, chance_told, score_told
from api.words.tombstone_words import lost_told
from rokuon.cli.calls.call_rows import call_line
from rokuon.cli.terminal.output import Row, Styles, moment
from rokuon.cli.words.values import cell
from rokuon.messages.i18n import tr

Ranked = Mapping[str, Any]
# Of these two make a call the one that is meant (`archive.locate.answer.confirmed`).
CONFIRMING: Final = ("number", "customer", "id", "gist", "agent", "extension", "queue")
# Of what is hardly meant nobody asks whose call it is.
_LIKELY: Final = 0.01
# A second sign beside the words.
_STYLES: Final = {"match": "green", "near": "yellow", "conflict": "red", "unknown": ""}
# Of a facet so many values are told to people, of the others how many they are.
_VALUES: Final = 5


def clue_word(kind: str) -> str:
    """What a kind of clue is called."""
    return tr("a call beside it") if kind == "beside" else tr(LEADING.get(kind, kind))


def understood_rows(ranked: Ranked, text: str) -> list[Row]:
    """What was made of each clue, and of which words of the text."""
    return [
        {
            "understood": each["words"],
            "of": text[each["begin"] : each["end"]],
            "sure": tr("certain: narrows") if each["certain"] else tr("likely: excludes nothing"),
        }
        for each in ranked["understood"]
    ]


def candidate_rows(ranked: Ranked, place: tzinfo) -> list[Row]:
    """A row for each call, the likeliest first, with what each clue says of it.

    `score` is how much likelier the clues make it (natural logarithm), `weight` is each one's part.
    """
    return [
        {
            "rank": rank,
            "sure": _sureness(each, [clue["words"] for clue in ranked["understood"]]),
            **_call(each, place),
            "burst": _burst(each["bursts"], place),
            "score": _score(each["score"]),
            **{f"clue {n}": one["words"] for n, one in enumerate(each["verdicts"])},
            **{f"weight {n}": _weight(one["weight"]) for n, one in enumerate(each["verdicts"])},
        }
        for rank, each in enumerate(ranked["candidates"], 1)
    ]


def candidate_styles(ranked: Ranked) -> list[Styles]:
    """The colour of each verdict, and of what is confirmed."""
    return [
        {
            "sure": "bold" if each["confirmed"] else "",
            **{f"clue {n}": _STYLES[one["verdict"]] for n, one in enumerate(each["verdicts"])},
        }
        for each in ranked["candidates"]
    ]


def clue_titles(ranked: Ranked, *, explained: bool) -> dict[str, str]:
    """The columns of verdicts, each by its clue; explained, with how much it says."""
    titles = {}
    for place, each in enumerate(ranked["understood"]):
        kind = clue_word(each["kind"])
        titles[f"clue {place}"] = tr("clue: {kind}").format(kind=kind)
        if explained:
            titles[f"weight {place}"] = tr("{kind} says").format(kind=kind)
    return titles


def cause_of(chances: Mapping[str, float]) -> str:
    """Why it is most likely not to be found; "" where it may be."""
    told = cause_told(chances)
    return "" if told is None else tr(told.source)


def chances_told(chances: Mapping[str, float]) -> str:
    """What may have become of the call that is meant."""
    causes = {
        "recorded": tr("recorded"),
        "not_recorded": tr("without a recording"),
        "destroyed": tr("destroyed"),
        "never": tr("never made"),
    }
    return ", ".join(f"{said} {percent(chances[cause])}" for cause, said in causes.items())


def lost_of(ranked: Ranked) -> str:
    """How many calls without a recording are not shown of which some are; "" where all are."""
    lost, shown = ranked["lost"], sum(not each["calls"] for each in ranked["candidates"])
    told = lost_told(lost["total"], shown, is_cut=lost["is_cut"])
    return "" if told is None else tr(told.source).format(**told.values)


def facet_told(facet: Mapping[str, Any]) -> str:
    """The most frequent values, each with how many calls have it."""
    kind, values = facet["kind"], facet["values"]
    rest = facet["others"] + sum(each["count"] for each in values[_VALUES:])
    counts = [
        *((cell(kind, each["value"]), each["count"]) for each in values[:_VALUES]),
        (tr("others"), rest),
        (tr("not known"), facet["unknown"]),
    ]
    told = ", ".join(f"{value} {count}" for value, count in counts if count)
    return f"{clue_word(kind)}: {told}"


def percent(chance: float) -> str:
    """A chance as the pages tell it."""
    told = chance_told(chance)
    return tr(told.source).format(**told.values)


def _score(score: float) -> str:
    """The number of which the weights are parts, and what it is for people."""
    told = score_told(score)
    return f"{round(score, 1) + 0.0:.1f}, {tr(told.source).format(**told.values)}"


def _weight(weight: float | None) -> str:
    return "" if weight is None else f"{round(weight, 1) + 0.0:+.1f}"


def _sureness(candidate: Ranked, clues: list[str]) -> str:
    """That it is the one, or how likely, and by which clues it is another person's: in words."""
    if not candidate["confirmed"]:
        guess = tr("a guess: {chance}").format(chance=percent(candidate["chance"]))
        against = [clues[place] for place in candidate["against"]]
        if not against or candidate["chance"] < _LIKELY:
            return guess
        said = tr("{guess}; perhaps another person's call, for this does not fit: {clues}")
        return said.format(guess=guess, clues=", ".join(against))
    fitting = [
        clue
        for clue, each in zip(clues, candidate["verdicts"], strict=True)
        if each["verdict"] == "match" and each["kind"] in CONFIRMING
    ]
    said = tr("confirmed by {clues}; no other call fits as well")
    return said.format(clues=", ".join(fitting))


def _call(candidate: Ranked, place: tzinfo) -> Row:
    """What is known of it: a recorded one as a list has it."""
    match candidate["state"]:
        case "recorded":
            return call_line(CallLine(candidate["calls"]), place)
        case "not_recorded":
            return _unrecorded(candidate["unrecorded"], place)
    return _destroyed(candidate["destroyed"], place)


def _unrecorded(row: Mapping[str, Any], place: tzinfo) -> Row:
    """A call of the ledger, with why there is no recording."""
    return {
        "started_at": moment(row["at"], place),
        "state": tr("not recorded: {reason}").format(reason=row["words"]),
        "source": row["source"],
    }


def _destroyed(remains: Mapping[str, Any], place: tzinfo) -> Row:
    """What is left of it: the hour, and the certificate of what destroyed it."""
    hour = remains["hour_at"]
    began = tr("within the hour from {hour}").format(hour=moment(hour, place)) if hour else ""
    said = tr("destroyed") if remains["scope"] == "whole" else tr("its audio is destroyed")
    return {"started_at": began, "state": said, "certificate": remains["certificate"]}


def _burst(burst: Mapping[str, Any] | None, place: tzinfo) -> str:
    """When the same party called beside it."""
    if not burst:
        return ""
    times = [moment(each["started_at"], place) for each in burst["calls"]]
    more = [tr("{count} more").format(count=burst["others"])] if burst["others"] else []
    return ", ".join([*times, *more])
