import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path
from string import Formatter

import pytest

from eval.__main__ import main, wording_asked_in
from eval.memory.clocks import spoken_clocks
from eval.memory.clue import Clue, clue
from eval.memory.dates import spoken_dates
from eval.memory.lengths import spoken_lengths
from eval.memory.model import read_model
from eval.phrases.frames import Frame
from eval.phrases.wording import (
    HELD_BACK,
    OPEN,
    OPENED,
    NoTemplate,
    Wording,
    pack,
    phrase,
    place_of,
    read_wording,
)
from eval.phrases.writings import HANDS, WRITINGS
from eval.requests.drawn import Memory
from eval.world.agents import QUEUES
from eval.world.world import DIALLED, TAGS, TOPICS, make_world

SMALL = """
[[template]]
kind = "date.third_of_month"
language = "ja"
texts = ["{month}月{third}"]

[[template]]
kind = "date.third_of_month"
language = "en"
texts = ["{third} {month}"]

[[template]]
kind = "agent.heard"
language = "ja"
texts = ["{name}さん"]

[[template]]
kind = "agent.heard"
language = "en"
texts = ["somebody called {name}"]

[[template]]
kind = "clock.hour"
language = "ja"
when = { bare = [1] }
texts = ["{hour}時"]

[[frame]]
language = "ja"
voice = ""
parts = ["{date}の{clock}", "{date}", "担当は{agent}"]
between = "、"
ends = "でした"

[words.ja.third]
late = ["下旬"]

[words.en.third]
late = ["late in"]

[words.en.month]
10 = ["October"]
"""
LATE = clue("date.third_of_month", month=10, third="late")
LANGUAGES = ("ja", "en")
MODEL = read_model()
FILES = (OPEN, OPENED, HELD_BACK)
EACH_FILE = pytest.mark.parametrize("file", FILES, ids=["open", "opened", "held_back"])
PLACE = re.compile(r"\{[^}]*\}")
# They stand as they are, where a language has no words for them.
AS_IT_IS = {
    "name", "or_name", "team", "queue", "extension", "number", "first", "last", "order", "topic",
    "tag", "month", "to_month", "day", "to_day", "week", "hour", "begin", "end",
}  # fmt: skip


@lru_cache(maxsize=1)
def memory() -> Memory:
    return Memory(make_world(2_000, seed=1), MODEL)


@lru_cache(maxsize=3)
def wording(path: Path) -> Wording:
    return read_wording(path)


@lru_cache(maxsize=1)
def all_clues() -> Sequence[Clue]:
    """Each that can be told; of names, numbers and orders one, for they stand as they are."""
    happened = ("transferred", "held", "called_back")
    return (
        *spoken_dates(MODEL, 365).clues(),
        *spoken_clocks(MODEL).clues(),
        *spoken_lengths(MODEL).clues(),
        clue("agent.heard", name="田中"),
        clue("agent.either", name="たなか", or_name="なかた"),
        clue("agent.team", team="sales 2"),
        clue("agent.extension", extension="2105"),
        clue("number.whole", number="09012347788"),
        clue("number.whole", number="0312347788"),
        *(clue("number.last", last=each) for each in ("7788", "788", "08")),
        *(clue("number.first", first=each) for each in ("090", "080", "070", "03", "06")),
        clue("number.withheld"),
        *(clue("number.dialled", number=each) for each in DIALLED),
        *(clue("direction", way=each) for each in ("they", "we")),
        *(clue("queue", queue=each) for each in QUEUES),
        *(clue(f"event.{each}", was=was) for each in happened for was in (0, 1)),
        *(clue("gist", topic=each) for each in TOPICS),
        *(clue("gist", tag=each) for each in TAGS),
        clue("gist", order="0020458"),
        clue("customer.name", name="佐藤"),
    )


@pytest.mark.parametrize("packed", [False, True])
def test_clues_are_put_into_words_by_templates_and_a_frame(tmp_path: Path, packed: bool) -> None:
    """Also from a file that nobody reads by accident."""
    path = tmp_path / ("held.bin" if packed else "open.toml")
    path.write_bytes(pack(SMALL) if packed else SMALL.encode())
    small = read_wording(path)
    ja = [LATE, clue("agent.heard", name="田中"), clue("clock.hour", hour=3, bare=1)]
    en = [LATE, clue("agent.heard", name="Tanaka")]

    assert phrase(ja, "ja", seed=1, templates=small) == "10月下旬の3時、担当は田中さんでした"
    assert phrase(en, "en", seed=1, templates=small) == "late in October, somebody called Tanaka"


@pytest.mark.parametrize(
    "told", [clue("queue", queue="sales"), clue("clock.hour", hour=3), clue("gist", order="1")]
)
def test_what_has_no_template_is_named(tmp_path: Path, told: Clue) -> None:
    """A hole in the templates must not become an easier request; nor may a slot be left out."""
    path = tmp_path / "open.toml"
    path.write_text(SMALL)

    with pytest.raises(NoTemplate, match=f"ja: {told.kind} with"):
        phrase([told], "ja", seed=1, templates=read_wording(path))


def test_a_frame_says_each_phrase_once() -> None:
    """Whichever clues there are."""
    places = ("date", "clock", "agent", "number", "dialled", "gist")
    frame = Frame("", ("{number}", "{date} {clock}", "*", "{clock}", "{agent}"), " ")
    for count in range(len(places) + 1):
        for told in combinations(places, count):
            said = frame.filled({name: f"<{name}>" for name in told}).split()
            assert sorted(said) == sorted(f"<{name}>" for name in told)


@pytest.mark.parametrize(
    ("writing", "value", "ought"),
    [
        ("hyphened", "09012347788", "090-1234-7788"),
        ("hyphened", "0312347788", "03-1234-7788"),
        ("hyphened", "0120123003", "0120-123-003"),
        ("bracketed", "0312347788", "03(1234)7788"),
        ("abroad", "09012347788", "+81 90-1234-7788"),
        ("from_0", "12", "0"),
        ("from_12", "0", "12"),
        ("from_12", "15", "3"),
        ("past_midnight", "25", "1"),
        ("ordinal", "11", "11th"),
        ("ordinal", "23", "23rd"),
        ("katakana", "こんどう", "コンドウ"),
        ("roman", "佐藤", "Sato"),
    ],
)
def test_a_value_is_written_as_people_do(writing: str, value: str, ought: str) -> None:
    """Beside its words."""
    assert WRITINGS[writing](value) == ought


@pytest.mark.parametrize(
    ("hand", "text", "ought"),
    [
        ("full_width", "10/24(土) 090-1234", "１０／２４（土） ０９０－１２３４"),
        ("kanji_numerals", "10月24日20時、下4桁7788", "十月二十四日二十時、下四桁7788"),
        ("narrow_katakana", "サイトウ、ポイントの件", "ｻｲﾄｳ、ﾎﾟｲﾝﾄの件"),
    ],
)
def test_a_sentence_is_typed_as_people_do(hand: str, text: str, ought: str) -> None:
    """One hand types all of it."""
    assert HANDS[hand](text) == ought


@EACH_FILE
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_clue_can_be_said_in_several_ways(file: Path, language: str) -> None:
    """By a customer as by a clerk."""
    few = {
        (told.kind, told.slots, voice)
        for voice in ("customer", "clerk")
        for told in all_clues()
        if len(wording(file).saying(told, language, voice)) < 4
    }

    assert few == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_files_share_no_phrase_but_bare_words(language: str) -> None:
    """Else what was seen would be asked again; two together have eight ways and more."""
    few, shared = set(), set()
    for told in all_clues():
        ways = [{each.text for each in wording(file).saying(told, language)} for file in FILES]
        for one, other in combinations(ways, 2):
            if len(one | other) < 8:
                few.add((told.kind, told.slots))
            if any(PLACE.sub("", text).strip() for text in one & other):
                shared.add(told.kind)

    assert (few, shared) == (set(), set())


@EACH_FILE
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_slot_has_words_for_every_value(file: Path, language: str) -> None:
    """What has none is a name or a numeral; the words of the program are nobody's."""
    words = wording(file).words[language]
    missing = {
        (table or name, str(value))
        for told in all_clues()
        for each in wording(file).saying(told, language)
        for _, name, table, _ in Formatter().parse(each.text)
        if name is not None
        for value in [dict(told.slots)[name]]
        if str(value) not in words.get(table or name, {})
        if table not in WRITINGS or table in words
        if table or name in words or name not in AS_IT_IS
    }

    assert missing == set()


@EACH_FILE
@pytest.mark.parametrize("name", MODEL.sets)
def test_drawn_requests_are_said_whole(file: Path, name: str) -> None:
    """No slot left, nothing lost, short enough to be asked; and again the same by the same seed."""
    # Kinds of the clues alone: of the file that is held back nobody sees a sentence.
    bad = []
    for seed, request in enumerate(memory().requests(name, 500, 1)):
        told = [each for _, each in request.clues]
        text, again = (
            phrase(told, request.language, seed=seed, templates=wording(file)) for _ in range(2)
        )
        whole = text == again and len(text) <= 500 and not re.search(r"[{}\n]|[a-z]_[a-z]", text)
        if not whole or len({place_of(each) for each in told}) < len(told):
            bad.append(", ".join(each.kind for each in told))

    assert bad == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_frames_of_customers_and_clerks(language: str) -> None:
    """Whole sentences and keywords; each file has its own."""
    for file in FILES:
        frames = wording(file).frames[language]
        assert len(frames) >= (12 if file == OPENED else 15)
        assert {each.voice for each in frames} == {"customer", "clerk"}


@EACH_FILE
def test_a_frame_says_nothing_that_could_be_a_clue(file: Path) -> None:
    """A topic, a tag or a queue; who called whom is not looked for."""
    clues = {
        word
        for frames in wording(file).frames.values()
        for each in frames
        for word in (*TOPICS, *TAGS, *QUEUES)
        if word in f"{each.opens} {' '.join(each.parts)} {each.ends}".lower()
    }

    assert clues == set()


@pytest.mark.parametrize(
    ("file", "held_back", "ought"),
    [(None, False, OPEN), (OPENED, False, OPENED), (None, True, HELD_BACK)],
)
def test_a_product_is_asked_in_the_phrases_named(
    file: Path | None, held_back: bool, ought: Path
) -> None:
    """The open ones where none are."""
    assert wording_asked_in(file, held_back=held_back) == wording(ought)


def test_requests_are_lines_of_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of every set, as clues and as a sentence."""
    asked = ["eval", "requests", "--calls", "1000", "--count", "4", "--phrases", str(OPEN)]
    monkeypatch.setattr("sys.argv", asked)
    main()
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert len(lines) == 4 * 7
    assert all(each["clues"][0]["kind"].startswith("date.") for each in lines)
    assert all(each["text"] for each in lines)
