"""What the routes under `/retention/clock` send."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from api.operation.machine_clock import ClockState
from api.web.operation.machine_clock import ClockView, ReadTime
from archive.keys.clock_watch import ClockFacts


def test_the_time_is_sent_with_the_doubt() -> None:
    """Who asks compares it with a watch."""
    facts = ClockFacts(doubt="pause", kernel="unsynchronised", since_us=1_000_000)
    sent = ClockView.show(ClockState(1_000_000, facts)).model_dump(mode="json")

    assert (sent["doubt"], sent["kernel"], sent["last_life"]) == ("pause", "unsynchronised", None)
    assert sent["doubted_since"] == sent["now"]
    assert datetime.fromisoformat(sent["now"]) == datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)


@pytest.mark.parametrize("at", ["2027-01-04T09:12:00", "nine"])
def test_a_time_without_its_zone_is_none(at: str) -> None:
    """An hour off is another day at midnight."""
    with pytest.raises(ValidationError):
        ReadTime.model_validate({"at": at})
