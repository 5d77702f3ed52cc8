"""Routes of copies."""

from pathlib import Path

import pytest

from api.access.listener_access import ListenerState, NoLongerTrusted
from api.web.calls.exports import ExportChannelView
from api.web.http.audio import PIECE_BYTES
from archive.errors import KeyUnavailable
from archive.reading.export_forms import ExportForm
from archive.reading.lanes import Lane
from tests.api.examples import CALL, SOUND, scene

PATH = f"/recordings/{CALL}/export"


@pytest.mark.parametrize("form", list(ExportForm))
async def test_a_copy_is_a_file_with_a_name_and_an_entry(tmp_path: Path, form: ExportForm) -> None:
    """All its pieces, under the type of its form."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(PATH, params={"format": form.value})
        (entry,) = it.journal()

    assert answer.content == form.value.encode() + SOUND
    assert answer.headers["content-disposition"].endswith(f'.{form.value}"')
    assert answer.headers["cache-control"] == "no-store"
    assert (entry.action, entry.detail["format"]) == ("exported", form.value)


async def test_a_copy_is_named_by_begin_and_id_alone(tmp_path: Path) -> None:
    """In the installation's zone; a name or number would be personal data on somebody's disk."""
    async with scene(tmp_path) as it:
        answer = await it.client.get(PATH, params={"format": "wav"})

    named = f'attachment; filename="2026-10-29_1742_{CALL}.wav"'
    assert answer.headers["content-disposition"] == named


async def test_what_belongs_beside_a_copy_is_told(tmp_path: Path) -> None:
    """Channels and silences, in seconds from the begin."""
    async with scene(tmp_path) as it:
        told = (await it.client.get(f"{PATH}/notes")).json()

    assert [(each["channel"], each["side"]) for each in told["channels"]] == [(1, "agent")]
    assert told["silences"] == [
        {
            "from_s": 1.0,
            "until_s": 2.5,
            "because": "hold",
            "channels": [2],
            "participant": "",
            "codec": "",
            "extra": "",
        }
    ]
    assert told["gaps"] == [
        {
            "from_s": 3.0, "until_s": 3.4, "because": "lost", "missing_s": 0.4, "packets": 20,
            "participant": "",
        }
    ]  # fmt: skip


async def test_what_cannot_be_copied_is_a_problem_and_no_broken_file(tmp_path: Path) -> None:
    """The first piece is made before the status is chosen."""
    async with scene(tmp_path, fails_with=KeyUnavailable("gone")) as it:
        answer = await it.client.get(PATH)

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")


@pytest.mark.parametrize("path", [PATH, f"/recordings/{CALL}/audio", f"/calls/{CALL}/audio"])
async def test_what_is_being_sent_ends_when_its_token_is_revoked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """Cut short, and not as if it were whole: somebody has left the house with half of it."""
    asked: list[ListenerState] = []

    async def holds(trust: ListenerState) -> bool:
        asked.append(trust)
        return len(asked) == 1

    monkeypatch.setattr(ListenerState, "holds", holds)
    async with scene(tmp_path, sound=bytes(3 * PIECE_BYTES)) as it:
        with pytest.raises(NoLongerTrusted):
            await it.client.get(path)

    assert len(asked) == 2


@pytest.mark.parametrize("is_guess", [True, False])
def test_a_channel_says_whether_its_side_is_a_guess(is_guess: bool) -> None:
    """Who takes the copy away has nothing else that tells it."""
    lane = Lane(streams=(0,), participant="c", side="customer", is_guessed=is_guess)

    assert ExportChannelView.show(1, lane).side_guessed is is_guess
