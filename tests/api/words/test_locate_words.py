"""What a reading understood, told in words that read the same again."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from api.words.locate_words import clue_told, note_told
from api.words.texts import in_english
from archive.ids import ConversationId
from archive.locate.clues import (
    AgentClue,
    BesideClue,
    CustomerClue,
    DeniedClue,
    DialledClue,
    DirectionClue,
    ExtensionClue,
    GistClue,
    HappenedClue,
    IdClue,
    LengthClue,
    NotClue,
    NumberClue,
    QueueClue,
    TeamClue,
    Value,
    WhenClue,
)
from archive.locate.numbers import Form, RememberedNumber
from archive.locate.request.known_names import NOBODY
from archive.locate.request.lengths import MAX_MS, about
from archive.locate.request.request import when_clue
from archive.locate.request.sentence import TimeReading, read_sentence
from archive.locate.stretches import Stretch
from archive.locate.when.reader import read_when
from archive.locate.when.values import Calendar, Note
from archive.locate.withheld_numbers import Withheld
from rokuon.messages.i18n import words_in
from tests.support.locate.told_times import core

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = datetime(2026, 12, 3, 16, tzinfo=TOKYO)
LAST = RememberedNumber(form=Form.LAST, digits="7788")
WITHIN = RememberedNumber(form=Form.WITHIN, digits="7788")
SEAT = RememberedNumber(form=Form.EXTENSION, digits="2601")
WHOLE = RememberedNumber(form=Form.WHOLE, digits="819012347788")
FREE = RememberedNumber(form=Form.FIRST, digits="81120")
FIRST = RememberedNumber(form=Form.FIRST, digits="8190")
BOTH = RememberedNumber(form=Form.FIRST, digits="8190", ending="88")
TOLD: list[tuple[Value, str, str]] = [
    (AgentClue(("田中", "中田")), "agent: 田中 or 中田", "担当: 田中 または 中田"),
    (AgentClue(("tanaka",)), "agent: tanaka", "担当: tanaka"),
    (CustomerClue(("森下",)), "customer: 森下", "お客様: 森下"),
    (QueueClue(("解約", "billing")), "queue: 解約 or billing", "窓口: 解約 または billing"),
    (TeamClue(("契約",)), "team: 契約", "チーム: 契約"),
    (IdClue("a84b@pc33"), "id: a84b@pc33", "ID: a84b@pc33"),
    (GistClue("二重引き落とし"), "about: 二重引き落とし", "内容: 二重引き落とし"),
    (GistClue("late fee"), "about: late fee", "内容: late fee"),
    (GistClue("1234567"), "about: 1234567", "内容: 1234567"),
    (NumberClue(LAST), "number ends in 7788", "番号の末尾 7788"),
    (NumberClue(WHOLE), "number +819012347788", "番号 +819012347788"),
    (NumberClue(FIRST), "number begins with +8190", "番号が +8190 で始まる"),
    (
        NumberClue(BOTH),
        "number begins with +8190 and ends in 88",
        "番号が +8190 で始まり末尾 88",
    ),
    (
        NumberClue(RememberedNumber(form=Form.WITHIN, digits="3477")),
        "number contains 3477",
        "番号に 3477 が入る",
    ),
    *(
        (NumberClue(RememberedNumber(form=Form.WITHHELD, reason=reason)), english, japanese)
        for reason, english, japanese in (
            (Withheld.CALLER, "number withheld", "番号非通知"),
            (Withheld.PAY_PHONE, "from a payphone", "公衆電話から"),
            (Withheld.OUT_OF_AREA, "number out of area", "表示圏外"),
            (Withheld.UNKNOWN, "unknown number", "番号不明"),
        )
    ),
    (
        ExtensionClue(RememberedNumber(form=Form.EXTENSION, digits="2601")),
        "extension 2601",
        "内線 2601",
    ),
    (DialledClue(WHOLE), "called number +819012347788", "かけた番号 +819012347788"),
    (DialledClue(FREE), "called number begins with +81120", "かけた番号が +81120 で始まる"),
    (
        DialledClue(RememberedNumber(form=Form.FIRST, digits="81120", others=("81800",))),
        "called number begins with +81120 or +81800",
        "かけた番号が +81120 または +81800 で始まる",
    ),
    (DialledClue(LAST), "called number ends in 7788", "かけた番号の末尾 7788"),
    (DirectionClue("inbound"), "they called", "向こうからの電話"),
    (DirectionClue("outbound"), "we called", "こちらからの電話"),
    (DeniedClue(AgentClue(("田中", "中田"))), "agent: not 田中 or 中田",
     "担当: 田中 または 中田以外"),
    (DeniedClue(TeamClue(("契約",))), "team: not 契約", "チーム: 契約以外"),
    (DeniedClue(QueueClue(("解約",))), "queue: not 解約", "窓口: 解約以外"),
    (DeniedClue(ExtensionClue(SEAT)), "not extension 2601", "内線は 2601 以外"),
    (DeniedClue(NumberClue(LAST)), "number does not end in 7788", "番号の末尾は 7788 以外"),
    (DeniedClue(NumberClue(FIRST)), "number does not begin with +8190",
     "番号の先頭は +8190 以外"),
    (DeniedClue(NumberClue(WITHIN)), "number does not contain 7788",
     "番号に 7788 が入るもの以外"),
    (DeniedClue(NumberClue(WHOLE)), "number is not +819012347788", "番号は +819012347788 以外"),
    (HappenedClue("transferred"), "was transferred", "転送された"),
    (HappenedClue("transferred", was=False), "was not transferred", "転送されていない"),
    (HappenedClue("held"), "was on hold", "保留された"),
    (HappenedClue("held", was=False), "was not on hold", "保留されていない"),
    (HappenedClue("called_back"), "was called back", "折り返しがあった"),
    (HappenedClue("called_back", was=False), "was not called back", "折り返しはなかった"),
    (about(5_400_000), "about 1 hour 30 minutes", "約 1 時間 30 分"),
    (about(600_000), "about 10 minutes", "約 10 分"),
    (LengthClue(min_ms=0, max_ms=30_000), "under 30 seconds", "30 秒未満"),
    (LengthClue(min_ms=900_000, max_ms=MAX_MS), "at least 15 minutes", "15 分以上"),
    (
        LengthClue(min_ms=300_000, max_ms=360_000),
        "between 5 minutes and 6 minutes",
        "5 分から6 分",
    ),
]  # fmt: skip


def read(text: str) -> list[Value]:
    request = read_sentence(text, read_time=lambda _: TimeReading(), country="JP", known=NOBODY)
    return [each.value for each in request.clues]


@pytest.mark.parametrize(("value", "english", "japanese"), TOLD)
def test_a_clue_is_told_and_what_is_told_is_read_as_that_clue(
    value: Value, english: str, japanese: str
) -> None:
    """Twice is once, in both languages."""
    assert clue_told(value, TOKYO, in_english, "en") == english
    assert clue_told(value, TOKYO, words_in, "ja") == japanese
    assert read(english) == [value]
    assert read(japanese) == [value]


def test_clues_told_beside_one_another_are_read_as_those() -> None:
    """As the page shows them."""
    values = [value for value, _, _ in TOLD if not isinstance(value, NumberClue | DialledClue)]
    some = {type(value): value for value in (*values, NumberClue(LAST), DialledClue(FREE))}
    for language, between in (("en", "; "), ("ja", "、")):
        text = between.join(clue_told(each, TOKYO, words_in, language) for each in some.values())

        assert set(read(text)) == set(some.values())


WHEN = [
    ("先週の木曜の15時から16時", "2026-11-26 Thu 15:00–16:00", "2026-11-26 木曜 15:00–16:00"),
    ("last week on Monday", "2026-11-23 Mon", "2026-11-23 月曜"),
    ("先週の土日", "2026-11-28 or 2026-11-29", "2026-11-28 または 2026-11-29"),
    ("金曜の夕方", "Fri 16:00–19:00", "金曜 16:00–19:00"),
    ("夕方", "16:00–19:00", "16:00–19:00"),
    ("10月の土日", "2026-10-01–2026-10-31 Sat or Sun", "2026-10-01–2026-10-31 土曜 または 日曜"),
]


@pytest.mark.parametrize(("text", "english", "japanese"), WHEN)
def test_a_weekday_is_told_with_its_date_where_that_is_known(
    text: str, english: str, japanese: str
) -> None:
    """A clerk asks "Thursday the 26th?"; where no day is said no year of days stands there."""
    clue = when_clue(read_when(text, now=NOW, zone=TOKYO, calendar=Calendar()))

    assert clue is not None
    assert clue_told(clue, TOKYO, in_english, "en") == english
    assert clue_told(clue, TOKYO, words_in, "ja") == japanese
    for words in (english, japanese):
        again = when_clue(read_when(words, now=NOW, zone=TOKYO, calendar=Calendar()))
        assert again is not None
        assert core(again) == core(clue)


def test_of_many_days_the_likeliest_are_told() -> None:
    """Tuesdays behind long weekends: not from the first to the last, which are many others."""
    reading = read_when("三連休明けの火曜の11時", now=NOW, zone=TOKYO, calendar=Calendar())
    clue = when_clue(reading)

    assert clue is not None
    assert clue_told(clue, TOKYO, in_english, "en") == (
        "2026-11-24 or 2026-10-13 or 2026-07-21 or … Tue 10:45–11:30 or 22:45–23:30"
    )


def test_a_time_is_told_in_its_zone_and_a_call_by_its_id() -> None:
    """Only a few stretches: more are no answer."""
    hour = 3_600_000_000
    stretches = tuple(
        Stretch(begin_us=at * 24 * hour, end_us=at * 24 * hour + hour) for at in range(5)
    )
    told = clue_told(WhenClue(stretches), TOKYO, in_english, "en")

    assert told.startswith("1970-01-01 09:00–1970-01-01 10:00 or 1970-01-02 09:00")
    assert told.endswith(" …")
    call = ConversationId(bytes(16))
    assert clue_told(NotClue(call), TOKYO, in_english, "en") == f"not the call {call}"
    assert clue_told(BesideClue(call, "after"), TOKYO, in_english, "en").endswith(str(call))


def test_what_is_odd_is_told_with_what_it_is_about() -> None:
    """In words; a code that nobody has words for is no error."""
    differs = Note(code="weekday_differs", values=("2026-11-20", "4"))

    assert note_told(differs, in_english, "en").startswith("2026-11-20 is another weekday")
    assert note_told(Note(code="no_such_day", values=("2/30",)), words_in, "ja").endswith("2/30")
    assert note_told(Note(code="new"), words_in, "ja") == "new"
