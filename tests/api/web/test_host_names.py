"""Names under which pages are given."""

from pathlib import Path

import pytest

from api.web.host_names import is_ours
from tests.api.web.pages.browser import browser, text_of

NAMES = frozenset({"rokuon.example.com"})
OURS = ["127.0.0.1", "127.0.0.1:8080", "[::1]:8080", "192.0.2.7", "localhost", "LOCALHOST.:8080",
        "rokuon.example.com", "Rokuon.Example.com.:443"]  # fmt: skip
OTHERS = ["evil.example", "rokuon.example.com.evil.example", "x.rokuon.example.com", "", ":8080",
          "127.0.0.1.evil.example", "127.0.0.1@evil.example", "[evil.example]", "[127.0.0.1",
          "localhost:80:80", "rokuon.example.com,evil.example"]  # fmt: skip


@pytest.mark.parametrize(
    ("host", "is_one"), [*((each, True) for each in OURS), *((each, False) for each in OTHERS)]
)
def test_an_address_this_machine_and_what_is_configured_are_ours(
    host: str, *, is_one: bool
) -> None:
    """Nobody can have those lead elsewhere; every other name is whose it is."""
    assert is_ours([host], NAMES) is is_one


@pytest.mark.parametrize("hosts", [[], ["localhost", "localhost"], ["localhost", "evil.example"]])
def test_without_one_host_it_is_nobody_s(hosts: list[str]) -> None:
    """Whoever reads another one than we do would be led astray."""
    assert not is_ours(hosts, NAMES)


@pytest.mark.parametrize("path", ["/sign-in", "/welcome?code=x", "/calls", "/", "/nowhere"])
async def test_a_name_that_leads_here_gets_no_page(tmp_path: Path, path: str) -> None:
    """DNS rebinding: its pages would be of our origin, and could send the forms in them."""
    async with browser(tmp_path, signed_in=False) as page:
        answer = await page.see(path, Host="evil.example:8080")

    assert answer.status_code == 421
    assert "form_key" not in answer.text
    assert "set-cookie" not in answer.headers
    assert "http.hosts" in text_of(answer)
    assert "evil.example" not in answer.text


async def test_a_form_under_another_name_is_not_taken(tmp_path: Path) -> None:
    """Also where its origin is that name, as that of a rebound page is."""
    async with browser(tmp_path) as page:
        answer = await page.send(
            "/purpose", {"purpose": "quality"}, Host="evil.example", Origin="http://evil.example"
        )

    assert (answer.status_code, page.sessions.purpose) == (421, "technical")


async def test_programs_and_what_is_the_same_for_all_are_served_by_any_name(tmp_path: Path) -> None:
    """A token is added by nobody's browser; monitoring and scripts have names of their own."""
    async with browser(tmp_path) as page:
        style = (await page.see("/sign-in")).text.partition('stylesheet" href="')[2].split('"')[0]
        seen = [
            (await page.see(path, Host="rokuon.internal")).status_code
            for path in ("/api/v1/health", "/api/v1/users", style)
        ]

    assert seen == [200, 401, 200]
