"""How likely what is said is, what is odd about it, and what is left for other readers."""

import random
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from archive.locate.when.placement import MAX_STRETCHES
from archive.locate.when.reader import MAX_TEXT, read_to_the_minute, read_when, write_echo
from archive.locate.when.values import Calendar, WhenReading
from archive.moments import moment
from tests.support.steps import steps

NOW = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
NEW_YORK = ZoneInfo("America/New_York")
MINUTE_US = 60_000_000
# Some 150,000; of all the stretches of a century it would be 18 million.
MAX_STEPS = 500_000
HOUR_US = 60 * MINUTE_US


def read(text: str, zone: ZoneInfo = TOKYO, calendar: Calendar | None = None) -> WhenReading:
    """It as read at noon of that day in Tokyo."""
    return read_when(text, now=NOW, zone=zone, calendar=calendar or Calendar())


def at(*when: int) -> int:
    """A time of UTC in µs."""
    return int(datetime(*when, tzinfo=UTC).timestamp()) * 1_000_000  # type: ignore[arg-type]  # as many as are told


def left(text: str) -> list[str]:
    """What nothing was made of."""
    return [text[begin:end] for begin, end in read(text).unused]


def codes(text: str) -> set[str]:
    """What is odd about it."""
    return {each.code for each in read(text).notes}


def test_an_hour_is_the_nearest_or_the_one_it_was_in_and_about_it_falls_twice_as_far() -> None:
    (exact,) = read("10/21 15時").stretches
    (about,) = read("10/21 15時ごろ").stretches

    assert (exact.begin_us, exact.end_us) == (at(2026, 10, 21, 5, 45), at(2026, 10, 21, 6, 30))
    assert (exact.before_us, exact.after_us) == (15 * MINUTE_US, 30 * MINUTE_US)
    assert (about.begin_us, about.end_us) == (exact.begin_us, exact.end_us)
    assert (about.before_us, about.after_us) == (30 * MINUTE_US, 60 * MINUTE_US)


def test_the_dead_of_night_is_of_either_date() -> None:
    """深夜 of the 21st is before midnight and after; who goes by the date means its early hours."""
    early, late = read("10/21の深夜").stretches

    assert (early.begin_us, early.end_us) == (at(2026, 10, 20, 15), at(2026, 10, 20, 18))
    assert (late.begin_us, late.end_us) == (at(2026, 10, 21, 13), at(2026, 10, 21, 18))
    assert (early.weight, late.weight) == (0.5, 1.0)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("朝", [(6, 8, 0.5), (8, 11, 1.0)]),
        ("午前中", [(9, 11.5, 1.0), (11.5, 12, 0.5)]),
        ("in the afternoon", [(12, 13.5, 0.5), (13.5, 16, 1.0), (16, 18, 0.5)]),
        ("夜", [(18, 19, 0.5), (19, 22, 1.0), (22, 24, 0.5)]),
        ("夕方", [(16, 19, 1.0)]),
    ],
)
def test_of_hours_that_have_a_narrower_word_a_part_of_the_day_is_said_half_as_often(
    text: str, hours: list[tuple[float, float, float]]
) -> None:
    """Who called at five says evening rather than afternoon; outside it falls as it did."""
    stretches = read(f"10/21 {text}").stretches
    midnight = at(2026, 10, 20, 15)

    told = [
        ((e.begin_us - midnight) / HOUR_US, (e.end_us - midnight) / HOUR_US, e.weight)
        for e in stretches
    ]
    assert told == hours
    assert stretches[0].before_us == 30 * MINUTE_US
    assert stretches[-1].after_us == 30 * MINUTE_US
    assert {each.after_us for each in stretches[:-1]} <= {0}


def test_a_bound_of_a_search_is_the_whole_part_of_the_day() -> None:
    (whole,) = read_to_the_minute("10/21 午後", now=NOW, zone=TOKYO, calendar=Calendar()).stretches

    assert (whole.begin_us, whole.end_us) == (at(2026, 10, 21, 3), at(2026, 10, 21, 9))


def test_where_no_day_is_said_the_last_days_are_the_likeliest() -> None:
    reading = read("15時")
    weights = [each.weight for each in reading.stretches]

    assert weights == [0.125] * 275 + [0.25] * 63 + [0.5] * 21 + [1.0] * 7
    assert (reading.says_days, reading.says_clock) == (False, True)


def test_seven_is_in_the_morning_or_in_the_evening() -> None:
    morning, evening = read("10/21 7時").stretches

    assert morning.begin_us == at(2026, 10, 20, 21, 45)
    assert evening.begin_us == at(2026, 10, 21, 9, 45)
    assert morning.weight == evening.weight
    assert "two_readings" in codes("10/21 7時")


@pytest.mark.parametrize(
    ("order", "likelier"),
    [("month_first", at(2026, 3, 3, 15)), ("day_first", at(2026, 4, 2, 15))],
)
def test_three_slash_four_is_either_and_the_calendar_says_which_is_likelier(
    order: str, likelier: int
) -> None:
    reading = read("3/4", calendar=Calendar(date_order=order))

    weights = {each.begin_us: each.weight for each in reading.stretches}
    assert weights == {
        at(2026, 3, 3, 15): 1.0 if likelier == at(2026, 3, 3, 15) else 0.2,
        at(2026, 4, 2, 15): 1.0 if likelier == at(2026, 4, 2, 15) else 0.2,
    }
    assert "two_readings" in {each.code for each in reading.notes}


@pytest.mark.parametrize(
    "text",
    ["13月", "2/30", "2月30日", "10/32", "2026-02-30", "31 June", "2025/2/29", "25:70", "15時75分"],
)
def test_a_time_that_is_none_is_named(text: str) -> None:
    reading = read(f"{text}、先週")

    assert [(each.code, each.values) for each in reading.notes] == [("no_such_day", (text,))]
    assert [text[begin:end] for begin, end in reading.void] == [text]
    assert reading.alternatives == read("先週").alternatives


# Said at noon of Wednesday, 2 December.
TO_COME = [
    "明日", "明後日の朝", "来週の火曜の夕方", "今週の金曜", "今晩", "今日の15時", "来月", "今月末",
    "2027年3月1日", "令和9年1月", "2026/12/03", "tomorrow", "tomorrow at 3", "at 3 tomorrow",
    "next Tuesday", "this Friday", "tonight", "Christmas this year", "1 January 2027",
]  # fmt: skip


@pytest.mark.parametrize("text", TO_COME)
def test_a_time_to_come_is_named_and_says_nothing_of_when(text: str) -> None:
    """Nobody remembers it: "we were to be called tomorrow" is no clue."""
    reading, told = read(text), text.removeprefix("at ")

    assert [(each.code, each.values) for each in reading.notes] == [("in_future", (told,))]
    assert (reading.stretches, reading.understood) == ((), ())
    assert [text[begin:end] for begin, end in reading.void] == [told]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10/21の夕方、明日また電話します", "10/21の夕方"),
        ("明日か10/21", "10/21"),
        ("今日の5時", "今日の午前5時"),
        ("12/03/2026", "2026-03-12"),
        ("12/24", "2025/12/24"),
        ("12月", "2026/12/1〜2026/12/31"),
        ("今週", "2026-11-30〜2026-12-06"),
    ],
)
def test_where_the_same_words_mean_a_past_time_that_is_meant(text: str, meant: str) -> None:
    some, others = (read(each).stretches for each in (text, meant))

    assert [(each.begin_us, each.end_us) for each in some] == [
        (each.begin_us, each.end_us) for each in others
    ]


@pytest.mark.parametrize(
    ("text", "denied", "rest"),
    [
        ("10月以外", "10月以外", ""),
        ("not in October", "not in October", ""),
        ("平日ではない", "平日ではない", ""),
        ("平日ではなかった、夕方", "平日ではなかった", "夕方"),
        ("10/29ではなく10/30", "10/29ではなく", "10/30"),
        ("10/29の夕方じゃなくて10/30の朝", "10/29の夕方じゃなく", "10/30の朝"),
        ("月曜でも火曜でもない。先週", "月曜でも火曜でもない", "先週"),
        ("土日を除く10月", "土日を除く", "10月"),
        ("not Monday or Tuesday, in October", "not Monday or Tuesday", "October"),
        ("it wasn't in the morning, 21 October", "wasn't in the morning", "21 October"),
        ("not 10/29 but 10/30", "not 10/29", "10/30"),
        ("any day but Sunday, in October", "any day but Sunday", "October"),
        ("in October, other than on the 5th", "other than on the 5th", "October"),
    ],
)
def test_what_is_denied_is_named_and_not_used(text: str, denied: str, rest: str) -> None:
    """Never taken for what it denies."""
    reading = read(text)

    assert [(each.code, each.values) for each in reading.notes] == [("denied", (denied,))]
    assert reading.alternatives == (read(rest).alternatives if rest else ())


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("10/29ではないかと思う", "10/29"),
        ("月曜じゃなかったかな", "月曜"),
        ("夕方ではないでしょうか", "夕方"),
        ("I'm not sure, October", "October"),
        ("they did not call me back on Monday", "Monday"),
        ("10月に繋がらなかった", "10月"),
    ],
)
def test_a_hedge_and_another_denial_deny_no_time(text: str, meant: str) -> None:
    assert read(text).alternatives == read(meant).alternatives
    assert "denied" not in codes(text)


def test_a_date_stands_whose_weekday_is_another() -> None:
    reading = read("11/24(月)")

    assert [(each.code, each.values) for each in reading.notes] == [
        ("weekday_differs", ("2026-11-24", "1"))
    ]
    assert [each.begin_us for each in reading.stretches] == [at(2026, 11, 23, 15)]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("契約した翌日", "翌日"),
        ("商品が届いた2、3日後", "2、3日後"),
        ("解約日の3日前", "3日前"),
        ("引っ越す3日前", "3日前"),
        ("the day after the contract", "day after"),
        ("three days after we moved in", "three days after"),
        ("the following day", "following day"),
    ],
)
def test_what_counts_from_a_day_that_is_not_said_is_no_day(text: str, count: str) -> None:
    """Nothing is known of when; it is said, and left."""
    reading = read(text)

    assert [(each.code, each.values) for each in reading.notes] == [("from_unsaid_day", (count,))]
    assert [text[begin:end] for begin, end in reading.void] == [count]
    assert reading.stretches == ()


@pytest.mark.parametrize(
    "text", ["10/21、契約した翌日", "on Oct 21, the day after my order", "10/21。解約日の翌日です"]
)
def test_a_day_of_another_clause_is_the_call_s_own(text: str) -> None:
    reading = read(text)

    assert [each.begin_us for each in reading.stretches] == [at(2026, 10, 20, 15)]
    assert "from_unsaid_day" in codes(text)


def test_three_days_ago_is_counted_from_today_where_no_other_day_is_meant() -> None:
    assert [each.begin_us for each in read("田中さんの3日前の電話").stretches] == [
        at(2026, 11, 28, 15)
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("昨日の25時", "hour_past_24"),
        ("10月21日 11月の火曜", "no_common_day"),
    ],
)
def test_what_is_odd_is_noted(text: str, code: str) -> None:
    assert code in codes(text)
    assert read(text).stretches


def test_a_time_that_is_there_twice_is_both() -> None:
    """On 1 November 2026 clocks in New York went back from 2:00 to 1:00."""
    first, second = read("2026-11-01 1:30 am", NEW_YORK).stretches

    assert first.begin_us == at(2026, 11, 1, 5, 20)
    assert second.begin_us == at(2026, 11, 1, 6, 20)


def test_a_time_that_never_was_is_moved_and_noted() -> None:
    """On 8 March 2026 they went from 2:00 to 3:00: 2:30 is read with the offset before the gap."""
    reading = read("2026-03-08 2:30 am", NEW_YORK)

    assert [each.begin_us for each in reading.stretches] == [at(2026, 3, 8, 7, 20)]
    assert "time_never_was" in {each.code for each in reading.notes}


def test_a_day_with_a_change_of_clocks_is_as_long_as_it_was() -> None:
    (long,) = read("2026-11-01", NEW_YORK).stretches
    (short,) = read("2026-03-08", NEW_YORK).stretches

    assert long.end_us - long.begin_us == 25 * HOUR_US
    assert short.end_us - short.begin_us == 23 * HOUR_US


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("10月下旬の夕方、田中か中田、7788", ["田中か中田、7788"]),
        ("late in October, in the evening, a Ms Tanaka or Nakata", ["a Ms Tanaka or Nakata"]),
        ("内線2105、10月21日の夕方に田中さん", ["内線2105", "田中さん"]),
        ("契約した10/20の翌日", ["契約した"]),
        ("10/21 夕方", []),
        ("around 3 on Tuesday", []),
    ],
)
def test_what_is_no_time_is_left_for_others(text: str, rest: list[str]) -> None:
    assert left(text) == rest


@pytest.mark.parametrize(
    "text",
    [
        "7788",
        "0312345678",
        "03-1234-5678",
        "090-1234-2291",
        "(212) 555-0127",
        "10分くらい",
        "about ten minutes",
        "30秒もなかった",
        "三田さん",
        "五十嵐",
        "一日市さん",
        "水木さん",
        "三月さん",
        "朝日さん",
        "秋山",
        "April Smith",
        "Ms May",
        "A-20458",
        "order BX77120",
        "注文番号A-20261021",
        "number ends in 2025",
        "まえに電話した",
        "初めて電話した",
        "9月分の請求書",
        "先月分の請求",
        "8月生まれ",
        "my September bill",
        "last month's rent",
        "3日以内に届く",
        "5日ほどで届く",
        "10日以上前",
        "営業日を聞いた",
        "about 2 or 3 minutes",
        "2、3回かけた",
        "同日配送の件",
        "3 or 4 items",
        "for 2 weeks",
        "it took 3 weeks",
        "half a day",
        "いつだか分からない",
        "1日2回かけた",
        "1日中話し中",
        "3日連続でかけた",
        "next of kin",
        "v2.1",
        "ウィンドウズ 8.1",
        "Windows 8.1",
        "3.5倍になった",
        "満足度は3.5だった",
        "¥7.18",
        "2-3回かけた",
        "4-5名様",
        "青山3-4-5",
        "24h support",
        "it took 5h",
        "約3倍",
        "水の件",
    ],
)
def test_names_lengths_and_numbers_are_no_times(text: str) -> None:
    reading = read(text)

    assert reading.understood == ()
    assert reading.stretches == ()
    assert reading.unused


def test_a_name_is_a_month_beside_a_day() -> None:
    assert read("May 3").stretches
    assert read("in May").stretches
    assert read("3 April").stretches


def test_spans_are_those_of_the_text_as_given() -> None:
    text = "  １０月２１日の夕方 ﾀﾅｶ"
    reading = read(text)

    assert [text[each.begin : each.end] for each in reading.understood] == [
        "１０月２１日",
        "の夕方",
    ]
    assert [text[begin:end] for begin, end in reading.unused] == ["ﾀﾅｶ"]


# fmt: off
WORDS = (
    "10/21", "月", "日", "年", "3", "時", "半", "前", "の", "か", "から", "夕方", "先週", "last",
    "week", "the", "of", "in", "at", "pm", "October", "Monday", "or", "and", "-", ":", "(", ")",
    ".", " ", "、", "31", "2/30", "13", "25", "令和", "元", "祝日", "翌日", "Christmas", "before",
    "ago", "half", "past", "first", "末", "上旬", "ごろ", "以降", "between", "99999999", "〇", "十",
    "百", "年度", "Q", "R", "二", "田中", "7788", "\u3099", "𠮷", "\x00", "é", "ß", "㋿", "㍻", "½",
    "年末年始", "土日", "every", "明日", "来週", "tomorrow", "tonight", "ではない", "以外", "でも",
    "じゃなくて", "not", "other than", "の電話", "より前", "あと", "before the call of", "'s call",
    "after", "late", "afternoon", "ここ", "直前", "に入ってから", "quarter of", "第", "weekend",
    "half-term", "the other", "am",
)
# fmt: on


def strings(count: int) -> list[str]:
    """Texts of pieces of time and of signs without sense, the same ones each time."""
    drawn = random.Random(42)  # noqa: S311  # no secret
    texts = []
    for number in range(count):
        if number % 2:
            texts.append("".join(drawn.choices(WORDS, k=drawn.randint(1, 12))))
        else:
            signs = (chr(drawn.choice((drawn.randint(1, 0x2FF), drawn.randint(0x3000, 0xFFFF))))
                     for _ in range(drawn.randint(1, 20)))  # fmt: skip
            texts.append("".join(signs))
    return texts


def test_nothing_raises_and_twice_is_once() -> None:
    """10,000 texts: each gives a reading, and reading its echo gives the same stretches."""
    for text in strings(10_000):
        reading = read(text)
        again = read(write_echo(reading))

        assert again.stretches == reading.stretches, text
        assert len(reading.stretches) <= MAX_STRETCHES
        assert all(0 <= begin < end <= len(text) for begin, end in reading.unused)


@pytest.mark.parametrize("text", ["3/4、" * 10, "朝の" * 10 + "3/4、" * 20, "7時か3/4、" * 12])
def test_what_is_said_often_is_never_said_to_be_impossible(text: str) -> None:
    """Each 3/4 is perhaps 3 April: of a fifth of a fifth of a fifth something is always left."""
    assert all(each.weight > 0 for each in read(text).stretches)


def test_an_echo_of_no_weight_is_none() -> None:
    """Who writes one by hand gets a reading of it as of any text."""
    assert read("= 2026-10-21*1e-300 on Wed").understood


@pytest.mark.parametrize("days", ["", "1950年から2025年 ", "1900年から2199年の平日 "])
def test_of_many_days_with_many_times_the_latest_are_made_and_no_others(days: str) -> None:
    """A hundred times of a century of days are millions of stretches; 4,096 are kept."""
    times = " ".join(f"{hour}:{minute:02}" for hour in range(13, 24) for minute in range(1, 60, 7))
    text = (days + times)[:MAX_TEXT]

    assert steps(lambda: read(text)) < MAX_STEPS
    reading = read(text)
    assert len(reading.stretches) == MAX_STRETCHES
    assert reading.stretches[-1].end_us > at(2025, 12, 30)


def test_a_reading_is_bounded() -> None:
    long = "10/21の夕方、" * 1000
    reading = read(long)
    many = read("1900年から2026年の夕方")

    assert reading.unused[-1] == (MAX_TEXT, len(long))
    assert len(many.stretches) == MAX_STRETCHES
    assert "too_many_stretches" in {each.code for each in many.notes}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        # 3 and 23 November are holidays of Japan.
        ("the Tuesday before the holiday", date(2026, 11, 17)),
        ("祝日の前の火曜日", date(2026, 11, 17)),
        ("祝日前の火曜日", date(2026, 11, 17)),
        ("祝日の後の火曜日", date(2026, 11, 24)),
        ("the day before the holiday", date(2026, 11, 22)),
        ("10月20日の前の月曜日", date(2026, 10, 19)),
        ("10月20日前の月曜日", date(2026, 10, 19)),
    ],
)
def test_a_weekday_beside_a_day_is_counted_from_that_day(text: str, first: date) -> None:
    """Half understood, it was every Tuesday or none at all, and nobody was told."""
    days = {moment(each.begin_us).astimezone(TOKYO).date() for each in read(text).stretches}

    assert first in days
    assert not {each for each in days if first < each <= NOW.date()} - {date(2026, 11, 24)}
    assert left(text) == []


def test_somebodys_own_holiday_is_no_day_of_the_calendar() -> None:
    assert left("the Friday before my holiday") == ["before my holiday"]
    assert left("a question about holiday pay") == ["a question about holiday pay"]
