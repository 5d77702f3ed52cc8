"""The documents as a whole: every page is found, and leads to what is there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
LINK = re.compile(r"\[[^\]]+\]\(([^)#:]+)\)")
CODE = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (.+) \|$", re.MULTILINE)
KINDS = {"contract", "explains", "measured", "how-to"}


def rows(text: str) -> list[list[str]]:
    """The cells of the tables of a page, without heads and rules."""
    lines = [line.split(" | ") for line in ROW.findall(text)]
    return [cells for cells in lines if LINK.match(cells[0]) or LINK.match(cells[1])]


def test_every_page_stands_once_in_the_list_of_pages() -> None:
    """With what it is, and a line; those of a folder stand in the list of that folder."""
    listed = rows((DOCS / "README.md").read_text("utf-8").partition("## Every page")[2])
    pages = [LINK.findall(cells[0])[0] for cells in listed]
    there = {path.name for path in DOCS.glob("*.md")} - {"README.md"}
    folders = {path.relative_to(DOCS).as_posix() for path in DOCS.glob("*/README.md")}

    assert pages == sorted(pages, key=lambda page: page.replace(".md", ""))
    assert set(pages) == there | folders
    assert len(pages) == len(set(pages))
    assert {cells[1] for cells in listed} == KINDS
    assert all(cells[2] for cells in listed)


@pytest.mark.parametrize("folder", ["adr", "how-to", "ja"])
def test_the_list_of_a_folder_leads_to_every_page_in_it(folder: str) -> None:
    """What no list has, nobody reads."""
    text = (DOCS / folder / "README.md").read_text("utf-8")
    led_to = {(DOCS / folder / link).resolve() for link in LINK.findall(text)}

    assert set((DOCS / folder).rglob("*.md")) - led_to == {DOCS / folder / "README.md"}


def test_the_list_of_decisions_says_of_each_what_its_page_says() -> None:
    """Its number, its title, and whether another one has superseded it."""
    listed = rows((DOCS / "adr/README.md").read_text("utf-8"))
    pages = sorted((DOCS / "adr").glob("[0-9]*.md"))
    titles = [re.match(r"# (\d+) (.+)", page.read_text("utf-8")) for page in pages]
    assert [cells[:2] for cells in listed] == [
        [title[1], f"[{title[2]}]({page.name})"]
        for page, title in zip(pages, titles, strict=True)
        if title
    ]
    for page, (*_, stands) in zip(pages, listed, strict=True):
        status = page.read_text("utf-8").partition("## Context")[0]
        for other in re.findall(r"superseded by ADR (\d+)", status):
            assert f"[{other}](" in stands, page
        assert re.match(r"yes$|in part: .*\[\d+\]|no: \[\d+\]", stands), page


def test_what_a_page_leads_to_is_there() -> None:
    """A link that leads nowhere ends the reading."""
    pages = [*ROOT.glob("*.md"), *DOCS.rglob("*.md"), ROOT / "deploy/README.md"]
    missing = [
        f"{page.relative_to(ROOT)}: {link}"
        for page in pages
        for link in LINK.findall(CODE.sub("", page.read_text("utf-8")))
        if not (page.parent / link).exists()
    ]

    assert missing == []


def test_every_place_that_tells_a_side_names_the_test_that_shows_it() -> None:
    """A name without a folder lies in the folder of the one before it."""
    text = (DOCS / "siprec.md").read_text("utf-8")
    section = text.partition("### Where sides and directions are told")[2].partition("\n## ")[0]
    rows = [line for line in section.splitlines() if line.startswith("| ")][1:]
    missing, folder = [], ROOT
    for row in rows:
        shown = re.findall(r"`([\w./]+\.py)`", row.rpartition(" | ")[2])
        missing += [] if shown else [row]
        for name in shown:
            own = ROOT / name if "/" in name else folder / name
            folder = own.parent
            missing += [] if own.exists() else [name]

    assert len(rows) > 10
    assert missing == []


def test_the_files_of_a_call_lie_where_its_path_says() -> None:
    """A name without a folder lies in the folder of the one before it."""
    text = (DOCS / "call-path.md").read_text("utf-8")
    missing, folder = [], ROOT
    for name in re.findall(r"`([\w./-]+(?:\.py|\.c|/))`", text):
        own = ROOT / name if "/" in name else folder / name
        folder = own.parent
        missing += [name] if not own.exists() else []

    assert missing == []
