"""Pictures of the pages for README and docs: a house with a few calls, seen by who sees each page.

Run `make pictures`, or `python -m tests.e2e.pictures FOLDER`. Who changes a page looks at them.
"""

import argparse
import asyncio
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import sync_playwright

from bench.server import data_of
from rokuon.selftest.client import japanese_call, place_call
from rokuon.selftest.signalling import Target
from tests.e2e.people import Person, Town, house

LANGUAGES: Final = {"en": "en-GB", "ja": "ja-JP"}
SIZE: Final = {"width": 1280, "height": 860}
# How long the call lasts that is up while the live page is seen.
LIVE_S: Final = 40.0


@contextmanager
def town_of(folder: Path) -> Iterator[Town]:
    """A house with people, agents and recorded calls."""
    with sync_playwright() as playwright, house(folder) as running:
        chromium = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        with Town(running, data_of(folder), chromium).opened() as town:
            yield town
        chromium.close()


def take(town: Town, folder: Path) -> Iterator[Path]:
    """Every page in every language, as each is made."""
    kanri = town.first_administrator("kanri")
    people = {
        "kanri": kanri,
        "sato": town.another(kanri, "sato", "supervisor"),
        "kansa": town.another(kanri, "kansa", "auditor"),
    }
    town.command("user", "role", "sato", "disclosure")
    town.command("selftest", "--calls", "6")
    pages = {
        "find": ("sato", "/calls?range=today"),
        "call": ("sato", _call(people["sato"])),
        "journal": ("kansa", "/journal"),
        "people": ("kanri", "/people"),
        "me": ("sato", "/me"),
    }
    for language, locale in LANGUAGES.items():
        options: dict[str, Any] = {"locale": locale, "viewport": SIZE}
        yield _picture(town.stranger(**options), "/sign-in", folder / f"sign-in-{language}.png")
        for name, (who, path) in pages.items():
            person = town.again(people[who], **options)
            yield _picture(person, path, folder / f"{name}-{language}.png")
    yield from _live(town, people["sato"], folder)


def _live(town: Town, supervisor: Person, folder: Path) -> Iterator[Path]:
    """While a call is up."""
    target = Target(port=town.running.sip_port)
    calls = [
        threading.Thread(target=lambda: asyncio.run(place_call(target, japanese_call(LIVE_S))))
        for _ in range(2)
    ]
    for call in calls:
        call.start()
    for language, locale in LANGUAGES.items():
        person = town.again(supervisor, locale=locale, viewport=SIZE)
        person.go("/live")
        person.page.locator("tr[data-recording]").first.wait_for()
        yield _picture(person, "/live", folder / f"live-{language}.png")
    for call in calls:
        call.join()


def _call(person: Person) -> str:
    link = person.page.locator("table.calls tbody th a").first
    person.go_until("/calls?range=today", link)
    return str(link.get_attribute("href"))


def _picture(person: Person, path: str, file: Path) -> Path:
    person.go(path)
    person.page.wait_for_timeout(1_500)
    person.page.screenshot(path=file, full_page=not path.startswith("/journal"))
    return file


def main() -> int:
    """Take them, naming each."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as house_folder, town_of(Path(house_folder)) as town:
        for number, file in enumerate(take(town, folder), 1):
            print(number, file, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
