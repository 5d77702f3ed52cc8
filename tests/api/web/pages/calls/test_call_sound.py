"""What is heard and drawn beside the page of a call, by a session."""

from pathlib import Path

import pytest

from api.permissions.roles import Role
from tests.api.examples import CALL, ETAG, OTHERS_CALL, SOUND
from tests.api.web.pages.browser import FORM, browser, text_of
from tests.archive.catalog.examples import (
    MINUTE_US,
    STARTED_US,
    adopt,
    adoption,
    inbound,
    recording_id,
)
from tests.support.pages.call import journal


async def test_a_range_is_heard_by_a_session_as_by_a_token(tmp_path: Path) -> None:
    """The same bytes under the same tag; the entry says which were asked for."""
    async with browser(tmp_path) as page:
        whole = await page.see(f"/calls/{CALL}/audio")
        part = await page.see(f"/calls/{CALL}/audio", Range="bytes=10-19")
        head = await page.client.head(f"/calls/{CALL}/audio")
        told = [dict(each.detail) for each in journal(page, "listened")]

    assert (whole.status_code, whole.content) == (200, SOUND)
    assert (part.status_code, part.content) == (206, SOUND[10:20])
    assert (head.status_code, head.headers["etag"]) == (200, f'"{ETAG}"')
    assert told == [{}, {"range": "bytes=10-19"}, {"method": "HEAD"}]


async def test_nobody_hears_without_a_session_or_outside_of_its_reach(tmp_path: Path) -> None:
    """A token is of no use here, a session of none there."""
    async with browser(tmp_path) as page:
        others = await page.see(f"/calls/{OTHERS_CALL}/audio")
        page.client.cookies.clear()
        nobody = await page.see(f"/calls/{CALL}/audio")

    assert others.status_code == 404
    assert (nobody.status_code, nobody.content) == (303, b"")


async def test_the_waveform_has_channels_blanks_and_highlights(tmp_path: Path) -> None:
    """As heard: it takes the same right, and its entry."""
    async with browser(tmp_path) as page:
        drawn = (await page.see(f"/calls/{CALL}/waveform")).json()
        (entry,) = journal(page, "listened")

    assert [each["side"] for each in drawn["channels"]] == ["customer", "agent"]
    assert drawn["blanks"][0]["channels"] == [2]
    assert entry.detail == {"what": "waveform"}


async def test_what_was_played_is_in_the_journal_as_the_browser_said_it(tmp_path: Path) -> None:
    """Merged, within the call, and rounded."""
    fields = {"stretches": "61040-75010,0-1210,1200-2000,539000-999999", "channels": "1"}
    async with browser(tmp_path) as page:
        answer = await page.send(f"/calls/{CALL}/played", fields)
        (entry,) = journal(page, "played")

    assert answer.status_code == 204
    assert (entry.target, entry.actor) == (CALL, "yamada")
    assert entry.detail == {"ms": ["0-2000", "61000-75100", "539000-540000"], "channels": ["1"]}


@pytest.mark.parametrize(
    "stretches",
    ["", "5", "a-b", "5-1", "-1-5", "9999999-99999999", "1" * 400, ",".join(["1-2"] * 201)],
)
async def test_what_cannot_have_been_played_is_not_written_down(
    tmp_path: Path, stretches: str
) -> None:
    """The journal is for ever."""
    async with browser(tmp_path) as page:
        answer = await page.send(f"/calls/{CALL}/played", {"stretches": stretches})

        assert journal(page, "played") == []
    assert answer.status_code == 422


async def test_only_a_page_of_ours_says_what_was_played_and_takes_copies(tmp_path: Path) -> None:
    """Another site must not be able to write into somebody's journal."""
    async with browser(tmp_path) as page:
        for path in ("played", "export", "notes", "tags", "glass"):
            without = await page.client.post(f"/calls/{CALL}/{path}", data={}, headers=FORM)
            elsewhere = await page.send(
                f"/calls/{CALL}/{path}", {}, Origin="https://attacker.example"
            )
            assert (without.status_code, elsewhere.status_code) == (403, 403)


async def test_a_copy_is_taken_away_by_a_form(tmp_path: Path) -> None:
    """Its name is the begin in the zone of who sits there, and the id: nothing of a person."""
    async with browser(tmp_path) as page:
        fields = {"recording": CALL, "format": "flac"}
        answer = await page.send(f"/calls/{CALL}/export", fields)
        wrong = await page.send(f"/calls/{CALL}/export", {**fields, "format": "mp3"})
        (entry,) = journal(page, "exported")

    assert answer.content == b"flac" + SOUND
    named = f'attachment; filename="2026-10-29_1742_{CALL}.flac"'
    assert answer.headers["content-disposition"] == named
    assert entry.detail["format"] == "flac"
    assert wrong.status_code == 422


async def test_who_may_not_take_a_copy_gets_a_page_that_says_so(tmp_path: Path) -> None:
    """And none of its bytes."""
    async with browser(tmp_path, Role.REVIEWER) as page:
        page.sessions.purpose = "quality"
        fields = {"recording": CALL, "format": "wav"}
        answer = await page.send(f"/calls/{CALL}/export", fields)

    assert answer.status_code == 403
    assert "Your roles do not allow this" in text_of(answer)


@pytest.mark.parametrize(
    ("path", "fields"),
    [("export", {"format": "wav"}), ("notes", {"note": "x"}), ("tags", {"tag": "x"})],
)
async def test_a_form_of_one_call_reaches_no_recording_of_another(
    tmp_path: Path, path: str, fields: dict[str, str]
) -> None:
    """A reason that was given to pass by the purposes of one call is none for the next."""
    async with browser(tmp_path) as page:
        adopt(page.engine, adoption(5, inbound(STARTED_US - MINUTE_US)))
        sent = {**fields, "recording": str(recording_id(5, STARTED_US - MINUTE_US))}
        answer = await page.send(f"/calls/{CALL}/{path}", sent)

        assert journal(page, "exported") == []
        assert journal(page, "corrected") == []
    assert answer.status_code == 404


@pytest.mark.parametrize("what", ["audio", "waveform", "quality", "ladder"])
@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_site_has_nothing_fetched_in_somebody_s_name(
    tmp_path: Path, what: str, site: str
) -> None:
    """Nothing would be shown there, but the journal would say that it was heard."""
    async with browser(tmp_path) as page:
        answer = await page.see(f"/calls/{CALL}/{what}", **{"Sec-Fetch-Site": site})

        assert journal(page, "listened") == []
    assert answer.status_code == 403
