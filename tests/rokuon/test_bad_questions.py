"""What cannot be meant so, at the command and on the page: it is named, and the rest is used."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from html import unescape
from urllib.parse import quote

import httpx2
import pytest

from rokuon.cli.terminal.exits import Exit, code_for
from rokuon.machine.api_client import ApiRefused
from rokuon.messages.error_words import words_of
from rokuon.messages.i18n import speak
from tests.support.locate.staff_desk import Desk, desk
from tests.support.locate.staff_worlds import WORLDS

LANGUAGES = ("en", "ja")
# Ends in 7788, as one of three days before does.
CALLED = "2026-10-29T17:42:10+09:00"
EXAMPLE = {"en": "number ends in 7788", "ja": "番号の末尾7788"}


@pytest.fixture(scope="module")
def here() -> Iterator[Desk]:
    """Where one asks in Japan."""
    with desk(WORLDS["ja"]) as made:
        yield made


@pytest.fixture(scope="module")
def others() -> Iterator[dict[str, Desk]]:
    """One without a table of agents, one that cannot be searched yet."""
    few = {**WORLDS["ja"], "calls": WORLDS["ja"]["calls"][:3]}
    with ExitStack() as open_:
        yield {
            "no table": open_.enter_context(desk(few, has_agents=False)),
            "no columns": open_.enter_context(desk(few, has_columns=False)),
        }


def read(markup: str) -> str:
    """What is read on a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", markup)).split())


def articles(page: httpx2.Response) -> list[str]:
    """The candidates, in their order."""
    return re.findall(r"<article.*?</article>", page.text, re.DOTALL)


def rows(shown: str) -> list[str]:
    """The candidates of the command."""
    return re.findall(r"^\d+ .*$", shown, re.MULTILINE)


def refused(at: Desk, *typed: str, language: str = "en") -> tuple[Exit, str]:
    """How the command ends, and what it says."""
    error = at.find(*typed, language=language).exception
    assert isinstance(error, ApiRefused)
    speak(language)
    try:
        return code_for(error), words_of(error)
    finally:
        speak("en")


ODD = [
    (
        "2月30日、下4桁7788",
        "there is no such day or time: 2月30日",
        "この日時はありません: 2月30日",
    ),
    (
        "13月5日、下4桁7788",
        "there is no such day or time: 13月5日",
        "この日時はありません: 13月5日",
    ),
    ("10/29(月)、下4桁7788", "2026-10-29 is another weekday", "2026-10-29 の曜日が違います"),
    ("25:70、下4桁7788", "there is no such day or time: 25:70", "この日時はありません: 25:70"),
    ("2/30 7788", "there is no such day or time: 2/30", "この日時はありません: 2/30"),
    (
        "来年の3月、下4桁7788",
        "“来年の3月” is still to come; not used",
        "「来年の3月」はまだ来ていません",
    ),
    (
        "今週の日曜ではない、下4桁7788",
        "“今週の日曜ではない” says when it was not",
        "「今週の日曜ではない」",
    ),
    ("3/4、下4桁7788", "can be read in two ways; both are taken", "二通りに読めます"),
    ("7時ごろ、下4桁7788", "can be read in two ways; both are taken", "二通りに読めます"),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("text", "english", "japanese"), ODD)
def test_what_is_odd_is_named_and_the_rest_is_used(
    here: Desk, text: str, english: str, japanese: str, language: str
) -> None:
    """The number alone leads to two calls, and either may be meant."""
    said = english if language == "en" else japanese
    shown = here.find(text, language=language).stdout
    page = here.page_of(language, text=text)

    assert said in shown
    assert said in read(page.text)
    assert CALLED in "".join(rows(shown)[:2])
    assert f'datetime="{CALLED}"' in "".join(articles(page)[:2])


@pytest.mark.parametrize(("text", "both"), [("3/4", ("2026-03-04", "2026-04-03")),
                                            ("7時", ("06:45", "18:45"))])  # fmt: skip
def test_both_readings_are_echoed(here: Desk, text: str, both: tuple[str, str]) -> None:
    """In the text, and under its field."""
    shown, page = here.find(text).stdout, here.page_of(when=text)
    (echo,) = re.findall(r'<p class="echo".*?</p>', page.text, re.DOTALL)

    assert all(each in shown for each in both)
    assert all(each in read(echo) for each in both)


@pytest.mark.parametrize("day", ["2月30日", "2/30"])
def test_a_day_that_is_none_is_nothing_that_the_call_was_about(here: Desk, day: str) -> None:
    """It is named; in a field of its own the other fields are used."""
    text = f"{day}、下4桁7788"
    shown = here.find(text).stdout
    in_field = here.find("--when", day, "--number", "7788").stdout
    page = here.page_of(when=day, number="7788")

    assert f"note: there is no such day or time: {day}" in shown
    assert "about:" not in shown
    assert f"note: there is no such day or time: {day}" in in_field
    assert CALLED in "".join(rows(in_field)[:2])
    assert f"there is no such day or time: {day}" in read(page.text)
    assert "= no time was understood" in read(page.text)
    assert CALLED in "".join(articles(page)[:2])


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2/30", {"en": "there is no such day", "ja": "その日は暦にありません"}),
        ("2199/3/1", {"en": "that time is still to come", "ja": "その日時はまだ来ていません"}),
    ],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_time_that_is_none_and_nothing_else_is_refused_by_that(
    here: Desk, language: str, day: str, said: dict[str, str]
) -> None:
    """As a usage error at the command, beside the field on the page."""
    for typed, option in (((day,), ""), (("--when", day), "--when: ")):
        code, words = refused(here, *typed, language=language)
        assert code is Exit.USAGE
        assert f"{option}{said[language]}" in words
    page = here.page_of(language, when=day)
    assert page.status_code == 422
    assert 'id="understood"' not in page.text
    wrong = page.text.partition('id="clue-when-wrong"')[2].partition("</p>")[0]
    assert said[language] in read(wrong)


def test_a_time_to_come_counts_for_no_call(here: Desk) -> None:
    """Alone in its field it changes nothing of what the others give."""
    beside = here.find("--when", "2199/3/1", "--likely", "all", "--number", "7788").stdout
    alone = here.find("--likely", "all", "--number", "7788").stdout
    sure = re.compile(r"a guess: \d+ %|[0-9a-f]{32}")

    assert [sure.findall(each) for each in rows(beside)] == [
        sure.findall(each) for each in rows(alone)
    ]
    assert rows(alone)


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_that_nothing_is_made_of_are_shown_as_not_used(here: Desk, language: str) -> None:
    """So that nobody thinks that they counted."""
    text = "10月下旬、女性の方、下4桁7788"
    said = {"en": "not used: 女性", "ja": "使わなかった語: 女性"}[language]
    on_page = {"en": "Not used: “女性”", "ja": "使わなかった部分: “女性”"}[language]

    assert said in here.find(text, language=language).stdout
    assert on_page in read(here.page_of(language, text=text).text)


REFUSED = [
    (("?!?!",), {"text": "?!?!"}, None),
    (("あ" * 501,), {"text": "あ" * 501}, {"en": "at most 500", "ja": "500 文字"}),
    (("7788\x07",), {"text": "7788\x07"},
     {"en": "it holds characters that cannot be shown", "ja": "表示できない文字"}),
    (("7788", "--queue", "解\x1b約"), {"text": "7788", "queue": "解\x1b約"},
     {"en": "it holds characters that cannot be shown", "ja": "表示できない文字"}),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("typed", "fields", "said"), REFUSED)
def test_what_cannot_be_read_is_refused_with_what_helps(
    here: Desk,
    typed: tuple[str, ...],
    fields: dict[str, str],
    said: dict[str, str] | None,
    language: str,
) -> None:
    """With an example where nothing was understood; and never with what was typed."""
    wanted = (said or EXAMPLE)[language]
    code, words = refused(here, *typed, language=language)
    page = here.page_of(language, **fields)

    assert code is Exit.USAGE
    assert wanted in words
    assert typed[-1] not in words
    assert page.status_code == 422
    assert wanted in read(page.text.partition('id="errors"')[2].partition("</ul>")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_field_that_is_not_understood_is_named_and_the_page_answers_by_the_rest(
    here: Desk, language: str
) -> None:
    """The option of the command is certain: what it narrows to cannot be left out."""
    code, words = refused(here, "7788", "--length", "たくさん", language=language)
    page = here.page_of(language, text="7788", length="たくさん")
    alone = here.page_of(language, text="7788")

    assert (code, page.status_code) == (Exit.USAGE, 200)
    assert EXAMPLE[language] in words
    assert EXAMPLE[language] in read(page.text.partition('id="clue-length-wrong"')[2])
    assert page.text.count("<article") == alone.text.count("<article") > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_more_than_twelve_clues_are_too_many(here: Desk, language: str) -> None:
    """Nobody is asked for so many; both ways say how many there may be."""
    said = {"en": "at most 12 ", "ja": " 12 "}[language]
    typed = [part for _ in range(13) for part in ("--not", "0" * 32)]
    page = here.see("/calls?text=7788" + "".join(f"&gist={n}000" for n in range(13)), language)

    answer = here.find("7788", *typed, language=language)
    assert answer.exit_code == Exit.USAGE
    assert " 12 " in answer.output
    assert page.status_code == 422
    assert said in read(page.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_certain_clues_that_exclude_each_other_are_named_both(here: Desk, language: str) -> None:
    """And what each would give without the other, as a link whose count comes true."""
    said = {
        "en": "no call fits both “2026-10-30{zone}” and “number ends in 7788”",
        "ja": "「2026-10-30{zone}」と「番号の末尾 7788」の両方に合う通話はありません",
    }[language]
    shown = here.find("--number", "7788", "--when", "2026-10-30", language=language).stdout
    page = here.see("/calls?text=&number=7788&when=2026-10-30&sure=number&sure=when", language)
    found = page.text.partition('id="relaxed"')[2].partition("</ul>")[0]
    links = re.findall(r'<a href="([^"]*)">(.*?)</a>', found, re.DOTALL)

    assert "2026-10-30" in shown
    assert "7788" in shown.partition(":\n")[2]
    assert said.format(zone=" JST") in read(found)
    assert len(links) == 2
    for address, told in links:
        (count,) = re.findall(r": (\d+)", told)
        followed = here.see(unescape(address), language)
        assert len(articles(followed)) >= int(count)
        heading = followed.text.partition('<h2 id="candidates">')[2].partition("</h2>")[0]
        assert read(heading).split()[-1] == count


def test_with_likely_clues_beside_it_a_dropped_clue_gives_what_is_said(here: Desk) -> None:
    """Those that fit well enough are counted, not all that the certain clues leave."""
    address = "/calls?text=&number=09012347788&queue=契約&when=2026-09-30&sure=when&sure=queue"
    page = here.see(address)
    found = page.text.partition('id="relaxed"')[2].partition("</ul>")[0]
    for link, told in re.findall(r'<a href="([^"]*)">(.*?)</a>', found, re.DOTALL):
        heading = here.see(unescape(link)).text.partition('<h2 id="candidates">')[2]
        (count,) = re.findall(r": (\d+)", told)
        assert read(heading.partition("</h2>")[0]).split()[-1] == count
    assert "<a " in found


def test_a_page_of_another_search_is_begun_anew(here: Desk) -> None:
    """At the command by a code, on the page by a link."""
    shown = here.find("田中さん").stdout
    (cursor,) = re.findall(r"--cursor (\S+),", shown)
    code, words = refused(here, "中田さん", "--cursor", cursor)
    page = here.see(f"/calls?text={quote('中田さん')}&cursor={quote(cursor)}")

    assert code is Exit.ERROR
    assert "anew" in words
    assert page.status_code == 409
    assert "Start over" in read(page.text)
    assert articles(page) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_it_can_be_searched_it_is_said_how_far_that_is(
    others: dict[str, Desk], language: str
) -> None:
    """With when to ask again."""
    said = {"en": "0 of 1 months", "ja": "1 か月分のうち 0 か月分"}[language]
    code, words = refused(others["no columns"], "7788", language=language)
    page = others["no columns"].page_of(language, text="7788")

    assert code is Exit.ERROR
    assert said in words
    assert re.search(r"try again in \d+ s|\d+ 秒", words)
    assert page.status_code == 503
    assert page.headers["Retry-After"] == "3"
    assert said in read(page.text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_no_table_of_agents_it_is_said(
    others: dict[str, Desk], language: str
) -> None:
    """Names are those that the calls told, which is less."""
    said = {"en": "here is no table of agents", "ja": "応対者の表がありません"}[language]

    assert said in others["no table"].find("田中さん 7788", language=language).stdout
    assert said in read(others["no table"].page_of(language, text="田中さん 7788").text)


def test_an_unknown_zone_is_refused(here: Desk) -> None:
    """The page takes its zone from who is signed in."""
    answer = here.find("7788", "--zone", "Mars/Olympus")

    assert answer.exit_code == Exit.USAGE
    assert "no time zone is called Mars/Olympus" in answer.output
