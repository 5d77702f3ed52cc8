"""Facts counted by the month in which they end."""

from api.simulations.facts_calendar import NO_END, FactsCalendar, FactsEnd


def test_months_are_in_order_and_what_has_no_end_is_beside_them() -> None:
    """A month that is none would be drawn as one."""
    own = FactsCalendar()
    own.add(FactsEnd("2029-04", "2028-12"), 2)
    own.add(FactsEnd(NO_END, "2027-01"), 3)
    own.add(FactsEnd(None, None), 9)

    assert own.content() == {
        "facts_months": {"2027-01": 3, "2028-12": 2},
        "facts_months_today": {"2029-04": 2},
        "facts_no_end": 0,
        "facts_no_end_today": 3,
    }


def test_what_is_counted_in_another_place_is_taken_away_without_a_trace() -> None:
    """Groups are counted whole, and what is judged apart is subtracted."""
    own = FactsCalendar()
    own.add(FactsEnd("2029-04", NO_END), 2)
    own.add(FactsEnd("2029-04", NO_END), -2)

    assert (own.today, own.then) == ({}, {})
