"""A call with all that is known of it, as people read it."""

from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.calls.shown_courses import ShownCourse
from api.web.calls.courses import CourseView
from api.web.calls.live_calls import LiveCallView
from archive.call.events import Event, RouteTaken
from archive.catalog.access.grants import Ask, ReadGrant, grant
from archive.catalog.database.engine import reading
from archive.catalog.search.call_course import read_course
from rokuon.cli.calls.course_rows import course_row, live_row
from tests.api.examples import LIVE
from tests.archive.catalog.examples import (
    STARTED_US,
    access,
    adopt,
    adoption,
    inbound,
    inline,
    new_catalog,
    notice_played,
    notice_reported,
    recording_id,
)


def course(folder: Path, *told: Event) -> dict[str, Any]:
    """A recording as the API answers it."""
    engine = new_catalog(folder)
    adopt(engine, adoption(1, told))
    target = recording_id(1)
    granted = grant(engine, ReadGrant, Ask(access=access(), target=target))
    with reading(engine) as connection:
        (found,) = read_course(connection, target, granted)
    return CourseView.tell(ShownCourse.of(found), UTC).model_dump(mode="json")


def test_a_recording_shows_the_marks_of_its_route(tmp_path: Path) -> None:
    """What `[[route]]` says of its recordings."""
    taken = RouteTaken(
        at_us=STARTED_US, route="r", target="pbx", mode="yes", queue="support", tags=("gold",)
    )
    shown = course_row(course(tmp_path, *inbound(), taken), UTC)["route"]

    assert isinstance(shown, dict)
    assert {key: shown[key] for key in ("route", "target", "queue", "tags")} == {
        "route": "r", "target": "pbx", "queue": "support", "tags": ["gold"],
    }  # fmt: skip


def test_a_recording_shows_its_notices(tmp_path: Path) -> None:
    """Which wording went to whom, and what he said of it."""
    told = inline(notice_played(), notice_reported(100))
    notices = course_row(course(tmp_path, *told), UTC)["notices"]
    assert isinstance(notices, list)
    (notice,) = notices

    assert (notice["to"], notice["wording"], notice["outcome"]) == (
        "caller", "録音します", "unheard",
    )  # fmt: skip
    assert (notice["from"], notice["until"]) == (
        "2026-10-29T08:42:10.000000+00:00", "2026-10-29T08:42:12.000000+00:00",
    )  # fmt: skip
    assert (notice["sent_ms"], notice["whole_ms"], notice["lost"]) == (2_000, 2_000, 100)


@pytest.mark.parametrize("mode", ["siprec", "inline"])
def test_a_call_that_is_up_says_since_when(mode: str) -> None:
    """Its length is told by the clock that is handed in."""
    answer = LiveCallView.show(msgspec.structs.replace(LIVE, mode=mode)).model_dump(mode="json")
    row = live_row(answer, UTC, LIVE.started_us / 1_000_000 + 90)

    assert (row["duration_s"], row["state"], row["paused_at"]) == (90, "live", "")


def test_a_correction_says_whose_it_is_by_name_and_what_was_there(tmp_path: Path) -> None:
    """People read names; programs have the participant's id beside it."""
    found = course(tmp_path, *inbound())
    whose = found["legs"][1]["participant"]
    written = {
        "kind": "agent", "participant": whose, "stream": None, "side_guessed": True,
        "value": ["A19"], "was": ["A17"],
        "author": "yamada", "at": "2026-11-28T08:42:10Z", "reason": "heard",
    }  # fmt: skip
    note = {"text": "one", "author": "yamada", "at": "2026-11-28T08:42:10Z", "reason": ""}
    found |= {"corrections": [written], "notes": [note]}
    found["legs"][1]["former_numbers"] = [{"number": "2002", "as_received": "", "address": ""}]
    found["legs"][1]["agent"] = {
        "id": "A19", "name": "大野 守", "by": "table", "confidence": "certain",
        "former_ids": ["A17"], "former_names": ["田中 真由"],
    }  # fmt: skip
    row = course_row(found, UTC)

    assert row["corrections"] == [
        {**written, "whose": "大野 守", "at": "2026-11-28T08:42:10+00:00"}
    ]
    assert row["notes"] == [{**note, "at": "2026-11-28T08:42:10+00:00"}]
    assert isinstance(row["legs"], list)
    assert [leg["was"] for leg in row["legs"]] == [[], ["2002", "A17"]]
    assert [leg["agent_was"] for leg in row["legs"]] == [[], ["田中 真由"]]
    assert row["marks"] == {}
