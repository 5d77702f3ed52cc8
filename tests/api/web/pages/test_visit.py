"""Who looks at a page, and how a browser holds it."""

from pathlib import Path

from tests.api.web.pages.browser import browser


async def test_a_session_is_no_token_and_a_token_no_session(tmp_path: Path) -> None:
    """Else another site could use the API by a browser."""
    async with browser(tmp_path) as page:
        by_cookie = await page.see("/api/v1/users")
        page.client.cookies.clear()
        by_token = await page.see("/calls", Authorization="Bearer rokuon_something")

    assert (by_cookie.status_code, by_token.status_code) == (401, 303)
