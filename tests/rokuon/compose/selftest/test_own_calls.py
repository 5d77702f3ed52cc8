"""The self-test's own calls."""

from datetime import UTC, datetime, timedelta

from rokuon.compose.selftest.own_calls import calls_of_id, heard_lanes
from tests.archive.reading.scenes import START_US
from tests.rokuon.installation import SECONDS, Installation

BEGIN = datetime.fromtimestamp(START_US / 1e6, UTC)
MINUTE = timedelta(minutes=1)


def test_a_call_is_found_by_its_call_id_and_heard_lane_by_lane(site: Installation) -> None:
    """In memory alone."""
    (call,) = calls_of_id(site.config, "one@example", BEGIN - MINUTE, BEGIN + MINUTE)
    lanes = heard_lanes(site.config, call)

    assert [lane.side for lane in lanes] == ["customer", "agent"]
    assert [len(lane.samples) for lane in lanes] == [SECONDS * 8000] * 2
    assert calls_of_id(site.config, "two@example", BEGIN - MINUTE, BEGIN + MINUTE) == ()
