"""The page of what is left of destroyed recordings."""

from pathlib import Path

from sqlalchemy import Engine

from api.permissions.roles import Role
from archive.access.reach import ReachFacts
from archive.catalog.database.engine import writing
from archive.catalog.destruction.tombstones import place_tombstone
from archive.lifecycle.tombstone import Remains, Tombstone
from tests.api.web.pages.browser import browser, text_of
from tests.archive.catalog.examples import MINUTE_US, NOW_US, recording_id
from tests.support.web.destruction import AT_HOUR_US, destroyed

_DAY_US = 24 * 60 * MINUTE_US
_YEAR_US = 365 * _DAY_US
_TOUCHING = ("", "from=2026-10-01", "to=2026-12-31")
_BESIDE = ("to=2026-10-01", "from=2026-12-31")


def _gone(engine: Engine, count: int, at_us: int = NOW_US) -> None:
    """So many, whose calls began a year before they went."""
    with writing(engine) as connection:
        for n in range(count):
            remains = Remains(
                hour_us=AT_HOUR_US - _YEAR_US,
                facts=ReachFacts(queues=("support",)),
                revision=1,
                rules=("year",),
                plan=3,
            )
            own = recording_id(1000 + n)
            placed = Tombstone(
                recording=own, destroyed_us=at_us + n * MINUTE_US, journal=1, remains=remains
            )
            place_tombstone(connection, 1, placed)


async def test_what_a_month_destroyed_is_found_by_when_it_was_destroyed(tmp_path: Path) -> None:
    """Calls of a year before went in it, and none that began in it."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        _gone(page.engine, 10)
        month = "from=2026-11-01&to=2026-11-30"
        found = await page.see(f"/tombstones?{month}")
        before = text_of(await page.see("/tombstones?from=2026-10-01&to=2026-10-31"))
        began = text_of(await page.see(f"/tombstones?by=began&{month}"))
        a_year_ago = await page.see("/tombstones?by=began&from=2025-10-01&to=2025-11-30")

    assert found.text.count('<code class="id">') == 10
    assert "Nothing was destroyed in this time." in before
    assert "Nothing of these hours was destroyed." in began
    assert a_year_ago.text.count('<code class="id">') == 10


async def test_an_open_end_is_as_far_as_there_is(tmp_path: Path) -> None:
    """From the first on, until now, or all of them: one day is asked for by both of its ends."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        _gone(page.engine, 1)
        found = [(await page.see(f"/tombstones?{asked}")).text for asked in _TOUCHING]
        none = [(await page.see(f"/tombstones?{asked}")).text for asked in _BESIDE]

    assert all('<code class="id">' in each for each in found)
    assert all("Nothing was destroyed in this time." in each for each in none)


async def test_what_is_left_comes_in_pages_the_last_destroyed_first(tmp_path: Path) -> None:
    """A night destroys thousands; each is on one page, and none is cut off."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        _gone(page.engine, 130)
        first = await page.see("/tombstones?from=2026-10-01")
        following = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
        second = await page.see(following.replace("&amp;", "&"))
        ids = [
            each.split("</code>")[0]
            for answer in (first, second)
            for each in answer.text.split('<code class="id">')[1:]
        ]

    assert len(ids) == len(set(ids)) == 130
    assert 'rel="next"' not in second.text
    assert "To the first page" in text_of(second)


async def test_what_is_left_is_found_by_the_hours_in_which_calls_began(tmp_path: Path) -> None:
    """For who answers why a call of that evening is not there."""
    async with browser(tmp_path, Role.AUDITOR) as page:
        destroyed(page.engine, "support")
        found = text_of(await page.see("/tombstones?by=began&from=2026-10-01&to=2026-11-30"))
        none = text_of(await page.see("/tombstones?by=began&to=2026-10-02"))
        wrong = await page.see("/tombstones?from=soon")

    assert "support – week Revision 1" in found
    assert "Nothing of these hours was destroyed." in none
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.text
