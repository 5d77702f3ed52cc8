"""One question with two forms of answer: which body is of which, and what each refuses."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st
from pydantic import TypeAdapter, ValidationError

from api.locate.question import LocateQuery, TypedClue
from api.web.calls.question_body import QuestionBody
from api.web.calls.ranked_bodies import RankedSearchBody
from api.web.http.models import AllTimesSearchBody, SearchBody
from archive.locate.answer.question import Question
from archive.locate.clues import KINDS, AgentClue, Clue, LengthClue
from rokuon.messages.i18n import words_in
from tests.api.examples import scene, window

TOKYO = ZoneInfo("Asia/Tokyo")
QUESTION: TypeAdapter[SearchBody | AllTimesSearchBody | RankedSearchBody] = TypeAdapter(
    QuestionBody
)
LONG = "あ" * 501


def ranked(**body: Any) -> LocateQuery:
    """The question that a body of a ranking is."""
    read = QUESTION.validate_python({"zone": "Asia/Tokyo", **body})
    assert isinstance(read, RankedSearchBody)
    return read.query(TOKYO)


def outcome(read: Any, body: object) -> object:
    """What a body is read as, or its errors, each with its place."""
    try:
        return read(body)
    except ValidationError as refused:
        return [(each["type"], each["loc"], each["msg"]) for each in refused.errors()]


VALUES = st.sampled_from(["", "x", "7788", "12", "inbound", "none", "\x00", 1, None, True, ["x"]])
LISTED = st.sampled_from(
    ["agent", "agents", "customer", "number", "direction", "duration", "id", "notice", "route",
     "queue", "tag", "purpose", "controller", "mood", "", None, 3]
)  # fmt: skip
OLD_CLUE = st.fixed_dictionaries(
    {}, optional={"kind": LISTED, "value": VALUES, "values": st.lists(VALUES, max_size=9),
                  "told_as": VALUES, "min_ms": st.integers(-1, 9), "extra": VALUES}
)  # fmt: skip
OLD_BODY = st.fixed_dictionaries(
    {},
    optional={
        "window": st.one_of(
            VALUES, st.sampled_from([window(), window(zone=""), window(start="x"), {}])
        ),
        "clues": st.one_of(VALUES, st.lists(st.one_of(OLD_CLUE, VALUES), max_size=13)),
        "limit": st.one_of(VALUES, st.integers(-1, 501)),
        "cursor": st.one_of(VALUES, st.just("x" * 65)),
        "zone": VALUES, "as_of": VALUES, "asked": VALUES, "queue": VALUES,
    },
)  # fmt: skip


# Which a list has where it has no window, and had not then.
def has_no_zone_alone(body: object) -> bool:
    """A body of then."""
    return not isinstance(body, dict) or "zone" not in body or body.get("window") is not None


@given(st.one_of(VALUES, OLD_BODY).filter(has_no_zone_alone))
def test_a_body_of_before_there_were_rankings_is_read_and_refused_as_then(body: object) -> None:
    """Scripts and a supervisor's list stay as they are, mistakes and all."""
    assert outcome(QUESTION.validate_python, body) == outcome(SearchBody.model_validate, body)


def test_that_a_clue_is_not_only_likely_may_be_said_in_a_list() -> None:
    """It is what is meant where nothing is said; so is no text."""
    clue = {"kind": "agent", "value": "田中"}
    said = {"window": window(), "text": "", "clues": [{**clue, "likely": False}]}

    assert QUESTION.validate_python(said) == SearchBody.model_validate(
        {"window": window(), "clues": [clue]}
    )


ALIKE = ("agent", "number", "direction", "queue", "customer", "id")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_clue_has_its_field_and_is_read_as_it_was_typed(kind: str) -> None:
    """One that lists know narrows and ranks nothing, until something is likely."""
    side = {"side": "after"} if kind == "beside" else {}
    clue = {"kind": kind, "value": "田中 か 中田", **side}
    likely = ranked(clues=[{**clue, "likely": True}])
    body = {"window": window(), "clues": [clue]}
    if kind != "direction":
        is_listed = isinstance(QUESTION.validate_python(body), SearchBody)
        assert is_listed == (kind in ALIKE)

    assert likely.clues == (
        TypedClue(kind=kind, value="田中 か 中田", likely=True, side=side.get("side", "before")),
    )


def test_what_only_lists_had_is_a_clue_of_a_ranking_where_it_can_be() -> None:
    """Whoever adds a text to a list need not learn other clues."""
    clues = [
        {"kind": "tag", "value": "vip"},
        {"kind": "agents", "values": ["田中", "中田"]},
        {"kind": "duration", "min_ms": 60_000, "max_ms": 120_000, "likely": True},
        {"kind": "happened", "value": "transferred", "was": False, "likely": True},
    ]

    assert ranked(text="10月", clues=clues).clues == (
        TypedClue(kind="gist", value="vip"),
        Clue(value=AgentClue(("田中", "中田")), certain=True),
        Clue(value=LengthClue(min_ms=60_000, max_ms=120_000)),
        TypedClue(kind="happened", value="transferred", likely=True, was=False),
    )


def test_the_zone_of_a_window_is_that_of_the_answer() -> None:
    """One zone alone is read and shown."""
    both = ranked(text="昨日", window=window(zone="Europe/London"), as_of="2026-10-31T09:00:00Z")

    assert both.zone == ZoneInfo("Europe/London")
    assert both.window is not None
    assert both.as_of == datetime(2026, 10, 31, 9, tzinfo=UTC)
    assert ranked(text="昨日", zone="UTC").zone == ZoneInfo("UTC")
    assert ranked(text="昨日").window is None


def test_what_was_asked_already_a_page_and_its_cursor_are_handed_on() -> None:
    query = ranked(text="昨日", asked=["month", "surname"], limit=3, cursor="A" * 68)

    assert query.asked == (Question.MONTH, Question.SURNAME)
    assert (query.limit, query.cursor) == (3, "A" * 68)


ZONED: Mapping[str, object] = {"zone": "Asia/Tokyo"}
LIKELY: Mapping[str, object] = {"kind": "queue", "value": "解約", "likely": True}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": "昨日", "zone": "Mars/Olympus"}, "/zone"),
        ({"text": "昨日", "zone": "localtime"}, "/zone"),
        ({"text": "昨日", "window": window(zone="Mars/Olympus")}, "/window/zone"),
        ({"text": LONG, **ZONED}, "/text"),
        ({"text": "昨日\x07", **ZONED}, "/text"),
        ({"text": None, **ZONED}, "/text"),
        ({"text": "ああ", **ZONED}, "/text"),
        ({"text": "昨日", "as_of": "2026-10-31", **ZONED}, "/as_of"),
        ({"text": "昨日", "asked": ["shoe_size"], **ZONED}, "/asked/0"),
        ({"text": "昨日", "cursor": "nonsense", **ZONED}, "/cursor"),
        ({"text": "昨日", "cursor": "x" * 121, **ZONED}, "/cursor"),
        ({"text": "昨日", "queue": "解約", **ZONED}, "/queue"),
        ({"clues": [LIKELY] * 13, **ZONED}, "/clues"),
        ({"text": "10月の夕方", "clues": [LIKELY] * 12, **ZONED}, "/text"),
        ({"clues": [{**LIKELY, "likely": "yes"}], **ZONED}, "/clues/0/queue/likely"),
        ({"clues": [{**LIKELY, "value": LONG}], **ZONED}, "/clues/0/queue/value"),
        ({"clues": [{**LIKELY, "kind": "when"}], **ZONED}, "/clues/0/value"),
        ({"clues": [LIKELY, {"kind": "notice", "value": "none"}], **ZONED}, "/clues/1"),
        ({"clues": [LIKELY, {"kind": "route", "value": "main"}], **ZONED}, "/clues/1"),
        ({"clues": [LIKELY, {"kind": "purpose", "value": "quality"}], **ZONED}, "/clues/1"),
        ({"clues": [LIKELY, {"kind": "controller", "value": "B"}], **ZONED}, "/clues/1"),
        (
            {"clues": [LIKELY, {"kind": "number", "value": "7788", "told_as": "caller"}], **ZONED},
            "/clues/1/told_as",
        ),
        ({"clues": [{"kind": "beside", "value": "x"}], **ZONED}, "/clues/0/beside/side"),
        ({"clues": [LIKELY, {"kind": "duration", "min_ms": 2, "max_ms": 1}], **ZONED}, "/clues"),
        ({"clues": [LIKELY, {"kind": "mood", "value": "x"}], **ZONED}, "/clues/1"),
    ],
)
async def test_a_ranking_that_cannot_be_made_is_refused_where_it_is_wrong_and_in_words(
    tmp_path: Path, body: dict[str, object], pointer: str
) -> None:
    """Nothing of it is journalled, for nothing was looked for."""
    async with scene(tmp_path, words=words_in) as it:
        it.make_columns()
        answer = await it.client.post("/calls/search", json=body, headers={"Accept-Language": "ja"})
        told = it.journal()

    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
    (fault,) = answer.json()["errors"]
    assert fault["pointer"] == pointer
    assert not fault["detail"].isascii()
    assert told == []


async def test_what_calls_are_not_ranked_by_is_named(tmp_path: Path) -> None:
    body = {**ZONED, "clues": [LIKELY, {"kind": "notice", "value": "none"}]}
    async with scene(tmp_path) as it:
        answer = await it.client.post("/calls/search", json=body)

    assert "notice" in answer.json()["errors"][0]["detail"]
