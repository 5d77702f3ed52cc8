"""What pages for administrators and retention owners name is there: commands, units, settings."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest
import typer.main

from rokuon.cli.app import app
from rokuon.config.schema import Config
from tests.operating_page import OPERATE, ROOT, blocks

PAGES = sorted([*(ROOT / "docs/how-to").rglob("*.md"), *(ROOT / "docs/ja").glob("*.md")])
OPERATING = sorted([*OPERATE.glob("*.md"), *(ROOT / "docs/ja").glob("*.md")])
# The page in Japanese, and that of which it has the commands.
PAIRS = {
    "install": "operate/install",
    "upgrade": "operate/upgrade",
    "backup-and-restore": "operate/backup-and-restore",
    "first-policy": "first-policy",
    "place-a-hold": "place-a-hold",
    "why-deleted": "why-deleted",
    "what-is-known": "what-is-known",
}
TREE = typer.main.get_command(app)
SOURCES = "".join(
    path.read_text("utf-8")
    for folder in ("rokuon", "capture", "archive", "retention", "api")
    for path in (ROOT / folder).rglob("*.py")
)


def commands(page: Path) -> Iterator[list[str]]:
    """The words behind `rokuon`, of blocks and of what stands between backticks."""
    spans = re.findall(r"`(rokuon [^`]+)`", page.read_text("utf-8"))
    for line in [*blocks(page), *spans]:
        found = re.search(r"(?:^|/| )rokuon (?!user list names)(.*)", line)
        if found and not line.startswith(("#", "systemctl", "cp ", "mv ", "tar ", "install ")):
            yield shlex.split(re.split(r" > | && |\|", found[1])[0])


def refuse_unknown(words: list[str]) -> None:
    """Raise where no command has these words, or it has not these options."""
    command, rest = TREE, list(words)
    while rest and rest[0] in ("--config", "--lang"):
        del rest[:2]
    while rest and (inner := getattr(command, "commands", None)) is not None:
        if rest[0] == "--help":
            return
        assert rest[0] in inner, f"there is no such command: {words}"
        command = inner[rest.pop(0)]
    with command.make_context("rokuon", [], resilient_parsing=True) as context:
        command.make_parser(context).parse_args(rest)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_what_a_page_says_is_there(page: Path) -> None:
    """An administrator types it at night, and does not find out then that it has another name."""
    for words in commands(page):
        refuse_unknown(words)
    text = page.read_text("utf-8")
    said = re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", said):
        assert (page.parent / link).exists(), link


def test_units_settings_checks_and_lines_of_the_log_are_there() -> None:
    """Whoever alerts on a line that nobody writes waits for ever."""
    text = "".join(page.read_text("utf-8") for page in OPERATING)
    units = {path.stem for path in (ROOT / "deploy/systemd").iterdir()}
    typed = " ".join(re.findall(r"systemctl [^\n`]+", text))
    # A second node's are made of the shipped ones (deploy/second-node).
    named = set(re.findall(r"\b(rokuon-[a-z-]+)", typed.replace("rokuon-b-", "rokuon-")))
    assert named - {"rokuon-"} <= units
    table = (ROOT / "docs/how-to/operate/logs.md").read_text("utf-8").partition("## Alert on")[2]
    lines = [
        event
        for row in re.findall(r"^\| (`.*?) \|", table, re.M)[1:]
        for event in row.split("`")[1::2]
    ]
    assert len(lines) > 10
    assert [each for each in lines if f'"{each}' not in SOURCES and each != "is_open"] == []
    tables = {field.name for field in fields(Config)}
    told = (ROOT / "docs/configuration.md").read_text("utf-8")
    settings = {
        f"{table}.{key}"
        for table, key in re.findall(r"`([a-z]+)\.([a-z_]+)`", text)
        if table in tables
    }
    assert len(settings) > 15
    assert {each for each in settings - set(lines) if f"| `{each}` |" not in told} == set()
    checks = set(re.findall(r"\b[A-Z]{3,4}-\d{3}\b", text))
    known = (ROOT / "docs/cli.md").read_text("utf-8")
    assert {each for each in checks if f"| {each} |" not in known} == set()


@pytest.mark.parametrize(("japanese", "english"), PAIRS.items())
def test_the_page_in_japanese_has_the_same_commands(japanese: str, english: str) -> None:
    """What is tried with the one holds for the other; each leads to the other."""
    ours, theirs = ROOT / f"docs/ja/{japanese}.md", ROOT / f"docs/how-to/{english}.md"

    assert blocks(ours) == blocks(theirs)
    assert f"(../how-to/{english}.md)" in ours.read_text("utf-8")
    assert f"ja/{japanese}.md)" in theirs.read_text("utf-8")
