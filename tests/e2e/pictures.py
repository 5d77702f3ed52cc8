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
from tests.pages.houses import OWN, usual_house
from tests.pages.planned import DONE
from tests.pages.sided import CALLS, sided_house
from tests.pages.steps import ALL_TIME
from tests.pages.vision import VISIONS, see_as
from tests.pages.visitor import Visitor

LANGUAGES: Final = {"en": "en-GB", "ja": "ja-JP"}
SIZE: Final = {"width": 1280, "height": 860}
# How long the call lasts that is up while the live page is seen.
LIVE_S: Final = 40.0
# Keeps longer than what is shipped: in force at once, on one person's word.
LAW: Final = """form = 1
zone = "Asia/Tokyo"

[[rule]]
id = "default"
[rule.audio]
delete_after = "never"

[[rule]]
id = "moneylending"
rank = "law"
basis = { citation = "貸金業法 19条", source = "https://laws.e-gov.go.jp/" }
purposes = ["legal_duty", "dispute"]
[rule.match]
queue = ["返済", "契約"]
[rule.audio]
keep_at_least = "P10Y"
"""
# Written in a hurry.
WRONG_POLICY: Final = """form = 1
zone = "Asia/Tokio"

[[rule]]
id = "default"
[rule.audio]
delete_after = "P3Y"

[[rule]]
id = "cancellations"
[rule.match]
queue = ["解約"]
[rule.audio]
keep_at_least = "P6M"
delete_after = "180 days"
"""


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
        "hozon": town.another(kanri, "hozon", "retention_owner"),
    }
    town.command("user", "role", "sato", "disclosure")
    town.command("selftest", "--calls", "6")
    _take_over(people["hozon"])
    simulation, hold = _simulated(people["hozon"]), _hold(people["hozon"])
    pages = {
        "find": ("sato", "/calls?range=today"),
        "ranked": ("sato", "/calls?text=今日、田中か中田"),
        "call": ("sato", _call(people["sato"])),
        "kept": ("sato", _call(people["sato"]) + "/kept"),
        "policies": ("hozon", "/policies"),
        "hold-draft": ("hozon", "/hold-draft?range=today&agent=田中"),
        "hold": ("hozon", hold),
        "simulation": ("hozon", simulation),
        "jobs": ("hozon", "/jobs"),
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
        owner = town.again(people["hozon"], **options)
        yield _draft(owner, folder / f"policy-draft-{language}.png")
    yield from _plans(town, folder)
    yield from _sides(town, folder)
    yield from _live(town, people["sato"], folder)


def _take_over(owner: Person) -> None:
    """A policy with a law in it."""
    _type(owner, LAW)
    owner.page.get_by_role("button", name="Take over").click()
    owner.page.wait_for_url("**/policies")


def _draft(owner: Person, file: Path) -> Path:
    """A policy in which something is wrong, and it says what."""
    _type(owner, WRONG_POLICY)
    owner.page.locator("main form button.first").click()
    owner.page.locator("#faults").wait_for()
    owner.page.screenshot(path=file, full_page=True)
    return file


def _hold(owner: Person) -> str:
    """A legal hold over the calls of today; its address."""
    owner.go("/hold-draft?range=today")
    terms = {"matter": "2026年(ワ)第1234号", "review_on": "2027-04-01", "reason": "損害賠償請求"}
    for name, value in terms.items():
        owner.page.locator(f"input[name={name}]").fill(value)
    owner.page.locator("main form button.first").click()
    owner.page.wait_for_url("**/holds/*")
    return str(owner.page.url).removeprefix(owner.base)


def _simulated(owner: Person) -> str:
    """What the right policy would make of the calls, done; its address."""
    _type(owner, LAW.replace('"never"', '"P3Y"'))
    owner.page.locator("button[formaction$=simulate]").click()
    owner.page.locator("#calendar").wait_for(timeout=60_000)
    return str(owner.page.url).removeprefix(owner.base)


def _plans(town: Town, folder: Path) -> Iterator[Path]:
    """Those of a house that is old enough to destroy."""
    with tempfile.TemporaryDirectory() as inner, usual_house(Path(inner)) as old:
        for language, locale in LANGUAGES.items():
            page = town.context(locale=locale, viewport=SIZE).new_page()
            visitor = Visitor(old, page, OWN)
            visitor.come_in()
            for name, path in (("plans", "/plans"), ("plan", f"/plans/{DONE}")):
                visitor.go(path)
                file = folder / f"{name}-{language}.png"
                page.screenshot(path=file, full_page=True)
                yield file


def _sides(town: Town, folder: Path) -> Iterator[Path]:
    """What is known, a guess and unknown; in English as other eyes see it, too."""
    pages = {"find": f"/calls?{ALL_TIME}", "live": "/live", "call": f"/calls/{CALLS['guessed']}"}
    with tempfile.TemporaryDirectory() as inner, sided_house(Path(inner)) as sided:
        for language, locale in LANGUAGES.items():
            page = town.context(locale=locale, viewport=SIZE).new_page()
            visitor = Visitor(sided, page, OWN)
            visitor.come_in()
            for name, path in pages.items():
                visitor.go(path)
                page.wait_for_timeout(1_500)
                for vision in VISIONS if language == "en" else VISIONS[:1]:
                    see_as(page, vision)
                    seen = "" if vision == "none" else f"{vision}-"
                    file = folder / f"sides-{name}-{seen}{language}.png"
                    page.screenshot(path=file)
                    yield file


def _type(owner: Person, text: str) -> None:
    owner.go("/policy-draft")
    owner.page.locator("textarea[name=text]").fill(text)


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
