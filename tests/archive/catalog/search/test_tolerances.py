"""What a source does in its own way, over all its recordings."""

from pathlib import Path

import pytest

from archive.call.events import Tolerated
from archive.catalog.access.grants import Ask, NotGranted, ReadGrant, SearchGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.tolerances import ToleranceCount, tolerances_of
from tests.archive.catalog.examples import (
    MINUTE_US,
    STARTED_US,
    access,
    adopt,
    adoption,
    inbound,
    new_catalog,
    recording_id,
)
from tests.archive.catalog.rebuilding import rebuild


def odd(code: str, detail: str = "", at_us: int = STARTED_US) -> Tolerated:
    return Tolerated(at_us=at_us, code=code, detail=detail)


LATER_US = STARTED_US + MINUTE_US
CALLS = [
    adoption(1, (*inbound(), odd("TOL-006", "m-line 1"), odd("TOL-006", "m-line 2"))),
    adoption(2, (*inbound(LATER_US), odd("TOL-004", at_us=LATER_US), odd("TOL-006", "", LATER_US))),
    adoption(3, inbound()),
]


def test_each_code_is_counted_with_an_example(tmp_path: Path) -> None:
    """Once a recording, also after the index was built anew."""
    engine = new_catalog(tmp_path)
    adopt(engine, *CALLS)
    rebuild(engine, CALLS)
    granted = grant(engine, SearchGrant, Ask(access=access()))
    with reading(engine) as connection:
        dialect, label = tolerances_of(connection, "sbc-tokyo", granted)
        assert tolerances_of(connection, "another", granted) == []

    last = recording_id(2, LATER_US)
    assert dialect == ToleranceCount(
        code="TOL-004", recordings=1, first_us=LATER_US, last_us=LATER_US, example=last, detail=""
    )
    assert (label.recordings, label.first_us, label.last_us) == (2, STARTED_US, LATER_US)
    assert label.example == last


def test_a_report_needs_a_grant_for_searching(tmp_path: Path) -> None:
    """It tells of every call of a source."""
    engine = new_catalog(tmp_path)
    adopt(engine, *CALLS)
    granted = grant(engine, ReadGrant, Ask(access=access(), target=recording_id(1)))

    with reading(engine) as connection, pytest.raises(NotGranted):
        tolerances_of(connection, "sbc-tokyo", granted)  # type: ignore[arg-type]  # the wrong right
