"""The calendar of a simulation, as it is drawn."""

from api.web.pages.retention.calendar_bars import MOST_BARS, MOST_MONTHS, CalendarBar, CalendarBars


def calendar(today: dict[str, int], then: dict[str, int]) -> CalendarBars:
    """Of so many recordings by month."""
    found = {
        key: {month: {"recordings": count, "bytes": count << 20} for month, count in own.items()}
        for key, own in (("months_today", today), ("months", then))
    }
    return CalendarBars.of(found)


def test_a_month_in_which_nothing_goes_has_its_place() -> None:
    """A calendar without it would look as if all went at once; the table leaves it out."""
    own = calendar({"2027-01": 4}, {"2026-11": 2, "2027-01": 1})

    assert own.bars == (
        CalendarBar(label="2026-11", then=2),
        CalendarBar(label="2026-12"),
        CalendarBar(label="2027-01", today=4, then=1),
    )
    assert own.highest == 4
    assert [each.month for each in own.rows] == ["2026-11", "2027-01"]
    assert own.rows[1].size_bytes == 1 << 20


def test_many_months_are_drawn_as_years() -> None:
    """Those of a year are added up."""
    own = calendar({}, {"2026-11": 2, "2026-12": 3, "2036-10": 1})

    assert own.bars[0] == CalendarBar(label="2026", then=5)
    assert own.bars[-1] == CalendarBar(label="2036", then=1)
    assert len(own.bars) == 11 < MOST_MONTHS


def test_what_is_kept_for_thousands_of_years_is_not_drawn_to_its_end() -> None:
    """The table has it."""
    own = calendar({}, {"2026-11": 2, "9026-12": 3})

    assert len(own.bars) == MOST_BARS
    assert own.rows[-1].month == "9026-12"


def test_where_nothing_ever_goes_nothing_is_drawn() -> None:
    """As with the policy as shipped."""
    assert (calendar({}, {}).bars, calendar({}, {}).highest) == ((), 0)


def test_facts_have_a_calendar_of_their_own() -> None:
    """Of counts alone: facts have no size that anybody waits for."""
    own = CalendarBars.of_facts(
        {"facts_months": {"2029-10": 3}, "facts_months_today": {"2029-11": 2}, "facts_no_end": 4}
    )

    assert own.bars == (CalendarBar(label="2029-10", then=3), CalendarBar(label="2029-11", today=2))
    assert own.endless == 4
