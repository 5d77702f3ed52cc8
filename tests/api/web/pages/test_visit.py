"""Who looks at a page, and how a browser holds it."""

from pathlib import Path

import pytest

from archive.catalog.database.engine import reading
from tests.api.examples import CALL
from tests.api.web.pages.browser import Browser, browser
from tests.told import all_told

PAGES = ("/calls", f"/calls/{CALL}", "/live", "/live/news", "/journal", "/people", "/me")


def journalled(page: Browser) -> int:
    """How many entries there are."""
    with reading(page.engine) as connection:
        return len(all_told(connection))


async def test_a_session_is_no_token_and_a_token_no_session(tmp_path: Path) -> None:
    """Else another site could use the API by a browser."""
    async with browser(tmp_path) as page:
        by_cookie = await page.see("/api/v1/users")
        page.client.cookies.clear()
        by_token = await page.see("/calls", Authorization="Bearer rokuon_something")

    assert (by_cookie.status_code, by_token.status_code) == (401, 303)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize(("mode", "dest"), [("no-cors", "image"), ("navigate", "iframe")])
async def test_no_page_is_had_by_another_site_in_somebody_s_name(
    tmp_path: Path, site: str, mode: str, dest: str
) -> None:
    """A neighbouring site's pictures send our cookies: the journal would say who looked."""
    told = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    async with browser(tmp_path) as page:
        before = journalled(page)
        seen = {path: (await page.see(path, **told)).status_code for path in PAGES}

        assert journalled(page) == before
    assert seen == dict.fromkeys(PAGES, 403)
    assert page.node.looks == 0


async def test_a_link_elsewhere_leads_to_a_page(tmp_path: Path) -> None:
    """An address is sent to a colleague, who opens it from a letter or a chat."""
    goes = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    async with browser(tmp_path) as page:
        answer = await page.see("/calls", **goes, **{"Sec-Fetch-Dest": "document"})

    assert answer.status_code == 200
