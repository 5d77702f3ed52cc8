"""The calendar, row by row: what `explain` says is what the evaluator decides, to the microsecond.

Each last day is counted by hand from the text of the law, not by our code.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api.words.explanation_words import explain
from api.words.texts import in_english
from archive.moments import EPOCH
from retention.decisions.decision import Outcome
from retention.decisions.recording_judgement import Judgement, judge_all
from retention.policies.policy import Calendars
from retention.policies.revision import Revision
from retention.rules.rule import Counting, Rank, RetentionRule
from tests.api.retained import retained
from tests.retention.examples import policy, rule

MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Row:
    """A call that ended then, in the zone; the period; how it is counted; the last day kept."""

    ended: str
    period: str
    last: str
    zone: str = "Asia/Tokyo"
    counted_from: str = "event"
    fiscal: int = 4

    @property
    def ended_at(self) -> datetime:
        return datetime.fromisoformat(self.ended).replace(tzinfo=ZoneInfo(self.zone))


TABLE = [
    # Leap days: begun on one, ended on one, over a century that has none (2100) and one that has.
    Row("2028-02-29T12:00", "P1Y", "2029-02-28"),
    Row("2028-02-29T12:00", "P4Y", "2032-02-29"),
    Row("2027-02-28T12:00", "P1Y", "2028-02-29"),
    Row("2028-02-28T23:59:59", "P1Y", "2029-02-28"),
    Row("2027-02-28T12:00", "P12M", "2028-02-29"),
    Row("2024-02-28T12:00", "P76Y", "2100-02-28"),
    Row("1996-02-28T12:00", "P4Y", "2000-02-28"),
    Row("2027-03-01T12:00", "P366D", "2028-03-01"),
    # Ends of months.
    Row("2026-01-30T12:00", "P1M", "2026-02-28"),
    Row("2028-01-30T12:00", "P1M", "2028-02-29"),
    Row("2026-01-31T12:00", "P1M", "2026-02-28"),
    Row("2026-02-28T12:00", "P1M", "2026-03-31"),
    Row("2026-03-30T12:00", "P1M", "2026-04-30"),
    Row("2026-03-31T12:00", "P1M", "2026-04-30"),
    Row("2026-12-31T12:00", "P2M", "2027-02-28"),
    Row("2026-08-30T12:00", "P6M1D", "2027-03-01"),
    # The day is the zone's: a moment before and after its midnight.
    Row("2026-03-31T23:59:59.999999", "P1D", "2026-04-01"),
    Row("2026-04-01T00:00", "P1D", "2026-04-02"),
    Row("2026-03-31T23:59:59.999999", "P1D", "2026-04-01", zone="Pacific/Kiritimati"),
    Row("2026-04-01T00:00", "P1D", "2026-04-02", zone="Pacific/Pago_Pago"),
    Row("2026-04-01T00:00", "P1M", "2026-05-01", zone="Asia/Kathmandu"),
    # Clocks that change on the first or the last day, and at the moment of the end.
    Row("2026-03-28T12:00", "P1D", "2026-03-29", zone="Europe/Berlin"),
    Row("2026-10-24T12:00", "P1D", "2026-10-25", zone="Europe/Berlin"),
    Row("2026-09-25T12:00", "P1M", "2026-10-25", zone="Europe/Berlin"),
    Row("2026-03-07T12:00", "P1D", "2026-03-08", zone="America/New_York"),
    Row("2026-10-31T12:00", "P1D", "2026-11-01", zone="America/New_York"),
    Row("2018-11-02T12:00", "P1D", "2018-11-03", zone="America/Sao_Paulo"),
    Row("2026-10-30T12:00", "P1D", "2026-10-31", zone="America/Havana"),
    Row("2026-04-04T12:00", "P1D", "2026-04-05", zone="Australia/Lord_Howe"),
    # 年度: from April; of another controller from January or July.
    Row("2026-03-31T23:59", "P5Y", "2031-03-31", counted_from="fiscal_year"),
    Row("2026-04-01T00:00", "P5Y", "2032-03-31", counted_from="fiscal_year"),
    Row("2027-03-31T12:00", "P10Y", "2037-03-31", counted_from="fiscal_year"),
    Row("2028-02-29T12:00", "P1Y", "2029-03-31", counted_from="fiscal_year"),
    Row("2026-12-31T12:00", "P1Y", "2027-12-31", counted_from="fiscal_year", fiscal=1),
    Row("2026-06-30T12:00", "P1Y", "2027-06-30", counted_from="fiscal_year", fiscal=7),
    Row("2026-07-01T12:00", "P1Y", "2028-06-30", counted_from="fiscal_year", fiscal=7),
    Row("2026-04-15T12:00", "P1M", "2026-05-31", counted_from="next_month"),
    Row("2026-12-31T12:00", "P2M", "2027-02-28", counted_from="next_month"),
    Row("2027-12-31T12:00", "P2M", "2028-02-29", counted_from="next_month"),
    # 和暦: eras begin and end within periods, and change none. 昭和64年1月7日, 平成元年1月8日,
    # 平成31年4月30日, 令和元年5月1日.
    Row("1989-01-07T23:59", "P30Y", "2019-01-07"),
    Row("1989-01-08T00:00", "P30Y", "2019-01-08"),
    Row("2019-04-30T23:59", "P10Y", "2029-04-30"),
    Row("2019-05-01T00:00", "P10Y", "2029-05-01"),
    Row("2019-04-01T12:00", "P1M", "2019-05-01"),
    Row("2018-05-01T12:00", "P1Y", "2019-05-01"),
    Row("2019-04-30T12:00", "P10Y", "2030-03-31", counted_from="fiscal_year"),
]


def judged(row: Row, now: datetime, *, as_minimum: bool = False) -> Judgement:
    """What is made of the call at a moment; as a minimum: what is past a maximum is restricted."""
    counting = Counting(counted_from=row.counted_from)  # type: ignore[arg-type]  # one of three
    rules: tuple[RetentionRule, ...]
    if as_minimum:
        law = replace(rule("row", at_least=row.period, rank=Rank.LAW), counting=counting)
        rules = (law, rule("soon", after="P0D"))
    else:
        rules = (replace(rule("row", after=row.period), counting=counting),)
    calendars = Calendars(zone=ZoneInfo(row.zone), fiscal_year_begins=row.fiscal)
    by = Revision(
        number=1,
        policy=policy(*rules, calendars=calendars),
        in_force_at=EPOCH,
        is_retroactive=True,
    )
    found = retained(ended_us=(row.ended_at - EPOCH) // MOMENT)
    (judgement,) = judge_all([found], [by], now, {})
    return judgement


def said(judgement: Judgement) -> str:
    return explain(judgement, judgement.audio, in_english, "en").kept


def end_of(row: Row) -> datetime:
    """The first moment after the last day, found from the clocks: where their date is later."""
    last, zone = date.fromisoformat(row.last), ZoneInfo(row.zone)
    low = datetime(last.year, last.month, last.day, tzinfo=EPOCH.tzinfo) - timedelta(days=2)
    high = low + timedelta(days=5)
    while high - low > MOMENT:
        middle = low + (high - low) / 2
        is_after = middle.astimezone(zone).date() > last
        low, high = (low, middle) if is_after else (middle, high)
    return high


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.ended}-{row.period}-{row.last}")
def test_it_is_kept_to_the_last_moment_of_the_day_that_is_said_and_goes_with_the_next(
    row: Row,
) -> None:
    """As who keeps it and who wants it gone count, with the same day in the sentence."""
    ends = end_of(row)
    before, after = judged(row, ends - MOMENT), judged(row, ends)

    assert before.audio.decision.outcome is Outcome.KEEP
    assert said(before) == f"It is kept until the end of {row.last} ({row.zone}), then it goes."
    assert before.audio.goes_at == ends
    assert after.audio.decision.outcome is Outcome.DESTROY
    assert said(after) == "It must go: it is due."


@pytest.mark.parametrize("row", TABLE, ids=lambda row: f"{row.ended}-{row.period}-{row.last}")
def test_a_minimum_keeps_to_the_same_moment(row: Row) -> None:
    """A minimum and a maximum of the same period leave no moment between them."""
    ends = end_of(row)
    before, after = judged(row, ends - MOMENT, as_minimum=True), judged(row, ends, as_minimum=True)

    assert before.audio.decision.outcome is not Outcome.DESTROY
    assert f"until the end of {row.last} ({row.zone})" in said(before)
    assert after.audio.decision.outcome is Outcome.DESTROY
    assert said(after) == "It must go: it is due."
