"""`rokuon calls find TEXT`: what people and programs read of ranked calls."""

import json
import re
from zoneinfo import ZoneInfo

import pytest

from rokuon.cli.calls import call_search, ranked_search
from rokuon.cli.calls.ranked_rows import candidate_rows, chances_told, facet_told
from rokuon.cli.terminal import output
from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.compose.api.application import column_keeper
from rokuon.compose.api.row_seals import sealed_catalog
from rokuon.machine.api_client import ApiRefused
from rokuon.messages import i18n
from rokuon.messages.error_words import words_of
from tests.rokuon.cli.command import run, run_at
from tests.rokuon.installation import Installation
from tests.support.cli.calls import found, several
from tests.support.cli.ranked import (
    CALL,
    CONFIRMED,
    DESTROYED,
    PARTLY,
    TEXT,
    UNRECORDED,
    Json,
    Ranking,
    candidate,
    ranked,
)

TOKYO = ZoneInfo("Asia/Tokyo")
QUESTION = {"code": "month", "words": "In which month was it?"}


def told(monkeypatch: pytest.MonkeyPatch, page: Json, *more: str) -> str:
    """What a person reads of an answer."""
    monkeypatch.setattr(call_search, "client_of", lambda *_: Ranking(page))
    result = run("calls", "find", TEXT, "--zone", "Asia/Tokyo", *more)
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    return result.stdout


def test_each_clue_is_echoed_with_its_words_and_whether_it_narrows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who was misunderstood sees it before he looks at a call."""
    lines = told(monkeypatch, ranked(CONFIRMED)).splitlines()
    cells = [re.split(r" {2,}", line.strip()) for line in lines[1:4]]

    assert cells == [
        ["2026-10-21–2026-10-31 16:00–19:00", "likely: excludes nothing", "10月下旬の夕方"],
        ["agent: 田中 or 中田", "likely: excludes nothing", "田中か中田"],
        ["number ends in 7788", "certain: narrows", "7788"],
    ]
    assert lines[4:6] == [
        "not used: 例の件", "note: this can be read in two ways; both are taken",
    ]  # fmt: skip


def test_every_candidate_says_how_sure_it_is_and_what_each_clue_says_of_it() -> None:
    """A guess is called one, and a confirmed call says by what."""
    first, second = candidate_rows(ranked(CONFIRMED, candidate(verdicts=PARTLY)), TOKYO)

    assert first["sure"] == (
        "confirmed by agent: 田中 or 中田, number ends in 7788; no other call fits as well"
    )
    assert (first["call"], first["agent"]) == (CALL, "田中 真由")
    assert first["started_at"] == "2026-10-29T17:42:10+09:00"
    assert first["burst"] == "2026-10-30T09:12:00+09:00, 2 more"
    assert second["sure"] == "a guess: 62 %"
    assert [second[f"clue {place}"] for place in range(3)] == [
        "nearly fits: 1 day later than told",
        "does not fit: 鈴木 is another name",
        "the source told no number; the carrier's records may tell",
    ]


def test_a_call_that_may_be_another_persons_says_by_what() -> None:
    """However likely the rest makes it; of what is hardly meant nobody asks."""
    likely, hardly = (candidate(against=[2], chance=chance) for chance in (0.99, 0.001))
    told_, not_told = candidate_rows(ranked(likely, hardly), TOKYO)

    assert told_["sure"] == (
        "a guess: 99 %; perhaps another person's call, for this does not fit: number ends in 7788"
    )
    assert not_told["sure"] == "a guess: under 1 %"


def test_why_it_is_most_likely_not_to_be_found_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not four figures alone."""
    gone = {"recorded": 0.2, "not_recorded": 0.1, "destroyed": 0.6, "never": 0.1}
    shown = told(monkeypatch, ranked(DESTROYED, chances=gone))

    assert "Most likely the recording of the call that is meant was destroyed." in shown
    assert "Most likely" not in told(monkeypatch, ranked(candidate()))


def test_what_was_not_recorded_or_is_destroyed_is_a_candidate_with_its_reason() -> None:
    """No recording is no reason to say that there was no call."""
    lost, gone = candidate_rows(ranked(UNRECORDED, DESTROYED), TOKYO)

    assert lost["started_at"] == "2026-10-28T17:10:00+09:00"
    assert lost["state"] == "not recorded: refused: as many calls as may were up"
    assert gone["started_at"] == "within the hour from 2026-10-26T17:00:00+09:00"
    assert (gone["state"], gone["certificate"]) == ("destroyed", 88)
    assert not {"call", "numbers"} & {*lost, *gone}


def test_in_a_pipe_a_candidate_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks for an id with grep finds the verdicts beside it, and no colour."""
    shown = told(monkeypatch, ranked(CONFIRMED, UNRECORDED))
    (line,) = (each for each in shown.splitlines() if CALL in each)

    assert line.startswith("1 ")
    assert "fits: in the time that is told" in line
    assert "fits: the 4 digits are right" in line
    assert "\x1b" not in shown


def test_that_there_are_more_is_said_with_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """And that so many were not even counted."""
    page = ranked(candidate(), next_cursor="c.7", total=5000, is_cut=True)
    shown = told(monkeypatch, page)

    assert "recorded calls that fit well enough: 5,000+\nless likely ones: --cursor c.7" in shown


def test_what_is_not_shown_and_not_listed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that ends is not taken for all that there is."""
    lost = {"total": 1_312, "is_cut": False}
    shown = told(
        monkeypatch, ranked(candidate(), UNRECORDED, DESTROYED, has_less_likely=True, lost=lost)
    )
    older = told(monkeypatch, ranked(UNRECORDED, lost={"total": 1, "is_cut": True}))
    whole = told(monkeypatch, ranked(UNRECORDED, lost={"total": 1, "is_cut": False}))

    assert "may be meant: 1,312; shown, the likeliest: 2." in shown
    assert "Less likely calls are not listed: one more clue tells them apart." in shown
    assert "may be meant: 1+; shown, the likeliest: 1." in older
    assert "the likeliest" not in whole
    assert "not listed" not in whole


def test_an_option_that_cannot_be_read_is_named_and_the_rest_is_answered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nobody thinks that it counted."""
    unread = {"clue": 0, "kind": "length", "words": "nothing of this was understood"}
    page = ranked(candidate(), not_used=[unread])
    shown = told(monkeypatch, page, "--length", "ばなな", "--likely", "length")

    assert "not used: --length: nothing of this was understood" in shown
    assert CALL in shown


def test_a_later_page_numbers_no_candidates(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second "1" would be taken for the best one."""
    shown = told(monkeypatch, ranked(candidate()), "--cursor", "c.7")

    assert "rank" not in shown
    assert CALL in shown


def test_what_helps_stands_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing fits: which clue to drop; what is not known here; what to ask next."""
    drop = {"kind": "drop", "clues": [2], "count": 3, "words": "without “7788”: 3 calls"}
    page = ranked(relaxations=[drop], knows_agents=False, question=QUESTION)

    assert told(monkeypatch, page).splitlines()[-6:] == [
        "no call fits",
        "recorded calls that fit well enough: 0",
        "no recorded call fits all that is certain:",
        "without “7788”: 3 calls",
        "there is no table of agents: names are those that calls told; "
        "rokuon agents import takes one",
        "next question: In which month was it? (nobody knows: --asked month)",
    ]


def test_explained_an_answer_also_has_scores_and_what_is_among_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And how much each clue says; only for who wants to know why the order is so."""
    plain = told(monkeypatch, ranked(candidate()))
    explained = told(monkeypatch, ranked(candidate(verdicts=PARTLY)), "--explain")

    assert "17.2, over a million times as likely as a call at random" in explained
    assert all(each in explained for each in ("+1.0", "-3.5", "agent says"))
    assert "agent: a0 9, a1 8, a2 7, a3 6, a4 5, others 10, not known 2" in explained
    assert not any(each in plain for each in ("17.2", "+4.2", "agent says"))
    assert "a0 9" not in plain


def test_a_facet_of_codes_has_their_words() -> None:
    """Codes are for programs."""
    values = [{"value": "inbound", "count": 4}, {"value": "outbound", "count": 1}]
    none = {"others": 0, "unknown": 0}

    assert facet_told({"kind": "direction", "values": values} | none) == (
        "direction: incoming 4, outgoing 1"
    )


def test_what_became_of_the_call_is_four_chances() -> None:
    """Also that there was none."""
    assert chances_told(ranked()["chances"]) == (
        "recorded 93 %, without a recording 3 %, destroyed under 1 %, never made 4 %"
    )


def test_a_program_gets_the_answer_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of it: histogram, places of words, cursor."""
    page = ranked(CONFIRMED, UNRECORDED, next_cursor="c.7", question=QUESTION)

    assert json.loads(told(monkeypatch, page, "-o", "json")) == page


def test_more_than_a_page_are_asked_for_page_after_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts are those of the first page, the cursor that of the last."""
    monkeypatch.setattr(ranked_search, "PAGE", 2)
    pages = (
        ranked(candidate("1" * 32), candidate("2" * 32), next_cursor="c.2", total=9),
        ranked(candidate("3" * 32), next_cursor="c.3", total=9),
    )
    api = Ranking(*pages)
    monkeypatch.setattr(call_search, "client_of", lambda *_: api)
    result = run("calls", "find", "x", "--zone", "UTC", "--limit", "3", "-o", "json")
    answer = json.loads(result.stdout)

    assert [(each["limit"], each.get("cursor")) for each in api.asked] == [(2, None), (1, "c.2")]
    assert [each["conversation"][0] for each in answer["candidates"]] == ["1", "2", "3"]
    assert (answer["total"], answer["next_cursor"]) == (9, "c.3")


@pytest.mark.parametrize(
    ("status", "code", "exit_code"),
    [(422, "request_invalid", Exit.USAGE), (409, "search_anew", Exit.ERROR)],
)
def test_a_refusal_names_the_option_and_never_what_was_typed_there(
    monkeypatch: pytest.MonkeyPatch, status: int, code: str, exit_code: Exit
) -> None:
    """Of several options one sees which; what was typed may be somebody's number."""
    problem = {
        "code": code,
        "detail": "No.",
        "errors": [
            {"pointer": "/clues/1/value", "detail": "nothing of this was understood"},
            {"pointer": "/text", "detail": "at most 500 characters"},
        ],
    }
    refused = Ranking(ApiRefused(problem, status))
    monkeypatch.setattr(call_search, "client_of", lambda *_: refused)
    typed = ("7788", "--agent", "田中", "--not-happened", "held", "--zone", "UTC")
    error = run("calls", "find", *typed).exception
    assert isinstance(error, ApiRefused)

    assert code_for(error) is exit_code
    assert words_of(error).splitlines() == [
        "No.", "--not-happened: nothing of this was understood", "at most 500 characters",
    ]  # fmt: skip


def test_a_narrow_terminal_has_a_block_for_each_call(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With colour beside the words; without it every word is still there."""
    page = ranked(CONFIRMED, candidate(verdicts=PARTLY))
    rows, styles = candidate_rows(page, TOKYO), ranked_search.candidate_styles(page)
    titles = {"sure": "sure", "call": "call", "clue 0": "clue: when", "clue 1": "clue: agent"}
    shown = {}
    for no_colour in ("", "1"):
        monkeypatch.setattr(output, "_console", lambda: terminal(60))
        monkeypatch.setenv("NO_COLOR", no_colour)
        output.show_whole(rows, titles, styles)
        shown[no_colour] = capsys.readouterr().out

    coloured, plain = shown[""], shown["1"]
    assert "\x1b[33m" in coloured
    assert not re.search("\x1b\\[3[0-9]m", plain)
    lines = [re.sub("\x1b\\[[0-9;]*m", "", line).rstrip() for line in plain.splitlines()]
    assert max(map(len, lines)) <= 60
    assert "clue: when   nearly fits: 1 day later than told" in lines
    assert lines.count("") == 2


def terminal(width: int) -> "output.Console":
    """One that has colours, as wide as that."""
    from rich.console import Console

    return Console(
        width=width, highlight=False, markup=False, force_terminal=True, color_system="standard"
    )


@pytest.fixture(scope="module")
def ranking(site: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Three calls, and the columns by which they are ranked."""
    own = several(tmp_path_factory.mktemp("ranking"), site, 3)
    own.answering()
    with sealed_catalog(own.config) as engine:
        keeper = column_keeper(own.config, engine)
        while keeper.step():
            pass
    return own


@pytest.mark.parametrize(
    "typed",
    [
        ["a call with Tanaka, number ends in 1234"],
        ["田中さんと、末尾1234"],
        ["--agent", "田中", "--number", "1234", "--likely", "all"],
    ],
)
def test_calls_are_ranked_by_what_is_said_in_either_language(
    ranking: Installation, typed: list[str]
) -> None:
    """What the running API answers, not what a test says that it does."""
    calls = {str(each["call"]) for each in found(ranking)}
    asked = run_at(ranking, "calls", "find", *typed, "--zone", "Asia/Tokyo", "-o", "json")
    answer = json.loads(asked.stdout)
    shown = run_at(ranking, "calls", "find", *typed, "--zone", "Asia/Tokyo").stdout

    assert {each["conversation"] for each in answer["candidates"]} == calls
    assert {each["kind"] for each in answer["understood"]} == {"agent", "number"}
    assert all(call in shown for call in calls)
    assert "a guess: " in shown


def test_a_letter_is_pasted_with_its_lines(ranking: Installation) -> None:
    """Greeting, request, number: as it came, in quotes."""
    letter = "お世話になっております。\r\n田中様とお話しした件です。\n\t番号の末尾は1234です。"
    asked = run_at(ranking, "calls", "find", letter, "--zone", "Asia/Tokyo", "-o", "json")

    assert {each["kind"] for each in json.loads(asked.stdout)["understood"]} == {"agent", "number"}


def test_the_calls_after_one_that_is_named_come_by_how_near_they_are(
    ranking: Installation,
) -> None:
    """The one before it nearly fits, and is there all the same."""
    first, second, third = sorted(str(each["call"]) for each in found(ranking))
    asked = ("--likely", "after", "--zone", "Asia/Tokyo")
    after_first = run_at(ranking, "calls", "find", "--after", first, *asked, "-o", "json")
    after_second = run_at(ranking, "calls", "find", "--after", second, *asked, "-o", "json")
    shown = run_at(ranking, "calls", "find", "--after", second, *asked).stdout

    def told(output: str) -> list[tuple[str, str]]:
        candidates = json.loads(output)["candidates"]
        return [(each["conversation"], each["verdicts"][0]["verdict"]) for each in candidates]

    assert told(after_first.stdout) == [(second, "match"), (third, "match")]
    assert told(after_second.stdout) == [(third, "match"), (first, "near")]
    assert "nearly fits: " in shown


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "no call fits both “before the call {call}” and “after the call {call}”"),
        ("ja", "「この通話の前: {call}」と「この通話の後: {call}」の両方に合う通話はありません"),
    ],
)
def test_which_two_certain_options_exclude_each_other_is_said(
    ranking: Installation, language: str, told: str
) -> None:
    """In the words in which each was understood; there is a call on either side of that one."""
    _, second, _ = sorted(str(each["call"]) for each in found(ranking))
    i18n.speak(language)
    try:
        typed = ("--before", second, "--after", second, "--zone", "Asia/Tokyo")
        shown = run_at(ranking, "calls", "find", *typed).stdout
    finally:
        i18n.speak("en")

    assert told.format(call=second) in shown


def test_nothing_understood_is_a_usage_error_with_examples(ranking: Installation) -> None:
    """And the text stands in none of it."""
    refused = run_at(ranking, "calls", "find", "?!?!", "--zone", "Asia/Tokyo").exception
    assert isinstance(refused, ApiRefused)

    assert code_for(refused) is Exit.USAGE
    assert "write for example: " in words_of(refused)
    assert "?!?!" not in words_of(refused)


def test_where_columns_are_not_made_yet_it_is_said_when_to_ask_again(
    site: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Exit 1: asking again helps, another question does not."""
    bare = several(tmp_path_factory.mktemp("bare"), site, 1)
    away = run_at(bare, "calls", "find", "1234", "--zone", "Asia/Tokyo").exception
    assert isinstance(away, ApiRefused)

    assert (away.status, away.code, code_for(away)) == (503, "columns_not_ready", Exit.ERROR)
    assert re.search(r"try again in \d+ s$", words_of(away))
