"""The page on which a legal hold is placed."""

from pathlib import Path

from api.permissions.roles import Role
from archive.call.events import CallEnded
from tests.api.web.pages.browser import browser, text_of
from tests.api.web.pages.real import real_browser
from tests.archive.catalog.examples import STARTED_US, adopt, adoption, opened, party, stream
from tests.support.pages.holds import ALL_TIME, TERMS, placed

SEARCH = "from=2026-10-01&to=2026-11-30"


async def test_a_search_leads_to_a_hold_over_it_which_is_counted_first(tmp_path: Path) -> None:
    """What will be held is seen before it is; the journal has the search."""
    async with real_browser(tmp_path, Role.RETENTION_OWNER) as it:
        found = await it.see(f"/calls?{SEARCH}&number=7788")
        draft = await it.see("/hold-draft?from=2026-10-01&to=2026-11-30&number=7788")
        told = [dict(each.detail) for each in it.journal("searched")]

    address = "/hold-draft?from=2026-10-01&amp;to=2026-11-30&amp;number=7788"
    assert f'href="{address}"' in found.text
    assert "Recordings that it finds now: 1" in text_of(draft)
    assert "Telephone number: 7788" in text_of(draft)
    assert '<input type="hidden" name="number" value="7788">' in draft.text
    assert (told[-1]["what"], told[-1]["clues"]) == ("hold", ["number …7788"])


async def test_what_would_be_held_by_a_guess_and_what_is_left_out_is_told(tmp_path: Path) -> None:
    """A hold takes a guess, and no call whose direction nobody knows."""
    tanaka = party(0, "sip:7@x", "agent", names=("田中",), because="first_stream")
    ended = CallEnded(at_us=STARTED_US + 1, reason="bye")
    async with browser(tmp_path, Role.LEGAL) as page:
        adopt(page.engine, adoption(5, (opened(), stream(0), tanaka, ended)))
        named = text_of(await page.see(f"/hold-draft?{SEARCH}&customer=田中"))
        directed = text_of(await page.see(f"/hold-draft?{SEARCH}&direction=inbound"))

    assert "Of these by a guess of sides, which a hold takes too: 1" in named
    assert "Recordings of unknown direction that it leaves out: 1" in directed
    assert "leaves out" not in named
    assert "by a guess" not in directed


async def test_counting_again_keeps_what_was_typed_and_holds_nothing(tmp_path: Path) -> None:
    """A hold of all times finds what the days of the search did not."""
    typed = {"from": "2026-01-01", "to": "2026-01-02", "matter": "M-1", "future": "yes"}
    async with browser(tmp_path, Role.LEGAL) as page:
        before = text_of(await page.send("/hold-draft/check", typed))
        answer = await page.send("/hold-draft/check", {**typed, "always": "yes"})
        holds = text_of(await page.see("/holds"))

    assert "Recordings that it finds now: 0" in before
    assert "Recordings that it finds now: 1" in text_of(answer)
    assert 'value="M-1"' in answer.text
    assert answer.text.count(" checked") == 2
    assert "Nothing is held." in holds


async def test_a_hold_at_any_time_has_no_window(tmp_path: Path) -> None:
    """What comes later fits it, whatever the days of the search were."""
    async with real_browser(tmp_path, Role.LEGAL) as it:
        at = await placed(it, always="yes", future="yes")
        told = text_of(await it.see(at))

    assert "at any time" in told
    assert "also what comes to fit later" in told


async def test_what_is_missing_is_said_beside_its_field(tmp_path: Path) -> None:
    """Nothing is held for no matter, or without a day on which somebody looks."""
    async with browser(tmp_path, Role.LEGAL) as page:
        answer = await page.send(
            "/hold-draft", {**ALL_TIME, **TERMS, "matter": "", "review_on": "soon"}
        )
        holds = text_of(await page.see("/holds"))

    assert answer.status_code == 422
    assert answer.text.count('aria-invalid="true"') == 2
    assert "a day, as 2027-04-01" in text_of(answer)
    assert "Nothing is held." in holds


async def test_a_search_that_cannot_be_understood_holds_nothing(tmp_path: Path) -> None:
    """Also where somebody has typed the address."""
    async with browser(tmp_path, Role.LEGAL) as page:
        seen = await page.see("/hold-draft?from=soon")
        sent = await page.send("/hold-draft", {**TERMS, "from": "soon"})
        holds = text_of(await page.see("/holds"))

    assert (seen.status_code, sent.status_code) == (422, 422)
    assert 'href="/calls?from=soon"' in seen.text
    assert "Nothing is held." in holds


async def test_who_may_place_none_is_offered_none(tmp_path: Path) -> None:
    """Searching is for many, holding for few."""
    async with browser(tmp_path, Role.APPROVER) as page:
        found = await page.see(f"/calls?{SEARCH}")
        draft = await page.see(f"/hold-draft?{SEARCH}")

    assert "/hold-draft" not in found.text
    assert draft.status_code == 403
