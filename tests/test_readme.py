"""The two READMEs say the same."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text(name: str) -> str:
    """One of them."""
    return (ROOT / name).read_text("utf-8")


def commands(name: str) -> list[str]:
    """What a reader types, without what is said of it."""
    lines = "".join(BLOCK.findall(text(name))).splitlines()
    return [line.partition("#")[0].strip() for line in lines]


def test_the_commands_of_both_are_the_same() -> None:
    """Whoever reads the one in Japanese types what is tried with the other."""
    assert commands("README.ja.md") == commands("README.md")
    assert len(commands("README.md")) > 5


def test_both_have_the_same_sections_tables_and_files() -> None:
    """A row that is added to one is missed in the other."""

    def shape(name: str) -> tuple[int, int, set[str]]:
        said = text(name)
        rows = [line for line in said.splitlines() if line.startswith("|")]
        files = set(re.findall(r"`((?:docs|deploy|tests)/[^`]*)`", said))
        return said.count("\n## "), len(rows), files

    assert shape("README.ja.md") == shape("README.md")


def test_each_leads_to_the_other() -> None:
    """On the first screen."""
    assert "(README.ja.md)" in text("README.md")[:200]
    assert "(README.md)" in text("README.ja.md")[:200]
