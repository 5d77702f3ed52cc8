"""Who looks at a page, and how a browser holds it."""

from pathlib import Path

import pytest
from starlette.requests import Request

from api.web.pages.visit import PLAIN_NAME, SECURE_NAME, cookie_name
from tests.api.web.pages.browser import browser


@pytest.mark.parametrize(("scheme", "name"), [("https", SECURE_NAME), ("http", PLAIN_NAME)])
def test_over_tls_no_other_host_can_set_the_cookie(scheme: str, name: str) -> None:
    """The prefix says so to the browser; without TLS some refuse it."""
    request = Request({"type": "http", "scheme": scheme, "path": "/", "headers": [(b"host", b"x")]})

    assert cookie_name(request) == name


async def test_a_session_is_no_token_and_a_token_no_session(tmp_path: Path) -> None:
    """Else another site could use the API by a browser."""
    async with browser(tmp_path) as page:
        by_cookie = await page.see("/api/v1/users")
        page.client.cookies.clear()
        by_token = await page.see("/calls", Authorization="Bearer rokuon_something")

    assert (by_cookie.status_code, by_token.status_code) == (401, 303)
