"""The routes that say why a call is kept."""

from pathlib import Path

import pytest

from rokuon.messages.i18n import words_in
from tests.api.examples import CALL, OTHERS_CALL, scene
from tests.support.web.retention import LAW_OF_NUMBERS, take_over


async def test_a_recording_that_nobody_ruled_on_is_kept_and_it_is_said_why(tmp_path: Path) -> None:
    """In values for programs and in sentences for people; the journal has who asked."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(f"/recordings/{CALL}/retention")
        (entry,) = it.journal()
    told = answer.json()

    assert (told["recording"], told["conversation"]) == (CALL, CALL)
    assert (told["revision"], told["zone"]) == (0, "Asia/Tokyo")
    assert told["audio"] == {
        "outcome": "keep",
        "due_at": None,
        "kept": "It is kept; nothing says on which day it goes.",
        "because": ["By rule default it never has to go."],
        "changes": [
            "It goes when a revision that is for it says when.",
            "A legal hold, a freeze or an erasure comes before all rules.",
        ],
        "floor": None,
        "ceiling": {"at": None, "last_day": None, "rules": ["default"]},
        "purposes": [],
    }
    assert told["metadata"] == told["audio"]
    assert (entry.action, entry.target) == ("read", CALL)
    assert entry.detail == {"what": "retention", "of": "recording"}


@pytest.mark.parametrize(
    ("language", "kept"),
    [
        (
            "en",
            "It is kept until the end of 2027-10-29 (Asia/Tokyo), then until the end of 2036-10-29"
            " (Asia/Tokyo) for these purposes alone: legal_duty.",
        ),
        (
            "ja",
            "2027-10-29 (Asia/Tokyo) の終わりまで保存され、その後は 2036-10-29 (Asia/Tokyo)"
            " の終わりまで次の目的に限って保存されます: legal_duty。",
        ),
    ],
)
async def test_the_revision_in_force_is_told_in_the_language_of_who_asks(
    tmp_path: Path, language: str, kept: str
) -> None:
    """The call was at 17:42 on 29 October 2026; the law is later than the house's own rule."""
    async with scene(tmp_path, words=words_in) as it:
        take_over(it, LAW_OF_NUMBERS)
        answer = await it.client.get(
            f"/recordings/{CALL}/retention", headers={"Accept-Language": language}
        )
    told = answer.json()

    assert told["revision"] == 1
    assert told["audio"]["kept"] == kept
    assert told["audio"]["due_at"] == "2036-10-29T15:00:00Z"
    assert told["audio"]["floor"] == {
        "at": "2036-10-29T15:00:00Z", "last_day": "2036-10-29", "rules": ["kashikin-19"],
    }  # fmt: skip
    assert any("kashikin-19 (施行規則 17条)" in each for each in told["audio"]["because"])


async def test_a_revision_for_calls_to_come_does_not_judge_one_that_was(tmp_path: Path) -> None:
    """Nobody's call is kept shorter than was said when it was made."""
    async with scene(tmp_path) as it:
        take_over(it, LAW_OF_NUMBERS, is_retroactive=False)
        answer = await it.client.get(f"/recordings/{CALL}/retention")

    assert answer.json()["revision"] == 0


async def test_a_call_is_told_by_its_recordings(tmp_path: Path) -> None:
    """Each of them may be kept by another rule."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(f"/calls/{CALL}/retention")

    assert answer.json()["conversation"] == CALL
    assert [each["recording"] for each in answer.json()["recordings"]] == [CALL]


@pytest.mark.parametrize("path", [f"/recordings/{OTHERS_CALL}", f"/calls/{OTHERS_CALL}"])
async def test_what_is_another_s_is_not_there(tmp_path: Path, path: str) -> None:
    """Not even that somebody's policy keeps it."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(f"{path}/retention")

    assert answer.status_code == 404
