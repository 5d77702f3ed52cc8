"""Times as they are sent and answered."""

from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from api.web.http.models import SearchBody
from api.web.http.times import shown
from tests.api.examples import window
from tests.archive.catalog.examples import STARTED_US


@pytest.mark.parametrize(
    "moment",
    [
        "2026-10-29T17:42:10+09:00",
        "2026-10-29T08:42:10Z",
        "2026-10-29t08:42:10z",
        "2026-10-29T08:42:10.000000000Z",
        "2026-10-29T03:42:10.0-05:00",
    ],
)
def test_a_time_is_a_time_of_rfc_3339(moment: str) -> None:
    """Five spellings of one moment."""
    body = SearchBody.model_validate({"window": window(start=moment)})

    assert body.query("").window.start_us == STARTED_US


@pytest.mark.parametrize(
    "moment",
    [
        "2026-10-29T17:42:10",
        "2026-10-29 17:42:10Z",
        "2026-10-29",
        "",
        0,
        1.5,
        True,
        None,
        "2026-13-01T00:00:00Z",
        "2026-10-29T25:00:00Z",
        "2026-10-29T17:42Z",
        "٢026-10-29T00:00:00Z",
    ],
)
def test_nothing_else_is_a_time(moment: object) -> None:
    """Numbers and local times would be read in some zone that nobody named."""
    with pytest.raises(ValidationError):
        SearchBody.model_validate({"window": window() | {"from": moment}})


def test_a_time_is_answered_as_a_clock_of_the_zone_shows_it() -> None:
    """To the microsecond."""
    answered = shown(STARTED_US + 1, ZoneInfo("Asia/Tokyo"))

    assert answered.isoformat() == "2026-10-29T17:42:10.000001+09:00"
