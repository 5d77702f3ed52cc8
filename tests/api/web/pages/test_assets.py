"""Style and scripts: built, named by their content, and all that a page may load."""

import gzip
import hashlib
import re
from pathlib import Path

from api.web.pages.assets import AT, FOLDER, FOREVER, manifest
from tests.api.web.pages.browser import browser

MOST_SCRIPT_BYTES = 60_000


def test_a_file_is_named_by_its_content() -> None:
    """It is kept for a year: what changes must change its name."""
    for name in manifest().values():
        digest = hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()
        assert name.split(".")[1] == digest[:16]


def test_the_scripts_are_at_most_what_a_page_may_load() -> None:
    """All of them together, which no page loads."""
    scripts = [name for name in manifest().values() if name.endswith(".js")]
    sizes = [len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in scripts]

    assert sum(sizes) <= MOST_SCRIPT_BYTES


def test_no_built_file_names_another_host() -> None:
    """But for names of formats and of licences, which nobody fetches."""
    for name in manifest().values():
        text = (FOLDER / name).read_text()
        hosts = set(re.findall(r"https?://([^/\"'`\s]+)", text))
        assert hosts <= {"www.w3.org"}, name


async def test_an_asset_is_kept_for_ever_and_an_unknown_one_is_not_there(tmp_path: Path) -> None:
    """Also without being signed in: the page of signing in has a style."""
    async with browser(tmp_path, signed_in=False) as page:
        style = await page.see(f"{AT}/{manifest()['style.css']}")
        older = await page.see(f"{AT}/style.0123456789abcdef.css")
        aside = await page.see(f"{AT}/manifest.json")

    assert (style.status_code, style.headers["cache-control"]) == (200, FOREVER)
    assert style.headers["content-type"].startswith("text/css")
    assert (older.status_code, aside.status_code) == (404, 404)
