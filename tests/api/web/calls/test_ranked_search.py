"""Calls ranked over HTTP: what a person remembers goes in, the call comes out."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rokuon.messages.i18n import words_in
from tests.api.examples import CALL, Scene, scene, window
from tests.archive.catalog.examples import STARTED_US, adopt, adoption, inbound
from tests.support.catalog.linking import outbound

HOUR_US = 3_600_000_000
TEXT = "10月29日の夕方、田中さん、下4桁7788"
ZONED = {"zone": "Asia/Tokyo", "as_of": "2026-11-24T10:00:00+09:00"}


def adopt_others(it: Scene) -> None:
    """Nine calls of other numbers in the days before, then what all are ranked by."""
    for number in range(2, 11):
        began_us = STARTED_US - number * 7 * HOUR_US
        customer = f"sip:+8131234{number:04}@carrier.example"
        adopt(it.engine, adoption(number + 10, inbound(began_us, customer=customer)))
    it.make_columns()


async def ask(it: Scene, language: str = "en", **body: object) -> Any:
    """What is answered."""
    headers = {"Accept-Language": language}
    answer = await it.client.post("/calls/search", json={**ZONED, **body}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    ("language", "echo", "verdict"),
    [("en", "number ends in 7788", "fits: "), ("ja", "番号の末尾 7788", "一致")],
)
async def test_a_sentence_finds_the_call_and_says_why(
    tmp_path: Path, language: str, echo: str, verdict: str
) -> None:
    """In the language of who reads the answer; the journal has clues, and not what was typed."""
    async with scene(tmp_path, words=words_in) as it:
        adopt_others(it)
        answer = await ask(it, language, text=TEXT)
        asked, shown = it.journal()

    assert answer["calls"] == []
    first = answer["ranked"]["candidates"][0]
    assert [each["recording"] for each in first["calls"]] == [CALL]
    assert first["calls"][0]["started_at"] == "2026-10-29T17:42:10+09:00"
    kinds = {each["kind"]: each["words"] for each in answer["ranked"]["understood"]}
    assert set(kinds) == {"when", "agent", "number"}
    assert kinds["number"] == echo
    assert {each["verdict"] for each in first["verdicts"]} == {"match"}
    assert all(each["words"].startswith(verdict) for each in first["verdicts"])
    assert (asked.action, shown.action) == ("searched", "found")
    assert "number …7788" in asked.detail["clues"]  # type: ignore[operator]
    assert TEXT[:9] not in repr(asked)


@pytest.mark.parametrize(
    ("language", "text", "denied", "words"),
    [
        (
            "en", "7788, not about cancelling", "not about cancelling",
            "“not about cancelling” is said not to be; not used",
        ),
        (
            "ja", "下4桁7788、解約の件ではない", "解約の件ではない",
            "「解約の件ではない」はそうではないという話なので、使いませんでした",
        ),
    ],
)  # fmt: skip
async def test_what_is_said_not_to_be_is_never_looked_for(
    tmp_path: Path, language: str, text: str, denied: str, words: str
) -> None:
    """The opposite of what was told would be shown as found."""
    async with scene(tmp_path, words=words_in) as it:
        adopt_others(it)
        ranked = (await ask(it, language, text=text))["ranked"]

    assert [each["kind"] for each in ranked["understood"]] == ["number"]
    assert [each["text"] for each in ranked["unused"]] == [denied]
    assert ranked["notes"] == [words]


@pytest.mark.parametrize(
    ("language", "echoes", "note", "verdict"),
    [
        (
            "en", {"number ends in 2001", "extension 2001"},
            "“2001” may be an extension or an id, or the end of a number; each is taken",
            "not so; perhaps it is not what was meant",
        ),
        (
            "ja", {"番号の末尾 2001", "内線 2001"},
            "「2001」は内線や応対者のID、番号の末尾のどれとも読めるので、それぞれで探します",
            "そうではありません。別の意味で言われたのかもしれません",
        ),
    ],
)  # fmt: skip
async def test_digits_that_may_be_an_extension_or_a_number_are_looked_for_as_both(
    tmp_path: Path, language: str, echoes: set[str], note: str, verdict: str
) -> None:
    """The call of the extension is first, and by the other reading it is no other person's."""
    async with scene(tmp_path, words=words_in) as it:
        adopt_others(it)
        ranked = (await ask(it, language, text="10/29 17:42 2001"))["ranked"]

    first = ranked["candidates"][0]
    found = dict(
        zip([each["words"] for each in ranked["understood"]], first["verdicts"], strict=True)
    )
    assert echoes <= set(found)
    assert ranked["notes"] == [note]
    assert {each["verdict"] for each in found.values()} == {"match", "unknown"}
    assert any(verdict in each["words"] for each in first["verdicts"])
    assert first["against"] == []


async def test_each_clue_in_a_field_of_its_own_finds_it_too(tmp_path: Path) -> None:
    """As the evaluation asks, and a form does."""
    clues = [
        {"kind": "when", "value": "10月下旬の夕方", "likely": True},
        {"kind": "agent", "value": "中田か田中", "likely": True},
        {"kind": "number", "value": "下4桁が7788", "likely": True},
        {"kind": "length", "value": "10分くらい", "likely": True},
    ]
    async with scene(tmp_path) as it:
        adopt_others(it)
        ranked = (await ask(it, clues=clues))["ranked"]

    assert [each["recording"] for each in ranked["candidates"][0]["calls"]] == [CALL]
    assert [each["kind"] for each in ranked["understood"]] == ["when", "agent", "number", "length"]
    assert sum(ranked["chances"].values()) == pytest.approx(1, abs=1e-5)


async def test_a_window_narrows_a_ranking_and_what_does_not_fit_may_be_dropped(
    tmp_path: Path,
) -> None:
    """Two certain clues that exclude each other are named, and no refusal."""
    far = window("2026-10-27T00:00:00+09:00", "2026-10-28T00:00:00+09:00")
    certain = {"kind": "number", "value": "7788"}
    async with scene(tmp_path) as it:
        adopt_others(it)
        within = (await ask(it, text="田中さん", window=far))["ranked"]
        none = (await ask(it, text="田中さん", window=far, clues=[certain]))["ranked"]

    assert within["candidates"]
    assert CALL not in str(within)
    assert none["candidates"] == []
    assert none["understood"][-1]["certain"]
    assert [each["kind"] for each in none["relaxations"]] == ["excluding", "drop", "drop"]


async def test_a_cursor_leads_on_and_is_refused_for_another_search(tmp_path: Path) -> None:
    """409 and a code that says what to do."""
    async with scene(tmp_path, words=words_in) as it:
        adopt_others(it)
        first = await ask(it, text=TEXT, limit=4)
        second = await ask(it, text=TEXT, limit=4, cursor=first["next_cursor"])
        body = {**ZONED, "text": "下4桁0003", "cursor": first["next_cursor"]}
        answer = await it.client.post("/calls/search", json=body, headers={"Accept-Language": "ja"})

    pages = [
        {each["conversation"] for each in page["ranked"]["candidates"]} for page in (first, second)
    ]
    assert [len(each) for each in pages] == [4, 4]
    assert not pages[0] & pages[1]
    assert (answer.status_code, answer.json()["code"]) == (409, "search_anew")
    assert not answer.json()["detail"].isascii()


async def test_what_is_not_made_yet_answers_nothing_and_says_how_far_it_is(tmp_path: Path) -> None:
    """A list needs none of it."""
    async with scene(tmp_path) as it:
        answer = await it.client.post("/calls/search", json={**ZONED, "text": TEXT})
        listed = await it.client.post("/calls/search", json={"window": window()})

    assert (answer.status_code, answer.json()["code"]) == (503, "columns_not_ready")
    assert answer.headers["Retry-After"] == "10"
    assert "0 of 1 months" in answer.json()["detail"]
    assert listed.status_code == 200


async def test_what_a_text_says_besides_is_shown_as_not_used(tmp_path: Path) -> None:
    """A day that is none is named, the rest used."""
    text = "急いでいます。2月30日、下4桁7788"
    async with scene(tmp_path) as it:
        it.make_columns()
        ranked = (await ask(it, text=text))["ranked"]

    assert "there is no such day" in " ".join(ranked["notes"])
    assert ranked["candidates"][0]["calls"][0]["recording"] == CALL
    assert ranked["unused"]
    assert all(each["text"] == text[each["begin"] : each["end"]] for each in ranked["unused"])


@pytest.mark.parametrize(("language", "near"), [("en", "nearly fits: "), ("ja", "ほぼ一致: ")])
async def test_the_call_after_one_that_is_named_is_ranked_by_how_near_it_is(
    tmp_path: Path, language: str, near: str
) -> None:
    """A call before it is no match, and is there all the same; the one that is named is not."""
    customer, day_us = "sip:+81312347788@carrier.example", 24 * HOUR_US
    days = {30: 1, 31: 6, 32: 20, 33: -1}
    async with scene(tmp_path, words=words_in) as it:
        for number, away in days.items():
            began_us = STARTED_US + away * day_us
            adopt(it.engine, adoption(number, inbound(began_us, customer=customer)))
        adopt_others(it)
        after = {"kind": "beside", "value": CALL, "side": "after"}
        likely = await ask(it, language, clues=[{**after, "likely": True}])
        certain = await ask(it, language, clues=[after])

    def days_of(answer: Any) -> list[int]:
        began = (each["calls"][0]["started_at"][:10] for each in answer["ranked"]["candidates"])
        return [(date.fromisoformat(each) - date(2026, 10, 29)).days for each in began]

    assert days_of(likely)[:4] == [1, 6, 20, -1]
    told = [each["verdicts"][0] for each in likely["ranked"]["candidates"]]
    assert [each["verdict"] for each in told[:4]] == ["match", "match", "match", "near"]
    assert told[3]["words"].startswith(near)
    assert days_of(certain) == [1, 6, 20]
    assert CALL not in [each["conversation"] for each in likely["ranked"]["candidates"]]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "no call fits both “number ends in 7788” and “we called”"),
        ("ja", "「番号の末尾 7788」と「こちらからの電話」"),
    ],
)
async def test_which_two_certain_clues_exclude_each_other_is_said(
    tmp_path: Path, language: str, told: str
) -> None:
    """As they were understood, by their places; each of them fits some call."""
    clues = [
        {"kind": "agent", "value": "田中", "likely": True},
        {"kind": "number", "value": "7788"},
        {"kind": "direction", "value": "outbound"},
    ]
    other = "sip:+81698765432@carrier.example"
    async with scene(tmp_path, words=words_in) as it:
        began_us = STARTED_US + 30 * HOUR_US
        adopt(it.engine, adoption(40, outbound(began_us, customer=other)))
        adopt_others(it)
        answer = await ask(it, language, clues=clues)

    excluding, *drops = answer["ranked"]["relaxations"]
    assert (excluding["kind"], excluding["clues"]) == ("excluding", [1, 2])
    assert told in excluding["words"]
    assert sorted(each["clues"][0] for each in drops) == [1, 2]
    assert answer["ranked"]["candidates"] == []


UNREADABLE = {"kind": "length", "value": "ばなな"}
NUMBER = {"kind": "number", "value": "7788", "likely": True}


async def test_a_likely_clue_that_cannot_be_read_is_named_and_the_rest_is_used(
    tmp_path: Path,
) -> None:
    """By its place in what was sent; a clue that is behind it keeps its own."""
    agent = {"kind": "agent", "value": "田中", "likely": True}
    async with scene(tmp_path, words=words_in) as it:
        adopt_others(it)
        clues = [NUMBER, {**UNREADABLE, "likely": True}, agent]
        answer = await ask(it, clues=clues)
        rest = await ask(it, clues=[NUMBER, agent])
        texts = await ask(it, "ja", text="7788", clues=[{**UNREADABLE, "likely": True}])

    (unread,) = answer["ranked"].pop("not_used")
    assert (unread["clue"], unread["kind"]) == (1, "length")
    assert unread["words"].startswith("nothing of this was understood; write for example")
    assert rest["ranked"].pop("not_used") == []
    for each in (answer, rest):
        each["ranked"].pop("next_cursor")
        each.pop("next_cursor")
    assert answer == rest
    assert [each["kind"] for each in texts["ranked"]["understood"]] == ["number"]
    assert texts["ranked"]["not_used"][0]["words"].startswith("内容を読み取れませんでした")


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"clues": [NUMBER, UNREADABLE]}, "/clues/1/value"),
        ({"text": "7788", "clues": [UNREADABLE]}, "/clues/0/value"),
        ({"clues": [{**UNREADABLE, "likely": True}]}, "/clues/0/value"),
        ({"text": "それはそれは", "clues": [{**UNREADABLE, "likely": True}]}, "/text"),
        ({"text": "それはそれは"}, "/text"),
    ],
)
async def test_a_certain_clue_that_cannot_be_read_and_nothing_understood_are_refused(
    tmp_path: Path, body: dict[str, object], pointer: str
) -> None:
    """A script gets no more calls than it asked for."""
    async with scene(tmp_path, words=words_in) as it:
        adopt_others(it)
        answer = await it.client.post("/calls/search", json={**ZONED, **body})

    assert answer.status_code == 422
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == pointer
    assert "write for example" in fault["detail"]


async def test_who_may_not_search_is_refused_a_ranking(tmp_path: Path) -> None:
    async with scene(tmp_path) as it:
        it.make_columns()
        nobody = it.token()
        body = {**ZONED, "text": TEXT}
        answer = await it.client.post("/calls/search", json=body, headers=nobody)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("cookie", "note"),
    [
        ("", "times are read by Asia/Tokyo, the zone of the site"),
        ("rokuon-zone=Europe/London", "times are read by Europe/London, your own zone"),
    ],
)
async def test_a_text_without_a_zone_is_read_by_a_zone_that_is_named(
    tmp_path: Path, cookie: str, note: str
) -> None:
    """It was refused; now whoever reads the answer sees by which clock it was read."""
    async with scene(tmp_path, words=words_in) as it:
        adopt_others(it)
        headers = {"Cookie": cookie}
        answer = await it.client.post("/calls/search", json={"text": TEXT}, headers=headers)

    assert answer.status_code == 200, answer.text
    assert answer.json()["ranked"]["notes"][0] == note
    assert note.split()[4].rstrip(",") == answer.json()["zone"]
