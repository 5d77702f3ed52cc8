"""Forms in which customers and staff say when a call was, and the intervals that they mean.

Said on Wednesday, 2 December 2026, at noon in Tokyo. What is expected is written by the wall clock
of Tokyo, 9 hours before UTC: `10-21` a day, `10-21/10-31` days without a gap, `10-21 16:00/19:00` a
time of a day, `10-21 @15:00` a minute, `10-21..10-31 16:00/19:00` that of each day. Of several
weights the greatest counts.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from archive.locate.when.reader import read_when
from archive.locate.when.values import Calendar

NOW = datetime(2026, 12, 2, 3, 0, tzinfo=UTC)
TOKYO = ZoneInfo("Asia/Tokyo")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

DATES = [
    ("2026-10-21", "10-21"),
    ("2026/10/21", "10-21"),
    ("10/21", "10-21"),
    ("10月21日", "10-21"),
    ("１０月２１日", "10-21"),
    ("10月21日(水)", "10-21"),
    ("11/24(火)", "11-24"),
    ("11/24火曜", "11-24"),
    ("十月二十一日", "10-21"),
    ("二〇二六年十月二十一日", "10-21"),
    ("10月21日付", "10-21"),
    ("20261021", "10-21"),
    ("26/10/21", "10-21"),
    ("24 Nov", "11-24"),
    ("Nov 24th 2026", "11-24"),
    ("November 24, 2026", "11-24"),
    ("the 24th of November", "11-24"),
    ("on Tuesday, November 24", "11-24"),
    ("Oct. 21", "10-21"),
    ("21.10.2026", "10-21"),
    ("10-21-2026", "10-21"),
    ("Dec 23 last yr", "2025-12-23"),
    ("12/23", "2025-12-23"),
    ("令和8年10月29日", "10-29"),
    ("R8.10.29", "10-29"),
    ("平成31年4月", "2019-04-01/2019-04-30"),
    ("昭和64年1月7日", "1989-01-07"),
    ("令和元年5月", "2019-05-01/2019-05-31"),
    ("10月", "10-01/10-31"),
    ("10月中", "10-01/10-31"),
    ("in October", "10-01/10-31"),
    ("2025年", "2025-01-01/2025-12-31"),
    ("in 2025", "2025-01-01/2025-12-31"),
    ("10/21〜10/25", "10-21/10-25"),
    ("10/21から25", "10-21/10-25"),
    ("10月21日から25日まで", "10-21/10-25"),
    ("21-25 Oct", "10-21/10-25"),
    ("between the 5th and the 9th of October", "10-05/10-09"),
    ("from 28 October to 3 November", "10-28/11-03"),
    ("between 28 October and 3 November", "10-28/11-03"),
    ("12月28日から1月3日", "2025-12-28/2026-01-03"),
    ("7月8月", "07-01/08-31"),
    ("10/21以降", "10-21/12-02"),
    ("10/20か10/22", "10-20, 10-22"),
    ("10月20日か21日", "10-20/10-21"),
    ("10月20、21日", "10-20/10-21"),
    ("10/20か21", "10-20/10-21"),
    ("10/20,22", "10-20, 10-22"),
    ("10月5日と12日の二回", "10-05, 10-12"),
    ("10月5日、12日、19日のいずれか", "10-05, 10-12, 10-19"),
    ("5日、12日、19日のどれか", "11-05, 11-12, 11-19"),
    ("21-Oct-2026", "10-21"),
    ("10月5日から3日間", "10-05/10-07"),
    ("先月の3日か4日", "11-03/11-04"),
    ("Oct 12 or 14", "10-12, 10-14"),
    ("20/21 October", "10-20/10-21"),
    ("5 or 6 October", "10-05/10-06"),
    ("on the 5th or the 6th of October", "10-05/10-06"),
    ("Oct 12 or thereabouts", "10-12"),
    ("October 12 or so", "10-12"),
    ("Oct. 12 or so", "10-12"),
    ("Oct 20ish", "10-20"),
    ("October 12th-ish", "10-12"),
    ("around the 7th", "11-07"),
    ("10月20日前", "10-13/10-19"),
    ("10/20以前", "2025-10-19/2026-10-20"),
]
RELATIVE = [
    ("昨日", "12-01"),
    ("きのう", "12-01"),
    ("yesterday", "12-01"),
    ("おととい", "11-30"),
    ("the day before yesterday", "11-30"),
    ("3日前", "11-29"),
    ("三日前の朝", "11-29 06:00/11:00"),
    ("二三日前", "11-29/11-30"),
    ("2、3日前", "11-29/11-30"),
    ("two or three days ago", "11-29/11-30"),
    ("a few days ago", "11-27/11-30"),
    ("数日前", "11-27/11-30"),
    ("今週", "11-30/12-06"),
    ("先週", "11-23/11-29"),
    ("last week", "11-23/11-29"),
    ("先々週", "11-16/11-22"),
    ("the week before last", "11-16/11-22"),
    ("先週の木曜", "11-26"),
    ("先週(木)", "11-26"),
    ("3週間前の月曜", "11-09"),
    ("Monday three weeks ago", "11-09"),
    ("last Thursday", "11-26"),
    ("the Thursday before last", "11-19"),
    ("two weeks ago today", "11-18"),
    ("先月", "11-01/11-30"),
    ("先月28日", "11-28"),
    ("last month", "11-01/11-30"),
    ("半年前", "05-04/07-03"),
    ("1年前の10月", "2025-10-01/2025-10-31"),
    ("October last year", "2025-10-01/2025-10-31"),
    ("去年の10月", "2025-10-01/2025-10-31"),
    ("last October", "10-01/10-31"),
    ("2週間くらい前", "11-15/11-21"),
    ("10日ほど前", "11-22"),
    ("三日ほど前", "11-29"),
    ("半月ほど前", "11-13/11-21"),
    ("ひと月前", "10-18/11-17"),
    ("2週間ほど前の月曜", "11-16"),
    ("3週間前の日曜", "11-15"),
    ("前の日曜", "11-29"),
    ("a month or so ago", "10-18/11-17"),
    ("a week or two ago", "11-18/11-25"),
    ("a day or two ago", "11-30/12-01"),
    ("two Fridays ago", "11-20"),
    ("in the last couple of weeks", "11-18/12-02"),
    ("in the past few days", "11-27/12-02"),
    ("within the last month", "11-02/12-02"),
    ("last Tuesday or Wednesday", "11-24/11-25"),
    ("since Monday", "11-30/12-02"),
    ("3営業日前", "11-27"),
    ("10/20の翌営業日", "10-21"),
    ("early last week", "11-23/11-24"),
    ("late last week", "11-28/11-29"),
    ("late yesterday afternoon", "12-01 12:00/18:00"),
    ("earlier this week", "11-30/12-06"),
    ("earlier today", "12-02"),
    ("a year ago this week", "2025-12-01/2025-12-07"),
    ("this time last year", "2025-12-02"),
    ("this time last week", "11-25"),
    ("去年の今頃", "2025-12-02"),
    ("昨日の今頃", "12-01 11:30/12:30"),
    ("30分くらい前", "12-02 @11:30"),
    ("an hour or so ago", "12-02 @11:00"),
    ("half an hour or so ago", "12-02 @11:30"),
    ("a couple of hours ago", "12-02 @10:00"),
    ("9月分の請求書の件で10月5日に電話", "10-05"),
    ("about the October invoice, I called on November 5", "11-05"),
    ("week commencing 5 October", "10-05/10-11"),
    ("the week ending 9 October", "10-03/10-09"),
    ("w/c 5 Oct", "10-05/10-11"),
    ("a call from last week", "11-23/11-29"),
    ("from 30 November onwards", "11-30/12-02"),
]
PARTS = [
    ("10月上旬", "10-01/10-10"),
    ("10月中旬", "10-11/10-20"),
    ("10月下旬", "10-21/10-31"),
    ("early October", "10-01/10-10"),
    ("mid-Oct", "10-11/10-20"),
    ("late in October", "10-21/10-31"),
    ("10月の初め", "10-01/10-07"),
    ("10月末", "10-25/10-31"),
    ("end of last month", "11-24/11-30"),
    ("second half of October", "10-16/10-31"),
    ("10月第2週", "10-08/10-14"),
    ("the first week of October", "10-01/10-07"),
    ("the last week of October", "10-25/10-31"),
    ("9月5週目", "09-29/09-30"),
    ("10月の4週目", "10-22/10-28"),
    ("10月4週目の火曜", "10-27"),
    ("10月3週", "10-15/10-21"),
    ("10月の1週目か2週目", "10-01/10-14"),
    ("the first or second week of October", "10-01/10-14"),
    ("October week 3", "10-15/10-21"),
    ("week 3 of October", "10-15/10-21"),
    ("10月の真ん中あたり", "10-11/10-20"),
    ("10月上旬か中旬", "10-01/10-20"),
    ("10月中旬から下旬", "10-11/10-31"),
    ("early to mid October", "10-01/10-20"),
    ("10月第2火曜", "10-13"),
    ("the last Friday of October", "10-30"),
    ("10月の火曜日", "10-06, 10-13, 10-20, 10-27"),
    ("10月の火・木曜のどちらか", "10-01, 10-06, 10-08, 10-13, 10-15, 10-20, 10-22, 10-27, 10-29"),
    ("a Monday or Tuesday in early October", "10-05/10-06"),
    ("10月の月曜か火曜", "10-05/10-06, 10-12/10-13, 10-19/10-20, 10-26/10-27"),
    ("10月か11月の土日", "10-03/10-04, 10-10/10-11, 10-17/10-18, 10-24/10-25, 10-31/11-01,"
     " 11-07/11-08, 11-14/11-15, 11-21/11-22, 11-28/11-29"),
    ("先週の平日", "11-23/11-27"),
    ("10月か11月", "10-01/11-30"),
    ("10月最初の営業日", "10-01"),
    ("10月最終営業日", "10-30"),
    ("the first working day of October", "10-01"),
    ("the first few days of October", "10-01/10-05"),
    ("the last few days of October", "10-27/10-31"),
    ("the last two weeks of October", "10-18/10-31"),
    ("the last day of October", "10-31"),
    ("9月初旬", "09-01/09-10"),
    ("at the end of the month", "11-24/11-30"),
    ("昨年末", "2025-12-16/2025-12-31"),
    ("the end of last year", "2025-12-16/2025-12-31"),
    ("秋口", "09-01/09-30"),
]  # fmt: skip
FEASTS = [
    ("GW", "04-29/05-06"),
    ("ｺﾞｰﾙﾃﾞﾝｳｨｰｸ", "04-29/05-06"),
    ("お盆", "08-12/08-16"),
    ("お盆明け", "08-17/08-23"),
    ("年末年始", "2025-12-27/2026-01-05"),
    ("正月", "01-01/01-03"),
    ("シルバーウィーク", "09-19/09-23"),
    ("敬老の日", "09-21"),
    ("成人の日の翌日", "01-13"),
    ("10月の祝日の前日", "10-11"),
    ("10月の三連休", "10-10/10-12"),
    ("10月の連休明け", "10-13"),
    ("9月の連休前", "09-18"),
    ("春のお彼岸", "03-20"),
    ("Thanksgiving", "11-26"),
    ("Thanksgiving week", "11-23/11-29"),
    ("the day after Thanksgiving", "11-27"),
    ("the day before Christmas", "2025-12-24"),
    ("Christmas Eve", "2025-12-24"),
    ("クリスマス前", "2025-12-18/2025-12-24"),
    ("before Christmas", "2025-12-18/2025-12-24"),
    ("the week before Labor Day", "08-31/09-06"),
    ("去年の夏", "2025-06-01/2025-08-31"),
    ("last summer", "06-01/08-31"),
    ("春休み", "03-20/04-08"),
    ("上期", "04-01/09-30"),
    ("昨年度の下期", "2025-10-01/2026-03-31"),
    ("2025年度", "2025-04-01/2026-03-31"),
    ("令和7年度", "2025-04-01/2026-03-31"),
    ("第2四半期", "07-01/09-30"),
    ("第二四半期", "07-01/09-30"),
    ("十月某日", "10-01/10-31"),
    ("FY2025 Q2", "2025-07-01/2025-09-30"),
    ("the first half of the fiscal year", "04-01/09-30"),
    ("年度末", "03-15/03-31"),
    ("昨年度末、3/30", "03-30"),
]
FROM_A_DAY = [
    ("契約した10/20の翌日", "10-21"),
    ("10月20日の3日後", "10-23"),
    ("10月20日の前日", "10-19"),
    ("two days after 20 October", "10-22"),
    ("the day before 20 October", "10-19"),
    ("10/20の翌週", "10-26/11-01"),
    ("10月20日の3日前", "10-17"),
    ("10/11に申し込んだ2日後", "10-13"),
    ("10月11日に申込をした翌日の夕方", "10-12 16:00/19:00"),
    ("10月11日（契約日）の翌々日", "10-13"),
    ("10/20にご契約いただいた翌日", "10-21"),
    ("10/20契約の翌週", "10-26/11-01"),
    ("10月3日に商品が届いて、その翌日", "10-04"),
    ("10月20日に申し込む3日前", "10-17"),
    ("10/20の15時に契約した翌日", "10-21"),
    ("10月20日(火)の翌日", "10-21"),
    ("先週の水曜の翌日", "11-26"),
    ("10月5日から3日後", "10-08"),
    ("10月5日から1週間後", "10-12"),
    ("10月5日から翌日まで", "10-05/10-06"),
    ("10/20の請求書が届いた2、3日後", "10-22/10-23"),
    ("10/20に請求書が来て数日後", "10-22/10-25"),
    ("10/20の翌朝", "10-21 06:00/11:00"),
    ("10/20かその翌日", "10-20/10-21"),
    ("10/20と翌日の夕方", "10-20..10-21 16:00/19:00"),
    ("10/20の次の日曜", "10-25"),
    ("翌日の10/21", "10-21"),
    ("two days after my order of Sep 24", "09-26"),
    ("the day after the contract of Oct 20", "10-21"),
    ("the day after signing on Oct 20th", "10-21"),
    ("the day after my appointment on Tuesday 20 October", "10-21"),
    ("a week after the installation on 12 October", "10-19"),
    ("the week after my order of October 5", "10-12/10-18"),
    ("a few days after 20 October", "10-22/10-25"),
    ("a couple of days after Oct 20", "10-22"),
    ("a day or two after Oct 20", "10-21/10-22"),
    ("the next day after Oct 20", "10-21"),
    ("Oct 20, the following day", "10-21"),
    ("Oct 20, two days later", "10-22"),
    ("5 October and the day after", "10-05/10-06"),
    ("yesterday or the day before", "11-30/12-01"),
    ("the morning after my order on Sep 24", "09-25 06:00/11:00"),
    ("the Tuesday before Christmas", "2025-12-23"),
    ("the Monday after 20 October", "10-26"),
    ("the same day as my order of Oct 20", "10-20"),
]
CLOCKS = [
    ("10/21 15時半", "10-21 15:15/15:45"),
    ("10/21 午後3時", "10-21 14:45/15:15"),
    ("10/21の15:00-17:00", "10-21 15:00/17:00"),
    ("10/21 9時から17時", "10-21 09:00/17:00"),
    ("10/21 午後2時から午後4時の間", "10-21 14:00/16:00"),
    ("10/21 between 3 and 5pm", "10-21 15:00/17:00"),
    ("Oct 21, 4 to 7pm", "10-21 16:00/19:00"),
    ("10/21 from 3pm until 5pm", "10-21 15:00/17:00"),
    ("10/21 15時ごろ", "10-21 14:30/15:30"),
    ("10/21 around 3 in the afternoon", "10-21 14:30/15:30"),
    ("10/21 about 4:30 pm", "10-21 16:10/16:50"),
    ("10/21 15時過ぎ", "10-21 15:00/15:30"),
    ("10/21 15時前", "10-21 14:30/15:00"),
    ("10/21 15時台", "10-21 15:00/16:00"),
    ("10/21の夜の8時", "10-21 19:45/20:15"),
    ("10/21 2時ごろ（午後）", "10-21 13:30/14:30"),
    ("10/21 around 1.30 in the morning", "10-21 01:10/01:50"),
    ("10/21 17:42:10", "10-21 17:42:10/17:43:10"),
    ("昨日の25時", "12-02 00:45/01:15"),
    ("11/7（土）の25時", "11-08 00:45/01:15"),
    ("10/21の夕方", "10-21 16:00/19:00"),
    ("10/21午前中", "10-21 09:00/12:00"),
    ("10/21の昼休み", "10-21 12:00/13:00"),
    ("10/21早朝", "10-21 05:00/08:00"),
    ("10/21 昼イチ", "10-21 12:45/14:00"),
    ("10/21 朝一番", "10-21 08:30/10:00"),
    ("10/21 just before lunch", "10-21 11:30/12:00"),
    ("10/21 between 11 and noon", "10-21 11:00/12:00"),
    ("10/21 between noon and one", "10-21 12:00/13:00"),
    ("10/21 no later than 3pm", "10-21 00:00/15:00"),
    ("10/21 not before 3pm", "10-21 15:00/24:00"),
    ("10/21 13時15分頃から約20分", "10-21 13:05/13:25"),
    ("10/21 夜7時を少し回った頃", "10-21 19:00/19:30"),
    ("10/21 午後6時ちょい前", "10-21 17:30/18:00"),
    ("10/21 from 9 till 10", "10-21 09:00/10:00"),
    ("10/21 just gone half past 3", "10-21 15:30/16:00"),
    ("10/21 at 4.15", "10-21 16:10/16:20"),
    ("10/21 half ten", "10-21 10:15/10:45"),
    (
        "10/20か21の午後2時か4時頃",
        "10-20 13:30/14:30, 10-20 15:30/16:30, 10-21 13:30/14:30, 10-21 15:30/16:30",
    ),
    ("10/20か21午後2時", "10-20..10-21 13:45/14:15"),
    ("十月二十一日午後一時十五分から", "10-21 13:10/13:20"),
    ("10/21 15時15分から15時30分", "10-21 15:15/15:30"),
    ("十月二十一日 午後一時", "10-21 12:45/13:15"),
    ("10/21 朝一〇時", "10-21 09:45/10:15"),
    ("10/21 午後一", "10-21 12:45/14:00"),
    ("10/21 from 3 pm", "10-21 14:45/15:15"),
    ("10/3, 4 calls", "10-03"),
    ("10/21 4pm-ish", "10-21 15:30/16:30"),
    ("10/21 between half past two and three", "10-21 14:30/15:00"),
    ("10/21 around 2 or 4 pm", "10-21 13:30/14:30, 10-21 15:30/16:30"),
    ("on the last day of Oct. 4ish", "10-31 15:30/16:30"),
    ("on the last day of Oct 4ish", "10-31 15:30/16:30"),
    ("the last day of Oct, at 4 or so", "10-31 15:30/16:30"),
    ("10/21の昼間", "10-21 10:00/16:00"),
    ("10/21 mid-morning", "10-21 09:00/11:00"),
    ("10/21 before lunch", "10-21 09:00/12:00"),
    ("10/21 仕事帰り", "10-21 17:00/21:00"),
    ("10/21 午後の遅い時間", "10-21 15:30/18:00"),
    ("10/21 午後早く", "10-21 12:00/15:00"),
    ("late afternoon on 10/21", "10-21 15:30/18:00"),
    ("10/21, late at night", "10-21 21:00/10-22 01:00"),
    ("10/21の深夜", "10-21 22:00/10-22 03:00"),
    ("10月下旬の夕方", "10-21..10-31 16:00/19:00"),
    ("Mon-Fri mornings last week", "11-23..11-27 06:00/11:00"),
    ("10/20と10/21の夕方", "10-20..10-21 16:00/19:00"),
    ("20日か21日の夜", "11-20..11-21 18:00/24:00"),
    ("今朝", "12-02 06:00/11:00"),
    ("10/21 half past ten", "10-21 10:15/10:45"),
    ("10/21 午前10時半頃", "10-21 10:10/10:50"),
    ("10/21 quarter past 3 pm", "10-21 15:10/15:20"),
    ("10/21 午前10時15分頃", "10-21 10:05/10:25"),
    ("10/21 15:30", "10-21 15:15/15:45"),
    ("10/21 15:32", "10-21 @15:32"),
    ("10/21 15:10", "10-21 15:07/15:13"),
    ("10/21 午後3時10分過ぎ", "10-21 15:10/15:25"),
    ("10/21 午後3時5分前", "10-21 14:52/14:58"),
    ("10/21 at 3 sharp", "10-21 @15:00"),
    ("10/21 1500 hours", "10-21 14:45/15:15"),
    ("10/21 at 1530", "10-21 15:15/15:45"),
    ("10月21日のどこか四時頃", "10-21 15:30/16:30"),
    ("11月7日の二時ごろ", "11-07 13:30/14:30"),
    ("10/21 午後2時か4時", "10-21 13:45/14:15, 10-21 15:45/16:15"),
    ("10/21 夜の8時か10時", "10-21 19:45/20:15, 10-21 21:45/22:15"),
    ("10/21 2 or 4 in the afternoon", "10-21 13:45/14:15, 10-21 15:45/16:15"),
    ("10/21 either 2 or 4pm", "10-21 13:45/14:15, 10-21 15:45/16:15"),
    ("10/21 午後2時4時", "10-21 13:45/14:15, 10-21 15:45/16:15"),
    ("10月21日の夕方か翌日の朝", "10-21 16:00/19:00, 10-22 06:00/11:00"),
    ("last night", "12-01 18:00/24:00"),
    ("2時間前", "12-02 @10:00"),
    ("10/21 15:00から10/22 10:00", "10-21 15:00/10-22 10:00"),
]


def moment(text: str, day: str = "") -> datetime:
    """A wall-clock time of Tokyo, of that day or of 2026, as UTC."""
    told = text if "-" in text else f"{day} {text}"
    date, _, clock = told.partition(" ")
    year, month, number = map(int, (date if date.count("-") == 2 else f"2026-{date}").split("-"))
    hour, minute, second = map(int, f"{clock or '0:00'}:00:00".split(":")[:3])
    step = timedelta(hours=hour - 9, minutes=minute, seconds=second)
    return datetime(year, month, number, tzinfo=UTC) + step


def intervals(text: str) -> list[tuple[datetime, datetime]]:
    """What is expected as begins and ends."""
    found = []
    for each in text.split(","):
        days, _, clock = each.strip().partition(" ")
        if not clock:
            first, _, last = days.partition("/")
            found.append((moment(first), moment(last or first) + timedelta(days=1)))
            continue
        first, _, last = days.partition("..")
        begin, _, end = clock.removeprefix("@").partition("/")
        for step in range((moment(last or first) - moment(first)).days + 1):
            opens = moment(begin, first)
            closes = moment(end, first) if end else opens + timedelta(minutes=1)
            found.append((opens + timedelta(days=step), closes + timedelta(days=step)))
    return found


@pytest.mark.parametrize(
    ("text", "expected"), [*DATES, *RELATIVE, *PARTS, *FEASTS, *FROM_A_DAY, *CLOCKS]
)
def test_what_is_said_is_these_intervals(text: str, expected: str) -> None:
    reading = read_when(text, now=NOW, zone=TOKYO, calendar=Calendar())
    heaviest = max((each.weight for each in reading.stretches), default=0.0)

    found: list[tuple[datetime, datetime]] = []
    for each in reading.stretches:
        begin, end = (EPOCH + timedelta(microseconds=at) for at in (each.begin_us, each.end_us))
        if each.weight == heaviest and found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        elif each.weight == heaviest:
            found.append((begin, end))

    assert found == _joined(intervals(expected))


def _joined(spans: list[tuple[datetime, datetime]]) -> list[tuple[datetime, datetime]]:
    """Neighbours without a gap as one."""
    found: list[tuple[datetime, datetime]] = []
    for begin, end in spans:
        if found and found[-1][1] == begin:
            found[-1] = (found[-1][0], end)
        else:
            found.append((begin, end))
    return found
